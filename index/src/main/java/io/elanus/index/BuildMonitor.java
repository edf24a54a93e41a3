package io.elanus.index;

/** Watches a build, and can stop it. */
public interface BuildMonitor {
  BuildMonitor NONE = rows -> {};

  /** Rows done so far. Throws CANCELED to stop the build. */
  void progress(int rows);
}
