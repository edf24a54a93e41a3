package io.elanus.index.sparse;

import java.util.Arrays;

/** A number per dimension met: an open hash table of ints. */
final class DimensionCounts {
  private static final int HASH = 0x9E3779B1;
  private int[] keys = new int[1024];
  private int[] values = new int[1024];
  // One past every key's value, so that 0 says that a slot is free.
  private int size;

  void add(int dimension) {
    int slot = slot(dimension);
    if (values[slot] == 0) {
      keys[slot] = dimension;
      values[slot] = 1;
      size++;
      if (size * 2 > keys.length) {
        grow();
        slot = slot(dimension);
      }
    }
    values[slot]++;
  }

  /** The number of a dimension that was met. */
  int of(int dimension) {
    return values[slot(dimension)] - 1;
  }

  void set(int dimension, int number) {
    values[slot(dimension)] = number + 1;
  }

  /** All dimensions met, ascending as unsigned numbers. */
  int[] sortedDimensions() {
    int[] sorted = new int[size];
    int n = 0;
    for (int slot = 0; slot < keys.length; slot++) {
      if (values[slot] != 0) {
        sorted[n++] = keys[slot] ^ Integer.MIN_VALUE;
      }
    }
    Arrays.sort(sorted);
    for (int i = 0; i < n; i++) {
      sorted[i] ^= Integer.MIN_VALUE;
    }
    return sorted;
  }

  private int slot(int dimension) {
    int mask = keys.length - 1;
    int slot = (dimension * HASH) >>> (Integer.numberOfLeadingZeros(mask));
    while (values[slot] != 0 && keys[slot] != dimension) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldKeys = keys;
    int[] oldValues = values;
    keys = new int[oldKeys.length * 2];
    values = new int[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
