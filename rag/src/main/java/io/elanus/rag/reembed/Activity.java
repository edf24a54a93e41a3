package io.elanus.rag.reembed;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Whether questions are being answered, for whoever stays behind them. */
public final class Activity {
  private static final long QUIET_NANOS = Duration.ofMillis(30).toNanos();
  private static final Duration LOOK = Duration.ofMillis(5);

  private final LongSupplier nanos;
  private final Pauses pauses;
  private final AtomicInteger running = new AtomicInteger();
  private volatile long lastNanos;

  /** Waits on the calling thread. */
  @FunctionalInterface
  public interface Pauses {
    void pause(Duration duration) throws InterruptedException;
  }

  public Activity(LongSupplier nanos, Pauses pauses) {
    this.nanos = nanos;
    this.pauses = pauses;
    this.lastNanos = nanos.getAsLong() - QUIET_NANOS;
  }

  void begin() {
    running.incrementAndGet();
  }

  void end() {
    lastNanos = nanos.getAsLong();
    running.decrementAndGet();
  }

  private boolean isQuiet() {
    return running.get() == 0 && nanos.getAsLong() - lastNanos >= QUIET_NANOS;
  }

  /** Until nobody asks anything, or so long; false for the latter. */
  public boolean awaitQuiet(Duration most) throws InterruptedException {
    long end = nanos.getAsLong() + most.toNanos();
    while (!isQuiet()) {
      if (nanos.getAsLong() >= end) {
        return false;
      }
      pauses.pause(LOOK);
    }
    return true;
  }

  void pause(Duration duration) throws InterruptedException {
    pauses.pause(duration);
  }

  long nanos() {
    return nanos.getAsLong();
  }
}
