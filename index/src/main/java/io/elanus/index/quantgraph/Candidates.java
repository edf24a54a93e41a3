package io.elanus.index.quantgraph;

import java.util.Arrays;

/** Nodes with distances, to be sorted: a growing list without objects. */
final class Candidates {
  private long[] keys = new long[512];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  /**
   * @param distance not negative
   */
  void add(int node, float distance) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
    }
    keys[size++] = ((long) Float.floatToRawIntBits(distance) << 32) | node;
  }

  /** Nearest first, at most this many. */
  void settle(int most) {
    Arrays.sort(keys, 0, size);
    size = Math.min(size, most);
  }

  int node(int i) {
    return (int) keys[i];
  }

  float distance(int i) {
    return Float.intBitsToFloat((int) (keys[i] >>> 32));
  }
}
