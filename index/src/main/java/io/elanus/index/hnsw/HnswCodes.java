package io.elanus.index.hnsw;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorQuery;
import io.elanus.index.code.CodeSpace;
import io.elanus.index.code.row.RowCodes;
import io.elanus.index.distance.RowDistances;
import org.jspecify.annotations.Nullable;

/**
 * Codes that walks measure by, and what answers are measured by.
 *
 * @param center what rows have lost in the space
 * @param walked by the walk
 * @param refining codes that measure answers, finer ones where there are; unless {@code exact}
 * @param exact whether the segment's vectors measure answers
 */
record HnswCodes(
    CodeSpace space, float[] center, RowCodes walked, RowCodes refining, boolean exact) {
  private static final int BATCH = 256;

  /** For one query; {@code vectors} measures by the segment's vectors. */
  Measure measure(VectorQuery query, RowDistances vectors) {
    return new Measure(query, vectors);
  }

  /** One query on its way. */
  final class Measure {
    private final VectorQuery query;
    private final RowDistances vectors;
    private final CodeSpace.Query placed;
    private final RowCodes.Scan estimates;
    private RowCodes.@Nullable Scan finer;

    private Measure(VectorQuery query, RowDistances vectors) {
      this.query = query;
      this.vectors = vectors;
      this.placed = space.query(query.vector(), center);
      this.estimates = walked.scan(placed);
    }

    /** In the space of the codes, where walks only compare. */
    RowDistances estimates() {
      return estimates;
    }

    boolean isExact() {
      return exact;
    }

    /**
     * What a walk found, measured and in order: with {@code refine_k} so many times the limit, else
     * all; within bounds always all, where who lies outside must not take the place of who lies
     * inside.
     */
    Neighbors answers(Neighbors found) {
      double times = query.params().number("refine_k").orElse(0);
      int count = found.size();
      if (times > 0 && !query.isRange() && (exact || refining != walked)) {
        count = (int) Math.min(count, Math.ceil(times * query.limit()));
      }
      NearestHeap heap = new NearestHeap(count);
      float[] distances = new float[count];
      measure(found.rows(), count, distances);
      for (int i = 0; i < count; i++) {
        heap.offer(distances[i], found.rows()[i]);
      }
      return heap.drain();
    }

    /** All allowed rows, by codes. */
    Neighbors scan(int size) {
      NearestHeap heap = new NearestHeap(Math.min(query.limit(), query.allowedCount()));
      RowBitmap allowed = query.allowed();
      int[] rows = new int[BATCH];
      float[] distances = new float[BATCH];
      int row = -1;
      boolean more = true;
      while (more) {
        int n = 0;
        while (more && n < BATCH) {
          row = allowed == null ? row + 1 : allowed.next(row + 1);
          more = row >= 0 && row < size;
          if (more) {
            rows[n++] = row;
          }
        }
        measure(rows, n, distances);
        for (int i = 0; i < n; i++) {
          if (query.admits(distances[i])) {
            heap.offer(distances[i], rows[i]);
          }
        }
      }
      return heap.drain();
    }

    private void measure(int[] rows, int count, float[] distances) {
      if (exact) {
        vectors.to(rows, count, distances);
        return;
      }
      RowCodes.Scan scan = finer;
      if (scan == null) {
        scan = refining == walked ? estimates : refining.scan(placed);
        finer = scan;
      }
      scan.measure(rows, count, distances);
      for (int i = 0; i < count && space.euclidean(); i++) {
        // What rounding left of a distance near zero.
        distances[i] = Math.max(0, distances[i]);
      }
      placed.outside(distances, count);
    }
  }
}
