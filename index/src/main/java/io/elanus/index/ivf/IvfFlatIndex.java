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
import io.elanus.model.query.SearchParams;
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
  private final VectorData vectors;
  private final @Nullable CentroidGraph graph;
  private final VectorData original;
  private final Metric metric;
  private final long sizeBytes;

  private IvfFlatIndex(
      String type,
      Lists lists,
      MemorySegment vectors,
      @Nullable CentroidGraph graph,
      VectorData original,
      Metric metric,
      long sizeBytes) {
    this.type = type;
    this.lists = lists;
    this.vectors = new VectorData(vectors, original.count(), original.dim());
    this.graph = graph;
    this.original = original;
    this.metric = metric;
    this.sizeBytes = sizeBytes;
  }

  /** A file whose header was checked; with a graph where it says that it has one. */
  static IvfFlatIndex open(
      String type, MemorySegment file, String what, VectorData original, Metric metric) {
    int count = original.count();
    int dim = original.dim();
    int lists = file.get(FileHeader.INT, FileHeader.OWN_OFFSET + 12);
    long graphBytes = file.get(FileHeader.LONG, FileHeader.OWN_OFFSET + 16);
    MemorySegment[] parts =
        IndexFile.parts(
            file,
            what,
            4L * lists * dim,
            4L * (lists + 1L),
            4L * count,
            4L * count * dim,
            graphBytes);
    VectorData centroids = new VectorData(parts[0], lists, dim);
    Lists open = Lists.open(what, centroids, parts[1], parts[2], count);
    CentroidGraph graph =
        graphBytes == 0 ? null : CentroidGraph.open(parts[4], centroids, unit(metric));
    return new IvfFlatIndex(type, open, parts[3], graph, original, metric, file.byteSize());
  }

  /** Under COSINE both sides have unit length here, and the inner product is the cosine. */
  static Metric unit(Metric metric) {
    return metric == Metric.COSINE ? Metric.IP : metric;
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
    int nprobe = IvfParameters.nprobe(query.params());
    double share = Math.min(1, (double) nprobe / lists.count());
    if (query.allowed() != null && query.allowedCount() <= share * size()) {
      return ExactScan.search(original, metric, null, query);
    }
    Metric unit = unit(metric);
    float[] vector = metric == Metric.COSINE ? Scorer.normalized(query.vector()) : query.vector();
    boolean all = query.allowed() == null && query.minDistance() == Float.NEGATIVE_INFINITY;
    Probe probe = new Probe(query, Scorer.of(unit, vectors, null).query(vector));
    ListWalk.walk(
        new Order(unit, vector, IvfParameters.centroidEffort(query.params(), nprobe)),
        nprobe,
        all ? 0 : (long) Math.ceil(share * query.allowedCount()),
        query.maxDistance() != Float.POSITIVE_INFINITY,
        probe);
    return probe.heap.drain();
  }

  /** By the graph where there is one; whoever asks for nearly all has them all measured. */
  private final class Order implements ListWalk.Order {
    private final Metric unit;
    private final float[] vector;
    private final SearchParams effort;

    Order(Metric unit, float[] vector, SearchParams effort) {
      this.unit = unit;
      this.vector = vector;
      this.effort = effort;
    }

    @Override
    public int lists() {
      return lists.count();
    }

    @Override
    public int[] nearest(int count) {
      CentroidGraph over = graph;
      if (over != null && count < lists.count()) {
        return over.nearest(vector, count, effort);
      }
      float[] distances = new float[lists.count()];
      Scorer.of(unit, lists.centroids(), null).query(vector).to(0, lists.count(), distances);
      return ListWalk.byDistance(distances).nearest(count);
    }
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
