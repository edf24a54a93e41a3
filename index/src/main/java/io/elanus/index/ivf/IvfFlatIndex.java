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
import io.elanus.index.recall.Efforts;
import io.elanus.index.recall.RecallCurve;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Open inverted lists of vectors. {@link ListWalk} says how many are read; where fewer rows are
 * allowed than {@code nprobe} lists hold, the allowed rows are scanned exactly.
 */
final class IvfFlatIndex implements VectorIndex {
  private static final int BATCH = 256;

  private final String type;
  private final Lists lists;
  private final CentroidOrder order;
  private final VectorData vectors;
  private final @Nullable MemorySegment norms;
  private final VectorData original;
  private final Metric metric;
  private final Efforts efforts;
  private final long sizeBytes;

  private IvfFlatIndex(
      String type,
      Lists lists,
      CentroidOrder order,
      VectorData vectors,
      @Nullable MemorySegment norms,
      VectorData original,
      Metric metric,
      Efforts efforts,
      long sizeBytes) {
    this.type = type;
    this.lists = lists;
    this.order = order;
    this.vectors = vectors;
    this.norms = norms;
    this.original = original;
    this.metric = metric;
    this.efforts = efforts;
    this.sizeBytes = sizeBytes;
  }

  static IvfFlatIndex open(String type, MemorySegment file, VectorData original, Metric metric) {
    int count = original.count();
    int dim = original.dim();
    DataType rows = original.type();
    DataType centers = rows == DataType.BINARY_VECTOR ? rows : DataType.FLOAT_VECTOR;
    int lists = file.get(FileHeader.INT, FileHeader.OWN_OFFSET + 12);
    boolean normed = rows != DataType.FLOAT_VECTOR && metric == Metric.COSINE;
    String what = "an index of type " + type;
    long graphBytes = file.get(FileHeader.LONG, FileHeader.OWN_OFFSET + 20);
    MemorySegment[] parts =
        IndexFile.parts(
            file,
            what,
            (long) lists * centers.vectorBytes(dim),
            4L * (lists + 1L),
            4L * count,
            (long) count * rows.vectorBytes(dim),
            normed ? 4L * count : 0,
            graphBytes);
    VectorData centroids = new VectorData(parts[0], lists, dim, centers);
    Lists open = Lists.open(what, centroids, parts[1], parts[2], count);
    VectorData vectors = new VectorData(parts[3], count, dim, rows);
    CentroidGraph graph =
        graphBytes == 0
            ? null
            : CentroidGraph.open(parts[5], centroids, CentroidOrder.unit(metric));
    return new IvfFlatIndex(
        type,
        open,
        new CentroidOrder(metric, centroids, graph),
        vectors,
        normed ? parts[4] : null,
        original,
        metric,
        IvfParameters.efforts(lists, RecallCurve.in(file, what)),
        file.byteSize());
  }

  @Override
  public String type() {
    return type;
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
    double part = (double) query.allowedCount() / size();
    int nprobe = IvfParameters.nprobe(query.params(), efforts, query.limit(), part);
    double share = Math.min(1, (double) nprobe / lists.count());
    if (query.allowed() != null && query.allowedCount() <= share * size()) {
      return ExactScan.search(original, metric, null, query);
    }
    boolean all = query.allowed() == null && query.minDistance() == Float.NEGATIVE_INFINITY;
    Probe probe = new Probe(query, rows(query));
    ListWalk.walk(
        order.of(query.target(), IvfParameters.centroidEffort(query.params(), nprobe)),
        nprobe,
        all ? 0 : (long) Math.ceil(share * query.allowedCount()),
        query.maxDistance() != Float.POSITIVE_INFINITY,
        probe);
    return probe.heap.drain();
  }

  private Scorer rows(VectorQuery query) {
    return vectors.type() == DataType.FLOAT_VECTOR
        ? Scorer.of(CentroidOrder.unit(metric), vectors, null).query(order.placed(query.target()))
        : Scorer.of(metric, vectors, norms).query(query.target());
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
