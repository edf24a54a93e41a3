package io.elanus.rag.embed.remote;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Time and chance, as this folder needs them.
 *
 * @param nanos from any moment on, never back
 * @param chance numbers from 0 to 1, for jitter
 */
public record Timing(LongSupplier nanos, Pause pause, DoubleSupplier chance) {
  /** Lets the calling thread wait. */
  @FunctionalInterface
  public interface Pause {
    void of(Duration duration) throws InterruptedException;
  }

  long now() {
    return nanos.getAsLong();
  }

  /** The same time for a library that wants a clock; its dates mean nothing. */
  Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return Instant.EPOCH.plusNanos(now());
      }
    };
  }
}
