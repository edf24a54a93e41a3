package io.elanus.rag.breaker;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Opens after so many failures in a row; then lets one call through per pause. */
public final class Breaker {
  private final int failuresMax;
  private final long pauseNanos;
  private final LongSupplier nanoTime;
  private int failures;
  private long closedAgain;

  public Breaker(int failuresMax, Duration pause, LongSupplier nanoTime) {
    this.failuresMax = failuresMax;
    this.pauseNanos = pause.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Whether to ask now; who is told so must report. */
  public synchronized boolean mayAsk() {
    if (failures < failuresMax) {
      return true;
    }
    long now = nanoTime.getAsLong();
    if (now - closedAgain < 0) {
      return false;
    }
    closedAgain = now + pauseNanos;
    return true;
  }

  public synchronized void succeeded() {
    failures = 0;
  }

  public synchronized void failed() {
    failures = Math.min(failures + 1, failuresMax);
    closedAgain = nanoTime.getAsLong() + pauseNanos;
  }
}
