package io.elanus.app.bench;

import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorQuery;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;

/** The exact answers, and how much of them was found. */
final class Truth {
  private Truth() {}

  /**
   * The k nearest rows of every query.
   *
   * @param passing only rows whose number modulo 10,000 is below this
   */
  static int[][] exact(DataSet data, Metric metric, int k, int passing) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = arena.allocate(4L * data.vectors().length, 64);
      MemorySegment.copy(
          data.vectors(), 0, values, ValueLayout.JAVA_FLOAT, 0, data.vectors().length);
      VectorData vectors = new VectorData(values, data.rows(), data.dim());
      RowBitmap allowed = new RowBitmap(data.rows());
      for (int row = 0; row < data.rows(); row++) {
        if (row % BenchCommand.BUCKETS < passing) {
          allowed.set(row);
        }
      }
      int count = allowed.cardinality();
      int[][] nearest = new int[data.queryCount()][];
      for (int q = 0; q < nearest.length; q++) {
        VectorQuery query =
            new VectorQuery(
                data.query(q),
                k,
                allowed,
                count,
                Float.NEGATIVE_INFINITY,
                Float.POSITIVE_INFINITY,
                SearchParams.NONE);
        nearest[q] = ExactScan.search(vectors, metric, null, query).rows();
      }
      return nearest;
    }
  }

  /** The share of the exact answers that was found, over all queries. */
  static double recall(int[][] exact, long[][] found) {
    long wanted = 0;
    long hits = 0;
    for (int q = 0; q < exact.length; q++) {
      Set<Long> right = new HashSet<>();
      for (int row : exact[q]) {
        right.add((long) row);
      }
      wanted += right.size();
      for (long id : found[q]) {
        hits += right.remove(id) ? 1 : 0;
      }
    }
    return wanted == 0 ? 1 : (double) hits / wanted;
  }
}
