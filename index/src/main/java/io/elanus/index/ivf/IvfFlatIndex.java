package io.elanus.index.ivf;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.Scorer;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;

/**
 * Open inverted lists. Without a filter the nearest {@code nprobe} lists are read. Under a filter
 * (or the lower bound of an iterator's page) lists are read until the same share of the eligible
 * rows was seen as {@code nprobe} lists hold of all rows, so that a filter costs no recall even
 * where it excludes all that is near; and where fewer rows are allowed than those lists hold, the
 * allowed rows are scanned exactly.
 */
final class IvfFlatIndex implements VectorIndex {
  private static final int BATCH = 256;

  private final VectorData centroids;
  private final MemorySegment starts;
  private final MemorySegment rows;
  private final VectorData vectors;
  private final VectorData original;
  private final Metric metric;
  private final long sizeBytes;

  private IvfFlatIndex(
      MemorySegment[] parts, int lists, VectorData original, Metric metric, long sizeBytes) {
    this.centroids = new VectorData(parts[0], lists, original.dim());
    this.starts = parts[1];
    this.rows = parts[2];
    this.vectors = new VectorData(parts[3], original.count(), original.dim());
    this.original = original;
    this.metric = metric;
    this.sizeBytes = sizeBytes;
  }

  static IvfFlatIndex open(MemorySegment file, VectorData original, Metric metric) {
    int count = original.count();
    int dim = original.dim();
    int lists = file.get(FileHeader.INT, FileHeader.OWN_OFFSET + 12);
    long[] lengths = {4L * lists * dim, 4L * (lists + 1L), 4L * count, 4L * count * dim};
    MemorySegment[] parts = new MemorySegment[lengths.length];
    long at = FileHeader.BYTES;
    for (int i = 0; i < lengths.length; i++) {
      if (lists < 0 || at + lengths[i] > file.byteSize()) {
        throw FileHeader.corrupt("an IVF_FLAT index is cut short");
      }
      parts[i] = file.asSlice(at, lengths[i]);
      at = (at + lengths[i] + 63) & -64L;
    }
    return new IvfFlatIndex(parts, lists, original, metric, file.byteSize());
  }

  @Override
  public String type() {
    return "IVF_FLAT";
  }

  @Override
  public int size() {
    return vectors.count();
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public Neighbors search(VectorQuery query) {
    if (query.allowedCount() == 0 || size() == 0) {
      return Neighbors.NONE;
    }
    int nprobe = query.params().integer("nprobe").orElse(IvfFlatFormat.NPROBE_DEFAULT);
    double share = Math.min(1, (double) nprobe / centroids.count());
    if (query.allowed() != null && query.allowedCount() <= share * size()) {
      return ExactScan.search(original, metric, null, query);
    }
    // Under COSINE both sides have unit length here, and the inner product is the cosine.
    Metric unit = metric == Metric.COSINE ? Metric.IP : metric;
    float[] vector = metric == Metric.COSINE ? unit(query.vector()) : query.vector();
    int[] order = listsByDistance(unit, vector);
    boolean all = query.allowed() == null && query.minDistance() == Float.NEGATIVE_INFINITY;
    long eligibleWanted = all ? 0 : (long) Math.ceil(share * query.allowedCount());
    long eligible = 0;
    Scorer scorer = Scorer.of(unit, vectors, null).query(vector);
    NearestHeap heap = new NearestHeap(Math.min(query.limit(), query.allowedCount()));
    float[] distances = new float[BATCH];
    for (int i = 0; i < order.length; i++) {
      if (i >= nprobe && heap.isFull() && eligible >= eligibleWanted) {
        break;
      }
      eligible += probe(order[i], scorer, query, heap, distances);
    }
    return heap.drain();
  }

  /** Reads one list and answers how many of its rows were eligible. */
  private int probe(
      int list, Scorer scorer, VectorQuery query, NearestHeap heap, float[] distances) {
    RowBitmap allowed = query.allowed();
    int eligible = 0;
    int end = starts.get(FileHeader.INT, 4L * (list + 1));
    for (int first = starts.get(FileHeader.INT, 4L * list); first < end; first += BATCH) {
      int n = Math.min(BATCH, end - first);
      scorer.to(first, n, distances);
      for (int i = 0; i < n; i++) {
        float distance = distances[i];
        if (distance >= query.minDistance() && distance < query.maxDistance()) {
          int row = rows.get(FileHeader.INT, 4L * (first + i));
          if (allowed == null || allowed.get(row)) {
            heap.offer(distance, row);
            eligible++;
          }
        }
      }
    }
    return eligible;
  }

  private int[] listsByDistance(Metric unit, float[] vector) {
    int lists = centroids.count();
    float[] distances = new float[lists];
    Scorer.of(unit, centroids, null).query(vector).to(0, lists, distances);
    NearestHeap heap = new NearestHeap(lists);
    for (int list = 0; list < lists; list++) {
      heap.offer(distances[list], list);
    }
    return heap.drain().rows();
  }

  private static float[] unit(float[] vector) {
    double squared = 0;
    for (float value : vector) {
      squared += (double) value * value;
    }
    float factor = squared > 0 ? (float) (1 / Math.sqrt(squared)) : 0;
    float[] scaled = vector.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }
}
