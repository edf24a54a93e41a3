package io.elanus.engine.segment;

import java.lang.foreign.Arena;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Memory that many snapshots may be reading: freed when it is retired and the last pin is gone, in
 * whichever order that happens.
 */
public final class Lifetime {
  private final Arena arena = Arena.ofShared();
  private int pins;
  private boolean retired;
  private boolean closed;

  public Arena arena() {
    return arena;
  }

  /** Callers pin only what they reach through a state that has not retired it. */
  public synchronized void pin() {
    if (closed) {
      throw new IllegalStateException("pinned after its end");
    }
    pins++;
  }

  public synchronized void unpin() {
    pins--;
    closeWhenDone();
  }

  /** Runs a task while this is pinned; the caller has it pinned until the task is taken. */
  void pinned(Runnable task, Executor executor) {
    pin();
    try {
      executor.execute(
          () -> {
            try {
              task.run();
            } finally {
              unpin();
            }
          });
    } catch (RejectedExecutionException e) {
      unpin();
      throw e;
    }
  }

  /** No new pins will come. */
  public synchronized void retire() {
    retired = true;
    closeWhenDone();
  }

  private void closeWhenDone() {
    if (retired && pins == 0 && !closed) {
      closed = true;
      arena.close();
    }
  }
}
