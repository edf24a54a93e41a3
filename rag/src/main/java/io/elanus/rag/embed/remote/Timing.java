package io.elanus.rag.embed.remote;

import java.time.Duration;
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
}
