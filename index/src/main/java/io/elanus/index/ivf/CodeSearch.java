package io.elanus.index.ivf;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorQuery;
import io.elanus.index.code.CodeScan;
import io.elanus.index.code.CodeSpace;
import io.elanus.index.code.Codes;
import io.elanus.index.code.ListPlace;
import io.elanus.index.distance.Scorer;
import io.elanus.kernel.Kernels;
import io.elanus.kernel.NibbleScan;
import io.elanus.model.schema.Metric;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One query on its way through lists of codes. Codes give an estimate and its slack; what cannot be
 * nearer than what was found is passed over, the rest is measured, by the segment's vectors or by
 * codes. With {@code refine_k} or {@code reorder_k}, so many are measured, those of the nearest
 * estimates, at the end; not within bounds, where who lies outside must not take the place of who
 * lies inside.
 */
final class CodeSearch implements ListWalk.Reading {
  /** Rows measured at once. */
  private static final int BATCH = 32;

  private final CodedFile file;
  private final VectorQuery query;
  private final CodeSpace.Query placed;
  private final float[] toCentroids;
  private final CodeScan scan;
  private final CodeScan.@Nullable Measuring refining;
  private final Scorer exact;
  private final NearestHeap heap;
  private final @Nullable NearestHeap candidates;
  private long eligible;

  private final float[] estimates = new float[CodeScan.CHUNK];
  private final float[] slacks = new float[CodeScan.CHUNK];
  private final int[] pending = new int[CodeScan.CHUNK];
  private final float[] pendingLow = new float[CodeScan.CHUNK];
  private final boolean[] passes = new boolean[CodeScan.CHUNK];
  private final int[] batch = new int[BATCH];
  private final int[] batchRows = new int[BATCH];
  private final float[] distances = new float[BATCH];

  /**
   * @param measuredMax how many estimates are measured at most; 0 where their slacks decide
   */
  CodeSearch(
      CodedFile file, VectorData vectors, Metric metric, VectorQuery query, int measuredMax) {
    this.file = file;
    this.query = query;
    this.placed = file.space().query(query.vector(), file.center());
    this.toCentroids = new float[file.lists().count()];
    VectorData centroids = file.lists().centroids();
    if (file.space().euclidean()) {
      Kernels.best()
          .squaredL2s(placed.vector(), centroids.values(), 0, toCentroids.length, toCentroids);
    } else {
      Kernels.best().dots(placed.vector(), centroids.values(), 0, toCentroids.length, toCentroids);
      for (int list = 0; list < toCentroids.length; list++) {
        toCentroids[list] = -toCentroids[list];
      }
    }
    Codes.Measuring codes = file.refining();
    this.refining = codes == null ? null : codes.scan(placed.vector(), false);
    this.scan =
        refining != null && codes == file.scanned()
            ? refining
            : file.scanned().scan(placed.vector(), true);
    this.exact = Scorer.of(metric, vectors, null).query(query.target());
    int wanted = Math.min(query.limit(), query.allowedCount());
    this.heap = new NearestHeap(wanted);
    this.candidates =
        measuredMax == 0 || query.isRange()
            ? null
            : new NearestHeap(Math.min(query.allowedCount(), measuredMax));
  }

  /** Distances to the centroids, of the space's own kind. */
  float[] toCentroids() {
    return toCentroids;
  }

  @Override
  public boolean isFull() {
    return candidates == null ? heap.isFull() : candidates.size() >= heap.capacity();
  }

  @Override
  public long eligible() {
    return eligible;
  }

  @Override
  public boolean list(int list) {
    enter(list);
    boolean found = false;
    int end = file.lists().end(list);
    for (int first = file.lists().start(list); first < end; first += CodeScan.CHUNK) {
      int count = Math.min(CodeScan.CHUNK, end - first);
      RowBitmap allowed = query.allowed();
      found |= allowed == null ? chunk(first, count, 0) : allowedOf(allowed, first, count);
    }
    return found;
  }

  private void enter(int list) {
    float distance =
        file.space().euclidean()
            ? toCentroids[list]
            : Kernels.best()
                .squaredL2(
                    placed.vector(),
                    file.lists().centroids().values(),
                    file.lists().centroids().offset(list));
    ListPlace place =
        new ListPlace(
            list,
            file.lists().start(list),
            file.lists().block(list),
            toCentroids[list],
            (float) Math.sqrt(distance));
    scan.enter(place);
    if (refining != null && refining != scan) {
      refining.enter(place);
    }
  }

