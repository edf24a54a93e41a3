package io.elanus.index.quantgraph;

import java.util.Arrays;

/**
 * Nodes that wait by their estimates: the nearest is taken next, and what is not among the {@code
 * effort} nearest ever offered is refused. A sorted list would say both, but moving its tail costs
 * more than the estimates do. So a heap holds those that wait, and a histogram counts all that were
 * offered: 128 buckets for each doubling of the distance, downwards from the farthest when there
 * were first enough. The bound is therefore up to 0.8 % wide of the mark, and never narrow.
 */
final class Pool {
  private static final int BUCKETS = 1024;

  /** Leaves exponent and 7 bits of the fraction. */
  private static final int SHIFT = 16;

  private final int[] counts = new int[BUCKETS];
  private long[] heap = new long[256];
  private float[] first = new float[128];
  private int size;
  private int offered;
  private int effort;
  private int counted;
  private int last;
  private int anchor;
  private float bound;

  void begin(int roomFor) {
    size = 0;
    offered = 0;
    effort = roomFor;
    bound = Float.POSITIVE_INFINITY;
    if (first.length < effort) {
      first = new float[effort];
    }
  }

  /** Only estimates below are among the nearest. */
  float bound() {
    return bound;
  }

  /** Lets a node wait if its estimate is below the bound. */
  void offer(float estimate, int node) {
    if (estimate >= bound) {
      return;
    }
    push(key(estimate, node));
    if (offered < effort) {
      first[offered++] = estimate;
      if (offered == effort) {
        anchor();
      }
      return;
    }
    counts[bucket(estimate)]++;
    counted++;
    tighten();
  }

  /** Takes the nearest; −1 where no waiting node is below the bound. */
  int take() {
    if (size == 0) {
      return -1;
    }
    long nearest = heap[0];
    if (distance(nearest) >= bound && bound < Float.POSITIVE_INFINITY) {
      size = 0;
      return -1;
    }
    pop();
    return (int) nearest;
  }

  private void anchor() {
    Arrays.fill(counts, 0);
    float farthest = first[0];
    for (int i = 1; i < effort; i++) {
      farthest = Math.max(farthest, first[i]);
    }
    anchor = Float.floatToRawIntBits(Math.max(farthest, 0)) >>> SHIFT;
    for (int i = 0; i < effort; i++) {
      counts[bucket(first[i])]++;
    }
    counted = effort;
    last = BUCKETS - 1;
    tighten();
    bound = edge();
  }

  private int bucket(float estimate) {
    int bits = Float.floatToRawIntBits(Math.max(estimate, 0)) >>> SHIFT;
    return Math.clamp((long) bits - anchor + BUCKETS - 1, 0, BUCKETS - 1);
  }

  private void tighten() {
    while (counted - counts[last] >= effort) {
      counted -= counts[last--];
      bound = edge();
    }
  }

  /** Where the bucket after the last one begins. */
  private float edge() {
    return Float.intBitsToFloat((last - BUCKETS + 2 + anchor) << SHIFT);
  }

  private void push(long key) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (heap[parent] <= key) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = key;
  }

  /** Lets the hole sink to the bottom and the last key rise from there: it belongs low anyway. */
  private void pop() {
    long key = heap[--size];
    int at = 0;
    int child = 1;
    while (child < size) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      heap[at] = heap[child];
      at = child;
      child = 2 * at + 1;
    }
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (heap[parent] <= key) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = key;
  }

  /** Orders by distance, then by node. */
  private static long key(float distance, int node) {
    int bits = Float.floatToRawIntBits(distance);
    int ordered = bits ^ ((bits >> 31) & 0x7fffffff);
    return ((long) ordered << 32) | node;
  }

  private static float distance(long key) {
    int ordered = (int) (key >> 32);
    return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & 0x7fffffff));
  }
}
