package io.elanus.index.ivf;

import io.elanus.index.IndexFile;
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
 * allowed rows are scanned exactly. Where fewer than the limit were found, reading goes on; under
 * an upper bound only until {@code nprobe} lists with eligible rows, one after the other, held
 * nothing within it.
 */
final class IvfFlatIndex implements VectorIndex {
  private static final String WHAT = "an IVF_FLAT index";
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
    long count = original.count();
    int dim = original.dim();
    int lists = file.get(FileHeader.INT, FileHeader.OWN_OFFSET + 12);
    MemorySegment[] parts =
        IndexFile.parts(
            file, WHAT, 4L * lists * dim, 4L * (lists + 1L), 4L * count, 4L * count * dim);
    checkStarts(parts[1], lists, count);
    return new IvfFlatIndex(parts, lists, original, metric, file.byteSize());
  }

  /** Every position a search reads follows from these few numbers, so they are looked at here. */
  private static void checkStarts(MemorySegment starts, int lists, long count) {
    int last = 0;
    for (int list = 0; list <= lists; list++) {
      int start = starts.get(FileHeader.INT, 4L * list);
      boolean right = list == 0 ? start == 0 : start >= last;
      if (!right || (list == lists && start != count)) {
        throw FileHeader.corrupt(WHAT + " has damaged lists");
      }
      last = start;
    }
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
    float[] vector = metric == Metric.COSINE ? Scorer.normalized(query.vector()) : query.vector();
    boolean all = query.allowed() == null && query.minDistance() == Float.NEGATIVE_INFINITY;
    Probe probe = new Probe(query, Scorer.of(unit, vectors, null).query(vector));
    probe.read(
        listsByDistance(unit, vector),
        nprobe,
        all ? 0 : (long) Math.ceil(share * query.allowedCount()));
    return probe.heap.drain();
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

  /** One query on its way through the lists. */
  private final class Probe {
    private final VectorQuery query;
    private final Scorer scorer;
    private final NearestHeap heap;
    private final float[] distances = new float[BATCH];

    /** Rows met that are allowed and not before the lower bound. */
    private long eligible;

    Probe(VectorQuery query, Scorer scorer) {
      this.query = query;
      this.scorer = scorer;
      this.heap = new NearestHeap(Math.min(query.limit(), query.allowedCount()));
    }

    void read(int[] order, int nprobe, long eligibleWanted) {
      boolean bounded = query.maxDistance() != Float.POSITIVE_INFINITY;
      int barren = 0;
      for (int i = 0; i < order.length; i++) {
        boolean enough = heap.isFull() || (bounded && barren >= nprobe);
        if (i >= nprobe && enough && eligible >= eligibleWanted) {
          return;
        }
        long eligibleBefore = eligible;
        boolean found = list(order[i]);
        if (eligible > eligibleBefore) {
          barren = found ? 0 : barren + 1;
        }
      }
    }

    /** Reads one list and answers whether any row of it lay within the bounds. */
    private boolean list(int list) {
      boolean found = false;
      int end = starts.get(FileHeader.INT, 4L * (list + 1));
      for (int first = starts.get(FileHeader.INT, 4L * list); first < end; first += BATCH) {
        int n = Math.min(BATCH, end - first);
        scorer.to(first, n, distances);
        for (int i = 0; i < n; i++) {
          if (distances[i] >= query.minDistance()) {
            found |= offer(distances[i], rowAt(first + i));
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

  private int rowAt(int position) {
    int row = rows.get(FileHeader.INT, 4L * position);
    if (row < 0 || row >= vectors.count()) {
      throw FileHeader.corrupt(WHAT + " points outside its segment");
    }
    return row;
  }
}
