package io.elanus.index.hnsw;

/** Which nodes a walk has met; cleared in one step by a new epoch. */
final class Visited {
  private final int[] epochs;
  private int epoch;

  Visited(int size) {
    epochs = new int[size];
  }

  int size() {
    return epochs.length;
  }

  void clear() {
    if (++epoch == 0) {
      java.util.Arrays.fill(epochs, 0);
      epoch = 1;
    }
  }

  /** Marks a node and answers whether it was new. */
  boolean add(int node) {
    if (epochs[node] == epoch) {
      return false;
    }
    epochs[node] = epoch;
    return true;
  }
}
