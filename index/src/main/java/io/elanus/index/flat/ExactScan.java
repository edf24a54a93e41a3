package io.elanus.index.flat;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorQuery;
import io.elanus.index.distance.Scorer;
import io.elanus.index.sparse.SparseScan;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Exact nearest neighbours by looking at every allowed row, in batches. */
public final class ExactScan {
  private static final int BATCH = 256;

  /** Below this share of allowed rows, gathering them beats scoring all. */
  private static final int GATHER_DIVISOR = 4;

  private ExactScan() {}

  public static Neighbors search(
      VectorData data, Metric metric, @Nullable MemorySegment inverseNorms, VectorQuery query) {
    if (data.type() == DataType.SPARSE_FLOAT_VECTOR) {
      return SparseScan.search(data.sparse(), query);
    }
    Scorer scorer = Scorer.of(metric, data, inverseNorms).query(query.target());
    return search(scorer, data.count(), query);
  }

  /** The scorer has its query set. */
  public static Neighbors search(Scorer scorer, int count, VectorQuery query) {
    NearestHeap heap = new NearestHeap(Math.min(query.limit(), Math.max(1, query.allowedCount())));
    RowBitmap allowed = query.allowed();
    if (allowed != null && query.allowedCount() < count / GATHER_DIVISOR) {
      gather(scorer, allowed, query, heap);
    } else {
      sweep(scorer, count, query, heap);
    }
    return heap.drain();
  }

  private static void gather(
      Scorer scorer, RowBitmap allowed, VectorQuery query, NearestHeap heap) {
    int[] rows = new int[BATCH];
    float[] distances = new float[BATCH];
    int row = allowed.next(0);
    while (row >= 0) {
      int n = 0;
      while (row >= 0 && n < BATCH) {
        rows[n++] = row;
        row = allowed.next(row + 1);
      }
      scorer.to(rows, n, distances);
      for (int i = 0; i < n; i++) {
        offer(query, heap, distances[i], rows[i]);
      }
    }
  }

  private static void sweep(Scorer scorer, int count, VectorQuery query, NearestHeap heap) {
    RowBitmap allowed = query.allowed();
    float[] distances = new float[BATCH];
    for (int first = 0; first < count; first += BATCH) {
      int n = Math.min(BATCH, count - first);
      scorer.to(first, n, distances);
      for (int i = 0; i < n; i++) {
        if (allowed == null || allowed.get(first + i)) {
          offer(query, heap, distances[i], first + i);
        }
      }
    }
  }

  private static void offer(VectorQuery query, NearestHeap heap, float distance, int row) {
    if (query.admits(distance)) {
      heap.offer(distance, row);
    }
  }
}
