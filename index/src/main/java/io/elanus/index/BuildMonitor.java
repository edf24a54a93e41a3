package io.elanus.index;

import java.util.concurrent.Executor;

/** Watches a build, can stop it, and may lend it threads. */
public interface BuildMonitor {
  BuildMonitor NONE = rows -> {};

  /** Rows done so far. Throws CANCELED to stop the build. Called by the thread that builds. */
  void progress(int rows);

  /** Who may help. A build that takes help is not repeatable: rows come in any order. */
  default Helpers helpers() {
    return Helpers.NONE;
  }

  /**
   * Threads beside the one that builds.
   *
   * @param executor runs a helper, at once or later; one that it runs too late finds nothing to do
   * @param most helpers at a time
   */
  record Helpers(Executor executor, int most) {
    public static final Helpers NONE =
        new Helpers(
            task -> {
              throw new java.util.concurrent.RejectedExecutionException("there is no helper");
            },
            0);
  }
}
