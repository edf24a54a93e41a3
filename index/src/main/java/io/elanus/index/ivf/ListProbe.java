package io.elanus.index.ivf;

import io.elanus.index.NearestHeap;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.distance.Scorer;
import io.elanus.index.recall.RecallProbe;
import io.elanus.model.schema.Metric;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Lists of vectors as they will be searched, before the file is there: it would be a second copy of
 * the vectors.
 */
final class ListProbe implements RecallProbe {
  private static final int BATCH = 256;

  private final Partition lists;
  private final CentroidOrder order;
  private final VectorData vectors;
  private final Metric metric;
  private final @Nullable MemorySegment norms;
  private final int[] batch = new int[BATCH];
  private final float[] distances = new float[BATCH];

  /**
   * @param vectors the segment's
   */
  ListProbe(
      Partition lists,
      @Nullable CentroidGraph graph,
      VectorData vectors,
      Metric metric,
      Arena arena) {
    this.lists = lists;
    this.order = new CentroidOrder(metric, lists.centroids(), graph);
    this.vectors = vectors;
    this.metric = metric;
    MemorySegment lengths = null;
    if (metric == Metric.COSINE) {
      lengths = arena.allocate(Math.max(4, 4L * vectors.count()), 64);
      Scorer.inverseNorms(vectors, lengths);
    }
    this.norms = lengths;
  }

  @Override
  public void search(Asked asked, int[] efforts, Answers answers) {
    Scorer scorer = Scorer.of(metric, vectors, norms).query(asked.vector());
    NearestHeap heap = new NearestHeap(Math.min(asked.limit(), Math.max(1, asked.allowedCount())));
    int count = lists.centroids().count();
    int[] near = order.of(asked.vector(), IvfParameters.centroidEffort(count)).nearest(count);
    int read = 0;
    for (int effort : efforts) {
      while (read < Math.min(effort, near.length)) {
        list(near[read++], asked, scorer, heap);
      }
      if (!answers.next(heap.kept())) {
        return;
      }
    }
  }

  private void list(int list, Asked asked, Scorer scorer, NearestHeap heap) {
    RowBitmap allowed = asked.allowed();
    int n = 0;
    for (int at = lists.starts()[list]; at < lists.starts()[list + 1]; at++) {
      int row = lists.order()[at];
      if (row != asked.absent() && (allowed == null || allowed.get(row))) {
        batch[n++] = row;
        if (n == BATCH) {
          measure(scorer, n, heap);
          n = 0;
        }
      }
    }
    measure(scorer, n, heap);
  }

  private void measure(Scorer scorer, int count, NearestHeap heap) {
    scorer.to(batch, count, distances);
    for (int i = 0; i < count; i++) {
      heap.offer(distances[i], batch[i]);
    }
  }
}
