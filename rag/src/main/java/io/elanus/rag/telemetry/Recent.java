package io.elanus.rag.telemetry;

import java.util.Arrays;
import java.util.function.LongSupplier;

/** Events and failures of the last minute, to a second. */
final class Recent {
  private static final int SECONDS = 60;
  private static final long NANOS = 1_000_000_000;

  private final LongSupplier nanos;
  private final long[] stamps = new long[SECONDS];
  private final long[] events = new long[SECONDS];
  private final long[] failures = new long[SECONDS];

  Recent(LongSupplier nanos) {
    this.nanos = nanos;
    Arrays.fill(stamps, Long.MIN_VALUE);
  }

  synchronized void add(boolean failed) {
    long second = Math.floorDiv(nanos.getAsLong(), NANOS);
    int slot = (int) Math.floorMod(second, (long) SECONDS);
    if (stamps[slot] != second) {
      stamps[slot] = second;
      events[slot] = 0;
      failures[slot] = 0;
    }
    events[slot]++;
    failures[slot] += failed ? 1 : 0;
  }

  double perSecond() {
    return (double) sum(events) / SECONDS;
  }

  /** Failures among the events; 0 where nothing happened. */
  double failedShare() {
    long all = sum(events);
    return all == 0 ? 0 : (double) sum(failures) / all;
  }

  private synchronized long sum(long[] counts) {
    long second = Math.floorDiv(nanos.getAsLong(), NANOS);
    long sum = 0;
    for (int slot = 0; slot < SECONDS; slot++) {
      boolean known = stamps[slot] != Long.MIN_VALUE;
      sum += known && second - stamps[slot] < SECONDS ? counts[slot] : 0;
    }
    return sum;
  }
}
