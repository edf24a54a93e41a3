package io.elanus.index;

import io.elanus.index.BuildMonitor.Helpers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Numbers 0 to count − 1 worked off in pieces, by the calling thread and by helpers beside it. The
 * caller works as they do, so that nothing waits for a helper that never comes; it returns when
 * everybody is done, and everybody stops soon after one has failed.
 */
public final class Crew {
  /** Pieces that a helper works off before others of its executor have their turn. */
  private static final int TURN = 64;

  private final int count;
  private final int piece;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Semaphore finished = new Semaphore(0);

  private Crew(int count, int piece) {
    this.count = count;
    this.piece = piece;
  }

  /** One thread's hands. */
  public interface Worker {
    /** Works off the numbers from {@code from} (inclusive) to {@code to} (exclusive). */
    void work(int from, int to);
  }

  /**
   * Works off everything.
   *
   * @param piece numbers taken at a time
   * @param workers makes a worker for each thread, in that thread
   * @param progress is told in the calling thread how many were taken; what it throws stops all
   */
  public static void run(
      int count, int piece, Helpers helpers, Supplier<Worker> workers, IntConsumer progress) {
    Crew crew = new Crew(count, piece);
    List<Helper> called = crew.call(helpers, workers);
    try {
      crew.work(workers.get(), Integer.MAX_VALUE, progress);
    } catch (Throwable e) {
      crew.failure.compareAndSet(null, e);
    }
    for (Helper helper : called) {
      if (!helper.dismiss()) {
        crew.finished.acquireUninterruptibly();
      }
    }
    rethrow(crew.failure.get());
  }

  private List<Helper> call(Helpers helpers, Supplier<Worker> workers) {
    List<Helper> called = new ArrayList<>();
    int most = Math.min(helpers.most(), (count - 1) / piece);
    for (int i = 0; i < most; i++) {
      Helper helper = new Helper(workers, helpers.executor());
      called.add(helper);
      helper.call();
    }
    return called;
  }

  /** Answers whether there may be more to do. */
  private boolean work(Worker worker, int piecesMax, IntConsumer progress) {
    for (int pieces = 0; pieces < piecesMax; pieces++) {
      int from = failure.get() == null ? next.getAndAdd(piece) : count;
      if (from >= count || from < 0) {
        return false;
      }
      int to = Math.min(count, from + piece);
      worker.work(from, to);
      progress.accept(to);
    }
    return true;
  }

  private static void rethrow(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }

  /**
   * Works in turns, and goes to the end of its executor's queue after each, so that what is short
   * and urgent does not wait there for a whole build. Between turns it may be dismissed.
   */
  private final class Helper implements Runnable {
    private static final int WAITING = 0;
    private static final int WORKING = 1;
    private static final int DISMISSED = 2;

    private final Supplier<Worker> workers;
    private final Executor executor;
    private final AtomicInteger state = new AtomicInteger(WAITING);
    private @Nullable Worker worker;

    Helper(Supplier<Worker> workers, Executor executor) {
      this.workers = workers;
      this.executor = executor;
    }

    void call() {
      try {
        executor.execute(this);
      } catch (RejectedExecutionException e) {
        // Nobody is free or the process goes down; the others do it without this one.
        dismiss();
      }
    }

    /** Answers false where it works now, and will say when it has finished. */
    boolean dismiss() {
      return state.getAndSet(DISMISSED) != WORKING;
    }

    @Override
    public void run() {
      if (!state.compareAndSet(WAITING, WORKING)) {
        return;
      }
      boolean more = false;
      try {
        Worker mine = worker == null ? workers.get() : worker;
        worker = mine;
        more = work(mine, TURN, done -> {});
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      }
      if (!state.compareAndSet(WORKING, WAITING)) {
        finished.release();
      } else if (more) {
        call();
      }
    }
  }
}
