package io.elanus.engine.read;

import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.SegmentKey;
import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.QueryVector;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;

/**
 * Finds the nearest rows of one query over the parts of a scope: by the segment's index where it
 * has one, else exactly; then merges by distance, and answers no key twice.
 *
 * @param minDistance only rows at or beyond it
 * @param maxDistance only rows below it
 */
record VectorScan(
    List<Scope.Part> parts,
    Field primaryKey,
    Field vectorField,
    Metric metric,
    SearchParams params,
    float minDistance,
    float maxDistance) {

  /** Fewer rows than this are not worth another thread. */
  private static final int PARALLEL_ROWS_MIN = 20_000;

  private static final Comparator<Hit> NEAREST =
      Comparator.comparingDouble(Hit::distance)
          .thenComparing(Hit::key, SegmentKey::compare)
          .thenComparing(h -> -h.segment().insertTimestamp(h.row()));

  /**
   * What the parts answered.
   *
   * @param horizon all rows nearer than this are among the hits; a part that was cut off may have
   *     more beyond
   */
  private record Found(List<Hit> hits, float horizon) {}

  /** The nearest {@code limit} rows, nearest first. */
  List<Hit> nearest(QueryVector vector, int limit, ExecutorService threads) {
    int asked = limit;
    while (true) {
      Found found = search(vector, asked, threads);
      List<Hit> unique = unique(found, limit);
      if (unique.size() == limit || found.horizon() == Float.POSITIVE_INFINITY) {
        return unique;
      }
      // Keys stored twice crowded others out of their part's answer.
      asked *= 2;
    }
  }

  private Found search(QueryVector vector, int limit, ExecutorService threads) {
    long rows = parts.stream().mapToLong(p -> p.segment().rowCount()).sum();
    List<List<Hit>> answers = new ArrayList<>();
    if (parts.size() == 1 || rows < PARALLEL_ROWS_MIN) {
      for (Scope.Part part : parts) {
        answers.add(scan(part, vector, limit));
      }
    } else {
      List<Callable<List<Hit>>> tasks = new ArrayList<>();
      for (Scope.Part part : parts) {
        tasks.add(() -> scan(part, vector, limit));
      }
      answers.addAll(Parallel.all(threads, tasks));
    }
    List<Hit> hits = new ArrayList<>();
    float horizon = Float.POSITIVE_INFINITY;
    for (List<Hit> answer : answers) {
      hits.addAll(answer);
      if (answer.size() >= limit) {
        horizon = Math.min(horizon, answer.getLast().distance());
      }
    }
    hits.sort(NEAREST);
    return new Found(hits, horizon);
  }

  private List<Hit> scan(Scope.Part part, QueryVector vector, int limit) {
    VectorIndex index = part.segment().vectorIndex(vectorField);
    Neighbors near =
        index == null
            ? exact(part, vector, limit)
            : index.search(query(vector, limit, part.whole() ? null : part.rows(), part.count()));
    List<Hit> hits = new ArrayList<>(near.size());
    for (int i = 0; i < near.size(); i++) {
      int row = near.rows()[i];
      Object key = SealedSegment.keyAt(primaryKey, part.segment(), row);
      hits.add(new Hit(key, near.distances()[i], part.segment(), row));
    }
    return hits;
  }

  private VectorQuery query(
      QueryVector vector, int limit, @org.jspecify.annotations.Nullable RowBitmap rows, int count) {
    return new VectorQuery(vector, limit, rows, count, minDistance, maxDistance, params);
  }

  /** Chunk by chunk; a chunk's rows begin at a multiple of 64, so that words can be copied. */
  private Neighbors exact(Scope.Part part, QueryVector vector, int limit) {
    NearestHeap heap = new NearestHeap(Math.min(limit, part.count()));
    int first = 0;
    for (VectorData chunk : part.segment().vectors(vectorField)) {
      RowBitmap rows = new RowBitmap(chunk.count());
      System.arraycopy(part.rows().words(), first >>> 6, rows.words(), 0, rows.words().length);
      int count = rows.cardinality();
      if (count > 0) {
        boolean all = count == chunk.count();
        Neighbors near =
            ExactScan.search(chunk, metric, null, query(vector, limit, all ? null : rows, count));
        for (int i = 0; i < near.size(); i++) {
          heap.offer(near.distances()[i], first + near.rows()[i]);
        }
      }
      first += chunk.count();
    }
    return heap.drain();
  }

  private static List<Hit> unique(Found found, int limit) {
    Set<Object> seen = new HashSet<>();
    List<Hit> unique = new ArrayList<>();
    for (Hit hit : found.hits()) {
      if (unique.size() == limit || hit.distance() > found.horizon()) {
        break;
      }
      if (seen.add(hit.key())) {
        unique.add(hit);
      }
    }
    return unique;
  }
}
