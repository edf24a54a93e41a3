package io.elanus.index.quantgraph;

import java.util.Arrays;

/** A set of nodes that fits the nearest cache: open addressing, at most half full. */
final class Visits {
  private static final int MULTIPLIER = 0x9E3779B9;

  /** Nodes plus one; zero is free. */
  private int[] slots = new int[1024];

  private int size;

  void clear() {
    if (size > 0) {
      Arrays.fill(slots, 0);
      size = 0;
    }
  }

  boolean contains(int node) {
    int mask = slots.length - 1;
    int at = place(node);
    while (slots[at] != 0) {
      if (slots[at] == node + 1) {
        return true;
      }
      at = (at + 1) & mask;
    }
    return false;
  }

  /** Whether it was not there. */
  boolean add(int node) {
    int mask = slots.length - 1;
    int at = place(node);
    while (slots[at] != 0) {
      if (slots[at] == node + 1) {
        return false;
      }
      at = (at + 1) & mask;
    }
    slots[at] = node + 1;
    if (++size > slots.length / 2) {
      grow();
    }
    return true;
  }

  private int place(int node) {
    return (node * MULTIPLIER) >>> (Integer.numberOfLeadingZeros(slots.length) + 1);
  }

  private void grow() {
    int[] before = slots;
    slots = new int[before.length * 2];
    int mask = slots.length - 1;
    for (int slot : before) {
      if (slot != 0) {
        int at = place(slot - 1);
        while (slots[at] != 0) {
          at = (at + 1) & mask;
        }
        slots[at] = slot;
      }
    }
  }
}
