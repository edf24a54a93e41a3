package io.elanus.index.ivf;

import io.elanus.index.IndexFile;
import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.distance.Scorer;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;

/**
 * Open inverted lists of vectors. {@link ListWalk} says how many are read; where fewer rows are
 * allowed than {@code nprobe} lists hold, the allowed rows are scanned exactly.
 */
final class IvfFlatIndex implements VectorIndex {
  private static final String WHAT = "an IVF_FLAT index";
  private static final int BATCH = 256;

  private final Lists lists;
  private final VectorData vectors;
  private final VectorData original;
  private final Metric metric;
  private final long sizeBytes;

  private IvfFlatIndex(
      Lists lists, MemorySegment vectors, VectorData original, Metric metric, long sizeBytes) {
    this.lists = lists;
    this.vectors = new VectorData(vectors, original.count(), original.dim());
    this.original = original;
    this.metric = metric;
    this.sizeBytes = sizeBytes;
  }

  static IvfFlatIndex open(MemorySegment file, VectorData original, Metric metric) {
    int count = original.count();
    int dim = original.dim();
    int lists = file.get(FileHeader.INT, FileHeader.OWN_OFFSET + 12);
    MemorySegment[] parts =
        IndexFile.parts(
            file, WHAT, 4L * lists * dim, 4L * (lists + 1L), 4L * count, 4L * count * dim);
    Lists open = Lists.open(WHAT, new VectorData(parts[0], lists, dim), parts[1], parts[2], count);
    return new IvfFlatIndex(open, parts[3], original, metric, file.byteSize());
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
    int nprobe = IvfParameters.nprobe(query.params());
    double share = Math.min(1, (double) nprobe / lists.count());
    if (query.allowed() != null && query.allowedCount() <= share * size()) {
      return ExactScan.search(original, metric, null, query);
    }
    // Under COSINE both sides have unit length here, and the inner product is the cosine.
    Metric unit = metric == Metric.COSINE ? Metric.IP : metric;
    float[] vector = metric == Metric.COSINE ? Scorer.normalized(query.vector()) : query.vector();
    boolean all = query.allowed() == null && query.minDistance() == Float.NEGATIVE_INFINITY;
    Probe probe = new Probe(query, Scorer.of(unit, vectors, null).query(vector));
    float[] distances = new float[lists.count()];
    Scorer.of(unit, lists.centroids(), null).query(vector).to(0, lists.count(), distances);
    ListWalk.walk(
        distances,
        nprobe,
        all ? 0 : (long) Math.ceil(share * query.allowedCount()),
        query.maxDistance() != Float.POSITIVE_INFINITY,
        probe);
    return probe.heap.drain();
  }

  /** One query on its way through the lists. */
  private final class Probe implements ListWalk.Reading {
    private final VectorQuery query;
    private final Scorer scorer;
    private final NearestHeap heap;
    private final float[] distances = new float[BATCH];
    private long eligible;

    Probe(VectorQuery query, Scorer scorer) {
      this.query = query;
      this.scorer = scorer;
      this.heap = new NearestHeap(Math.min(query.limit(), query.allowedCount()));
    }

    @Override
    public boolean isFull() {
      return heap.isFull();
    }

    @Override
    public long eligible() {
      return eligible;
    }

    @Override
    public boolean list(int list) {
      boolean found = false;
      int end = lists.end(list);
      for (int first = lists.start(list); first < end; first += BATCH) {
        int n = Math.min(BATCH, end - first);
        scorer.to(first, n, distances);
        for (int i = 0; i < n; i++) {
          if (distances[i] >= query.minDistance()) {
            found |= offer(distances[i], lists.row(first + i));
          }
        }
      }
      return found;
    }

    private boolean offer(float distance, int row) {
      RowBitmap allowed = query.allowed();
      if (allowed != null && !allowed.get(row)) {
        return false;
      }
      eligible++;
      if (!query.admits(distance)) {
        return false;
      }
      heap.offer(distance, row);
      return true;
    }
  }
}
