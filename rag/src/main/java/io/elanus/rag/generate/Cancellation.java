package io.elanus.rag.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a call that nobody waits for it any more. Once canceled, always canceled. */
public final class Cancellation {
  private final CountDownLatch canceled = new CountDownLatch(1);
  private final List<Runnable> actions = new ArrayList<>();

  public void cancel() {
    List<Runnable> due;
    synchronized (actions) {
      canceled.countDown();
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
  }

  public boolean isCanceled() {
    return canceled.getCount() == 0;
  }

  /** To be run when canceled: at once where it is already. */
  public void onCancel(Runnable action) {
    synchronized (actions) {
      if (!isCanceled()) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }

  /** Waits; whether it was canceled meanwhile. */
  boolean await(long nanos) throws InterruptedException {
    return canceled.await(nanos, TimeUnit.NANOSECONDS);
  }
}
