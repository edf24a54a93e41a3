package io.elanus.index;

import java.lang.foreign.Arena;
import java.util.concurrent.Executor;

/** Watches a build, can stop it, and may lend it threads. */
public interface BuildMonitor {
  BuildMonitor NONE = rows -> {};

  /** Rows done so far. Throws CANCELED to stop the build. Called by the thread that builds. */
  void progress(int rows);

  /**
   * Memory of this build, closed with it. What does not fit the budget throws MEMORY_LIMIT, and so
   * ends the build.
   */
  default Arena arena() {
    return Arena.ofShared();
  }

  /** Memory that is left for builds, in bytes; a build that can do with less may look here. */
  default long memoryBytes() {
    return Long.MAX_VALUE;
  }

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
