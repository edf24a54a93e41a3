package io.elanus.index;

import java.util.Arrays;

/**
 * The k nearest rows seen so far: a bounded max-heap on distance, ties towards the larger row on
 * top, so that of equally near rows the smaller one stays. Rows must be offered once.
 */
public final class NearestHeap {
  private float[] distances;
  private int[] rows;
  private int capacity;
  private int size;

  public NearestHeap(int capacity) {
    this.capacity = capacity;
    int initial = Math.min(capacity, 1024) + 1;
    this.distances = new float[initial];
    this.rows = new int[initial];
  }

  public int capacity() {
    return capacity;
  }

  /** Makes room for more; what was refused before does not come back. */
  public void widen(int largerCapacity) {
    capacity = Math.max(capacity, largerCapacity);
  }

  public int size() {
    return size;
  }

  public boolean isFull() {
    return size >= capacity;
  }

  /** The farthest kept, or +∞ while there is room. */
  public float worst() {
    return size < capacity ? Float.POSITIVE_INFINITY : distances[0];
  }

  /** Keeps the row if it is near enough. */
  public boolean offer(float distance, int row) {
    if (size < capacity) {
      grow();
      up(size++, distance, row);
      return true;
    }
    if (capacity == 0 || !after(distances[0], rows[0], distance, row)) {
      return false;
    }
    down(distance, row, size);
    return true;
  }

  /** What was kept, nearest first. Empties the heap. */
  public Neighbors drain() {
    int n = size;
    int[] sortedRows = new int[n];
    float[] sorted = new float[n];
    for (int i = n - 1; i >= 0; i--) {
      sortedRows[i] = rows[0];
      sorted[i] = distances[0];
      size--;
      if (size > 0) {
        down(distances[size], rows[size], size);
      }
    }
    return new Neighbors(sortedRows, sorted);
  }

  /** What is kept by now, nearest first. */
  public Neighbors kept() {
    NearestHeap copy = new NearestHeap(size);
    copy.size = size;
    copy.distances = Arrays.copyOf(distances, Math.max(size, 1));
    copy.rows = Arrays.copyOf(rows, Math.max(size, 1));
    return copy.drain();
  }

  private void grow() {
    if (size == distances.length) {
      int larger = Math.min(capacity, size * 2);
      distances = Arrays.copyOf(distances, larger);
      rows = Arrays.copyOf(rows, larger);
    }
  }

  private static boolean after(float distanceA, int rowA, float distanceB, int rowB) {
    return distanceA > distanceB || (distanceA == distanceB && rowA > rowB);
  }

  private void up(int from, float distance, int row) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (!after(distance, row, distances[parent], rows[parent])) {
        break;
      }
      distances[at] = distances[parent];
      rows[at] = rows[parent];
      at = parent;
    }
    distances[at] = distance;
    rows[at] = row;
  }

  private void down(float distance, int row, int limit) {
    int at = 0;
    while (true) {
      int child = 2 * at + 1;
      if (child >= limit) {
        break;
      }
      if (child + 1 < limit
          && after(distances[child + 1], rows[child + 1], distances[child], rows[child])) {
        child++;
      }
      if (!after(distances[child], rows[child], distance, row)) {
        break;
      }
      distances[at] = distances[child];
      rows[at] = rows[child];
      at = child;
    }
    distances[at] = distance;
    rows[at] = row;
  }
}
