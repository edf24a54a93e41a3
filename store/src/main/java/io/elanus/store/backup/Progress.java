package io.elanus.store.backup;

/** Is told how many bytes have been dealt with since it was last told. */
@FunctionalInterface
public interface Progress {
  Progress NONE = bytes -> {};

  void advance(long bytes);
}
