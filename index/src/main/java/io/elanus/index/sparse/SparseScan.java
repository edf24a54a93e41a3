package io.elanus.index.sparse;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorQuery;

/**
 * Exact search by looking at every allowed row: rows that have no index, or few that are allowed.
 */
public final class SparseScan {
  private SparseScan() {}

  /** The nearest rows under the inner product, equally near ones by row. */
  public static Neighbors search(SparseRows rows, VectorQuery query) {
    return search(rows, Weights.of(query), query);
  }

  static Neighbors search(SparseRows rows, Weights weights, VectorQuery query) {
    NearestHeap heap = new NearestHeap(Math.min(query.limit(), Math.max(1, query.allowedCount())));
    if (weights.size() > 0) {
      for (int row = next(query, 0); row >= 0 && row < rows.count(); row = next(query, row + 1)) {
        offer(rows, weights, query, row, heap);
      }
    }
    return heap.drain();
  }

  static void offer(
      SparseRows rows, Weights weights, VectorQuery query, int row, NearestHeap heap) {
    double score = weights.score(rows, row);
    float distance = (float) -score;
    // Rows that have nothing in common with the query are no neighbours.
    if (score > 0 && query.admits(distance)) {
      heap.offer(distance, row);
    }
  }

  private static int next(VectorQuery query, int from) {
    RowBitmap allowed = query.allowed();
    return allowed == null ? from : allowed.next(from);
  }
}
