package io.elanus.index.sparse;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;

/**
 * Exact search by looking at every allowed row: rows that have no index, or few that are allowed.
 */
public final class SparseScan {
  private SparseScan() {}

  /** The nearest rows under the inner product, equally near ones by row. */
  public static Neighbors search(SparseRows rows, SparseQuery query) {
    return search(rows, Weights.of(query.vector(), query.params()), query);
  }

  static Neighbors search(SparseRows rows, Weights weights, SparseQuery query) {
    NearestHeap heap = new NearestHeap(Math.min(query.limit(), Math.max(1, query.allowedCount())));
    if (weights.size() > 0) {
      for (int row = next(query, 0); row >= 0 && row < rows.count(); row = next(query, row + 1)) {
        offer(rows, weights, query, row, heap);
      }
    }
    return heap.drain();
  }

  static void offer(
      SparseRows rows, Weights weights, SparseQuery query, int row, NearestHeap heap) {
    double score = weights.score(rows, row);
    float distance = (float) -score;
    if (query.admits(score, distance)) {
      heap.offer(distance, row);
    }
  }

  private static int next(SparseQuery query, int from) {
    return query.allowed() == null ? from : query.allowed().next(from);
  }
}
