package io.elanus.rag.breaker;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** A breaker asks for instants and compares them; those of a clock that no one sets serve it. */
final class SteadyClock extends Clock {
  private final LongSupplier nanoTime;

  SteadyClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanoTime.getAsLong());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
