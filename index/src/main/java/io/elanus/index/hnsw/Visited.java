package io.elanus.index.hnsw;

/** Which nodes a walk has met; cleared in one step by a new epoch. */
final class Visited {
  private final short[] epochs;
  private short epoch;

  Visited(int size) {
    epochs = new short[size];
  }

  int size() {
    return epochs.length;
  }

  void clear() {
    if (++epoch == 0) {
      java.util.Arrays.fill(epochs, (short) 0);
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
