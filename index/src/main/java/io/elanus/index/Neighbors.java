package io.elanus.index;

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
}
