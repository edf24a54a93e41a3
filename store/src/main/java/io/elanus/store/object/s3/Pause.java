package io.elanus.store.object.s3;

/** Waits between two tries; {@code Thread::sleep} outside of tests. */
@FunctionalInterface
public interface Pause {
  void millis(long millis) throws InterruptedException;
}
