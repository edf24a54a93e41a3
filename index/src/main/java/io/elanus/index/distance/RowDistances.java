package io.elanus.index.distance;

/**
 * Distances from one query to rows, whatever stands for the rows: vectors or codes. Smaller is
 * nearer. Holds the query, so each thread has its own.
 */
public interface RowDistances {
  float to(int row);

  /** Distances to the first {@code count} of these rows. */
  void to(int[] rows, int count, float[] out);
}
