package io.elanus.index;

import java.util.Arrays;

/**
 * Rows near a query, nearest first, ties by row.
 *
 * @param rows row numbers in the segment
 * @param distances internal distances (smaller is nearer; see {@link
 *     io.elanus.model.schema.Metric}), same length
 */
public record Neighbors(int[] rows, float[] distances) {
  public static final Neighbors NONE = new Neighbors(new int[0], new float[0]);

  public int size() {
    return rows.length;
  }

  /** The first {@code limit} of these without one row. */
  public Neighbors without(int row, int limit) {
    int[] kept = new int[Math.min(limit, rows.length)];
    float[] near = new float[kept.length];
    int n = 0;
    for (int i = 0; i < rows.length && n < kept.length; i++) {
      if (rows[i] != row) {
        kept[n] = rows[i];
        near[n++] = distances[i];
      }
    }
    return new Neighbors(Arrays.copyOf(kept, n), Arrays.copyOf(near, n));
  }
}
