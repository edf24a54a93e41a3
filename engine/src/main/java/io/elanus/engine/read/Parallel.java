package io.elanus.engine.read;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs tasks on the search threads. Tasks start no tasks of their own. All have ended, well or not,
 * when there is an answer: what they read may go then.
 */
final class Parallel {
  private Parallel() {}

  /**
   * Runs the parts of one answer on the caller's thread as well, whoever comes to a part first:
   * where the cores are busy, nobody waits for a thread to be given one.
   */
  static <T> List<T> parts(ExecutorService threads, List<Callable<T>> tasks) {
    List<FutureTask<T>> all = tasks.stream().map(FutureTask::new).toList();
    if (!all.isEmpty()) {
      hand(threads, all.subList(1, all.size()));
      all.getFirst().run();
    }
    // From the other end than the threads; one that has begun elsewhere is not run again.
    all.reversed().forEach(FutureTask::run);
    return results(all);
  }

  /** Leaves the caller's thread to others meanwhile, for whom many tasks would take it too long. */
  static <T> List<T> batch(ExecutorService threads, List<Callable<T>> tasks) {
    List<FutureTask<T>> all = tasks.stream().map(FutureTask::new).toList();
    hand(threads, all);
    return results(all);
  }

  private static <T> void hand(ExecutorService threads, List<FutureTask<T>> tasks) {
    for (FutureTask<T> task : tasks) {
      try {
        threads.execute(task);
      } catch (RejectedExecutionException e) {
        // The process goes down; what was asked before is answered.
        task.run();
      }
    }
  }

  private static <T> List<T> results(List<FutureTask<T>> tasks) {
    List<T> results = new ArrayList<>(tasks.size());
    RuntimeException failure = null;
    boolean interrupted = false;
    for (FutureTask<T> task : tasks) {
      boolean waiting = true;
      while (waiting) {
        try {
          results.add(task.get());
          waiting = false;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          RuntimeException cause =
              e.getCause() instanceof RuntimeException known
                  ? known
                  : new IllegalStateException(e.getCause());
          failure = failure == null ? cause : failure;
          waiting = false;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.CANCELED, "the search was interrupted");
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }
}
