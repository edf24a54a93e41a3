package io.elanus.index.ivf;

import io.elanus.index.NearestHeap;

/**
 * How far a search reads. Without a filter the nearest {@code nprobe} lists are read. Under a
 * filter (or the lower bound of an iterator's page) lists are read until enough of the eligible
 * rows were seen, so that a filter costs no recall even where it excludes all that is near. Where
 * fewer than the limit were found, reading goes on; under an upper bound only until {@code nprobe}
 * lists with eligible rows, one after the other, held nothing within it.
 */
final class ListWalk {
  private ListWalk() {}

  /** A search in progress. */
  interface Reading {
    /** Reads one list and answers whether any row of it lay within the bounds. */
    boolean list(int list);

    /** Whether as many rows as asked for were found. */
    boolean isFull();

    /** Rows met so far that are allowed and not before the lower bound. */
    long eligible();
  }

  /** Which lists are near. */
  interface Order {
    /** Lists in all. */
    int lists();

    /** The nearest lists, nearest first. */
    int[] nearest(int count);
  }

  /** The order of distances to each list's centroid. */
  static Order byDistance(float[] distances) {
    return new Order() {
      @Override
      public int lists() {
        return distances.length;
      }

      @Override
      public int[] nearest(int count) {
        return ListWalk.nearest(distances, count);
      }
    };
  }

  /**
   * Reads lists.
   *
   * @param bounded whether there is an upper bound
   */
  static void walk(Order near, int nprobe, long eligibleWanted, boolean bounded, Reading reading) {
    int lists = near.lists();
    int[] order = near.nearest(Math.min(nprobe, lists));
    int barren = 0;
    for (int i = 0; i < lists; i++) {
      if (i >= nprobe) {
        boolean enough = reading.isFull() || (bounded && barren >= nprobe);
        if (enough && reading.eligible() >= eligibleWanted) {
          return;
        }
      }
      if (i == order.length) {
        order = remaining(order, near.nearest(lists));
      }
      long before = reading.eligible();
      boolean found = reading.list(order[i]);
      if (reading.eligible() > before) {
        barren = found ? 0 : barren + 1;
      }
    }
  }

  /** What was read stays in front, should the two orders differ. */
  private static int[] remaining(int[] read, int[] all) {
    boolean[] done = new boolean[all.length];
    int[] order = java.util.Arrays.copyOf(read, all.length);
    int n = read.length;
    for (int list : read) {
      done[list] = true;
    }
    for (int list : all) {
      if (!done[list]) {
        order[n++] = list;
      }
    }
    return order;
  }

  private static int[] nearest(float[] distances, int count) {
    NearestHeap heap = new NearestHeap(count);
    for (int list = 0; list < distances.length; list++) {
      heap.offer(distances[list], list);
    }
    return heap.drain().rows();
  }
}