  /** Passes over blocks without an allowed row. */
  private boolean allowedOf(RowBitmap allowed, int first, int count) {
    boolean found = false;
    int from = -1;
    for (int at = 0; at < count; at += NibbleScan.BLOCK) {
      int end = Math.min(count, at + NibbleScan.BLOCK);
      boolean any = false;
      for (int i = at; i < end; i++) {
        passes[i] = allowed.get(file.lists().row(first + i));
        any |= passes[i];
      }
      if (any && from < 0) {
        from = at;
      } else if (!any && from >= 0) {
        found |= chunk(first + from, at - from, from);
        from = -1;
      }
    }
    return from < 0 ? found : chunk(first + from, count - from, from) | found;
  }

  /**
   * @param passFrom where {@link #passes} begins to speak of these positions
   */
  private boolean chunk(int first, int count, int passFrom) {
    scan.estimate(first, count, estimates, slacks);
    placed.outside(estimates, count);
    placed.outsideSlack(slacks, count);
    int n = 0;
    boolean all = query.allowed() == null;
    boolean bounded = query.maxDistance() != Float.POSITIVE_INFINITY;
    boolean full = candidates == null && heap.isFull();
    float worst = full ? heap.worst() : 0;
    for (int i = 0; i < count; i++) {
      // Comparisons let pass what is not a number: it has to be measured.
      if (!all && !passes[passFrom + i] || estimates[i] + slacks[i] < query.minDistance()) {
        continue;
      }
      eligible++;
      float low = estimates[i] - slacks[i];
      if (full && low > worst || bounded && low >= query.maxDistance()) {
        continue;
      }
      if (candidates == null) {
        pendingLow[n] = low;
        estimates[n] = estimates[i];
        pending[n++] = first + i;
      } else {
        candidates.offer(estimates[i], first + i);
      }
    }
    return candidates != null || settle(n);
  }

  /** Measures what is pending, nearest estimates first until enough are found to exclude others. */
  private boolean settle(int count) {
    boolean found = false;
    int missing = heap.capacity() - heap.size();
    if (missing > 0 && missing < count) {
      NearestHeap nearest = new NearestHeap(missing);
      for (int i = 0; i < count; i++) {
        nearest.offer(estimates[i], i);
      }
      int n = 0;
      for (int i : nearest.drain().rows()) {
        batch[n++] = pending[i];
        pending[i] = -1;
        if (n == BATCH) {
          found |= measure(n);
          n = 0;
        }
      }
      found |= measure(n);
    }
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (pending[i] >= 0 && !(heap.isFull() && pendingLow[i] > heap.worst())) {
        batch[n++] = pending[i];
        if (n == BATCH) {
          found |= measure(n);
          n = 0;
        }
      }
    }
    return measure(n) | found;
  }

  /** Measures a batch of positions of the list, keeps what is near enough. */
  private boolean measure(int count) {
    boolean found = false;
    for (int i = 0; i < count; i++) {
      batchRows[i] = file.lists().row(batch[i]);
    }
    if (refining == null) {
      exact.to(batchRows, count, distances);
    } else {
      refining.measure(batch, count, distances);
      placed.outside(distances, count);
    }
    for (int i = 0; i < count; i++) {
      if (query.admits(distances[i])) {
        heap.offer(distances[i], batchRows[i]);
        found = true;
      }
    }
    return found;
  }

  /** What was found by now; not for a search that measures at its end. */
  Neighbors found() {
    return heap.kept();
  }

  /** What was found; of no use afterwards. */
  Neighbors finish() {
    if (candidates != null) {
      int[] positions = candidates.drain().rows();
      Arrays.sort(positions);
      int n = 0;
      int listEnd = 0;
      for (int position : positions) {
        if (n == BATCH || position >= listEnd) {
          measure(n);
          n = 0;
        }
        if (position >= listEnd) {
          int list = file.lists().of(position);
          enter(list);
          listEnd = file.lists().end(list);
        }
        batch[n++] = position;
      }
      measure(n);
    }
    return heap.drain();
  }
}
