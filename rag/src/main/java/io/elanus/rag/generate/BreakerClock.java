package io.elanus.rag.generate;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** The breaker asks for instants and compares them; those of a clock that no one sets serve it. */
final class BreakerClock extends Clock {
  private final LongSupplier nanoTime;

  BreakerClock(LongSupplier nanoTime) {
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
