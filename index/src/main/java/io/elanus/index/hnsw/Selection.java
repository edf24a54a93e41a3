package io.elanus.index.hnsw;

import io.elanus.index.distance.PairDistances;

/**
 * Which candidates become neighbours (Malkov and Yashunin 2016, algorithm 4, as hnswlib has it):
 * one is kept unless a kept one is nearer to it than the base is. Each kept one meets those that
 * are still open in one batch, a window of candidates at a time, so that what lies beyond the last
 * kept one is hardly measured.
 */
final class Selection {
  private static final int WINDOW = 64;

  private final PairDistances pairs;
  private final float ease;
  private final int[] open = new int[WINDOW];
  private final float[] openDistances = new float[WINDOW];
  private final float[] toKept = new float[WINDOW];
  private int size;

  Selection(PairDistances pairs, float ease) {
    this.pairs = pairs;
    this.ease = ease;
  }

  /**
   * Chooses at most {@code most}; all, where there are no more.
   *
   * @param candidates nearest first
   * @param distances theirs to the base
   * @return how many were put into {@code into}
   */
  int choose(int[] candidates, float[] distances, int n, int most, int[] into) {
    if (n <= most) {
      System.arraycopy(candidates, 0, into, 0, n);
      return n;
    }
    int kept = 0;
    for (int from = 0; from < n && kept < most; from += WINDOW) {
      size = Math.min(WINDOW, n - from);
      System.arraycopy(candidates, from, open, 0, size);
      System.arraycopy(distances, from, openDistances, 0, size);
      for (int i = 0; i < kept && size > 0; i++) {
        excludeBy(into[i], 0);
      }
      while (size > 0 && kept < most) {
        into[kept++] = open[0];
        if (kept < most) {
          excludeBy(open[0], 1);
        }
      }
    }
    return kept;
  }

  /** Lets go of the first few, and of what a kept one stands before. */
  private void excludeBy(int kept, int first) {
    size -= first;
    if (size == 0) {
      return;
    }
    System.arraycopy(open, first, open, 0, size);
    System.arraycopy(openDistances, first, openDistances, 0, size);
    pairs.queryRow(kept);
    pairs.to(open, size, toKept);
    int left = 0;
    for (int i = 0; i < size; i++) {
      if (toKept[i] * ease >= openDistances[i]) {
        open[left] = open[i];
        openDistances[left++] = openDistances[i];
      }
    }
    size = left;
  }
}
