package io.elanus.index.recall;

import io.elanus.index.BuildMonitor;
import io.elanus.index.NearestHeap;
import io.elanus.index.QueryVector;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.distance.Scorer;
import io.elanus.model.schema.Metric;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Draws rows as queries and finds their true neighbours among all others. */
final class RecallSample {
  private static final int TILE = 256;

  private final VectorData vectors;
  private final Metric metric;
  private final @Nullable RowBitmap[] filters;
  private final int depth;
  private final BuildMonitor monitor;

  /**
   * @param truths per filter the distances of the nearest allowed rows, nearest first
   */
  record Query(int row, QueryVector vector, float[][] truths) {}

  /**
   * @param filters null for none
   * @param depth neighbours of each query
   */
  RecallSample(
      VectorData vectors,
      Metric metric,
      @Nullable RowBitmap[] filters,
      int depth,
      BuildMonitor monitor) {
    this.vectors = vectors;
    this.metric = metric;
    this.filters = filters;
    this.depth = depth;
    this.monitor = monitor;
  }

  /**
   * Different rows, one of each of as many equal stretches of the segment, ascending.
   *
   * @param rows at least {@code count}
   */
  static int[] rows(int count, int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] drawn = new int[count];
    for (int q = 0; q < count; q++) {
      int from = (int) ((long) q * rows / count);
      int to = (int) ((q + 1L) * rows / count);
      drawn[q] = from + random.nextInt(to - from);
    }
    return drawn;
  }

  /** What is asked of those rows, and what is right. */
  List<Query> of(int[] drawn) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment norms = null;
      if (metric == Metric.COSINE) {
        norms = arena.allocate(4L * vectors.count(), 64);
        Scorer.inverseNorms(vectors, norms);
      }
      return of(drawn, norms);
    }
  }

  private List<Query> of(int[] drawn, @Nullable MemorySegment norms) {
    int count = drawn.length;
    Scorer[] scorers = new Scorer[count];
    NearestHeap[][] heaps = new NearestHeap[count][filters.length];
    for (int q = 0; q < count; q++) {
      scorers[q] = Scorer.of(metric, vectors, norms).query(vectors.query(drawn[q]));
      for (int f = 0; f < filters.length; f++) {
        heaps[q][f] = new NearestHeap(depth);
      }
    }
    float[] distances = new float[TILE];
    for (int first = 0; first < vectors.count(); first += TILE) {
      int n = Math.min(TILE, vectors.count() - first);
      for (int q = 0; q < count; q++) {
        scorers[q].to(first, n, distances);
        tile(distances, first, n, drawn[q], heaps[q]);
      }
      monitor.progress(vectors.count());
    }
    List<Query> queries = new ArrayList<>();
    for (int q = 0; q < count; q++) {
      float[][] truths = new float[filters.length][];
      for (int f = 0; f < filters.length; f++) {
        truths[f] = heaps[q][f].drain().distances();
      }
      queries.add(new Query(drawn[q], vectors.query(drawn[q]), truths));
    }
    return queries;
  }

  private void tile(float[] distances, int first, int n, int absent, NearestHeap[] heaps) {
    for (int f = 0; f < filters.length; f++) {
      RowBitmap filter = filters[f];
      float worst = heaps[f].worst();
      for (int i = 0; i < n; i++) {
        int row = first + i;
        if (distances[i] < worst && row != absent && (filter == null || filter.get(row))) {
          heaps[f].offer(distances[i], row);
          worst = heaps[f].worst();
        }
      }
    }
  }
}
