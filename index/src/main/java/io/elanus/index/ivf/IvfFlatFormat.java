package io.elanus.index.ivf;

import io.elanus.index.BuildMonitor;
import io.elanus.index.IndexFile;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.distance.Scorer;
import io.elanus.index.recall.RecallCurve;
import io.elanus.index.recall.RecallMeasure;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * IVF_FLAT, and BIN_IVF_FLAT for bits. Vectors are copied in list order so that a probe reads
 * straight on; under COSINE those of float32 are copied at unit length. All numbers little-endian
 * 32 bit; every part starts at a multiple of 64.
 *
 * <pre>
 * header ELAIVFF1 (64 bytes); own fields: metric, rows, dim, lists; from version 2 on, which is
 *                 written where vectors are not float32, the ordinal of their type; bytes of a
 *                 graph over the centroids (8), 0 but for IVF_HNSW
 * centroids       lists × dim floats; of bits lists × dim / 8 bytes
 * starts          lists + 1: first position of each list
 * rows            per position: the segment's row
 * vectors         per position: dim floats; in version 2 the vector as the segment has it
 * norms           version 2 under COSINE: per position 1/length of the vector
 * curve           {@link RecallCurve}, an appendix; none in older and in small files
 * end             see {@link IndexFile}
 * </pre>
 *
 * <p>A segment with fewer than {@value Partition#ROWS_PER_LIST_MIN} rows per list gets fewer lists
 * than asked for (its rows / {@value Partition#ROWS_PER_LIST_MIN}): centroids trained on less only
 * cost time.
 */
public final class IvfFlatFormat implements VectorIndexFormat {
  static final String MAGIC = "ELAIVFF1";
  static final int VERSION = 2;

  private final boolean bits;

  public IvfFlatFormat() {
    this(false);
  }

  private IvfFlatFormat(boolean bits) {
    this.bits = bits;
  }

  /** BIN_IVF_FLAT. */
  public static IvfFlatFormat ofBits() {
    return new IvfFlatFormat(true);
  }

  @Override
  public String type() {
    return bits ? "BIN_IVF_FLAT" : "IVF_FLAT";
  }

  @Override
  public boolean supports(DataType vectorType) {
    return bits ? vectorType == DataType.BINARY_VECTOR : vectorType.isNumericVector();
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {
    IvfParameters.nlist(params);
  }

  @Override
  public boolean takesRecall() {
    return true;
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    IvfParameters.nprobe(params);
    IvfParameters.checkRecall(params);
  }

  @Override
  public void build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    int nlist = IvfParameters.nlist(params);
    int[] asked = RecallMeasure.asked(vectors.count(), IvfParameters.PLAN, seed);
    try (Arena arena = monitor.arena()) {
      if (bits) {
        Partition lists = Partition.ofBits(vectors, asked, metric, nlist, seed, arena, monitor);
        RecallCurve curve = curve(lists, null, vectors, metric, seed, monitor, arena);
        write(MAGIC, vectors, metric, lists, new byte[0], curve, out);
        return;
      }
      VectorData data = metric == Metric.COSINE ? unit(vectors, arena) : vectors;
      Partition lists = Partition.of(data, asked, nlist, seed, arena, monitor, monitor::progress);
      RecallCurve curve = curve(lists, null, vectors, metric, seed, monitor, arena);
      VectorData kept = vectors.type() == DataType.FLOAT_VECTOR ? data : vectors;
      write(MAGIC, kept, metric, lists, new byte[0], curve, out);
    }
  }

  static @Nullable RecallCurve curve(
      Partition lists,
      @Nullable CentroidGraph graph,
      VectorData vectors,
      Metric metric,
      long seed,
      BuildMonitor monitor,
      Arena arena) {
    ListProbe probe = new ListProbe(lists, graph, vectors, metric, arena);
    return RecallMeasure.curve(probe, vectors, metric, IvfParameters.PLAN, seed, monitor);
  }

  /**
   * @param graph the file of a graph over the centroids, or nothing
   */
  static void write(
      String magic,
      VectorData data,
      Metric metric,
      Partition lists,
      byte[] graph,
      @Nullable RecallCurve curve,
      ObjectStore.Writer out) {
    boolean float32 = data.type() == DataType.FLOAT_VECTOR;
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET, metric.ordinal());
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET + 4, data.count());
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET + 8, data.dim());
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET + 12, lists.centroids().count());
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET + 16, float32 ? 0 : data.type().ordinal());
    header.set(FileHeader.LONG, FileHeader.OWN_OFFSET + 20, graph.length);
    FileHeader.seal(header, magic, float32 ? 1 : VERSION);
    IndexFile file = IndexFile.start(header, out);
    VectorData centroids = lists.centroids();
    file.part(centroids.values().asSlice(0, centroids.offset(centroids.count())));
    file.part(MemorySegment.ofArray(lists.starts()));
    file.part(MemorySegment.ofArray(lists.order()));
    for (int row : lists.order()) {
      file.append(data.values().asSlice(data.offset(row), data.vectorBytes()));
    }
    file.endPart();
    if (!float32 && metric == Metric.COSINE) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment norms = arena.allocate(Math.max(4, 4L * data.count()), 64);
        Scorer.inverseNorms(data, norms);
        MemorySegment one = MemorySegment.ofArray(new byte[4]);
        for (int row : lists.order()) {
          one.set(FileHeader.FLOAT, 0, norms.get(FileHeader.FLOAT, 4L * row));
          file.append(one);
        }
      }
    }
    file.endPart();
    file.part(MemorySegment.ofArray(graph));
    if (curve != null) {
      file.appendix(IndexFile.CURVE, curve.bytes());
    }
    file.finish();
  }

  static VectorData unit(VectorData vectors, Arena arena) {
    MemorySegment copy = arena.allocate(Math.max(4, 4L * vectors.dim() * vectors.count()), 64);
    VectorData unit = new VectorData(copy, vectors.count(), vectors.dim());
    for (int row = 0; row < vectors.count(); row++) {
      float[] vector = Scorer.normalized(vectors.vector(row));
      MemorySegment.copy(vector, 0, copy, FileHeader.FLOAT, unit.offset(row), vector.length);
    }
    return unit;
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    return open(type(), MAGIC, file, vectors, metric);
  }

  static VectorIndex open(
      String name, String magic, MemorySegment file, VectorData vectors, Metric metric) {
    String what = "an index of type " + name;
    FileHeader.check(file, magic, VERSION, what);
    int own = FileHeader.OWN_OFFSET;
    boolean float32 = file.get(FileHeader.INT, 8) == 1;
    int type = float32 ? DataType.FLOAT_VECTOR.ordinal() : file.get(FileHeader.INT, own + 16);
    if (file.get(FileHeader.INT, own) != metric.ordinal()
        || file.get(FileHeader.INT, own + 4) != vectors.count()
        || file.get(FileHeader.INT, own + 8) != vectors.dim()
        || type != vectors.type().ordinal()) {
      throw FileHeader.corrupt(what + " does not belong to its segment");
    }
    return IvfFlatIndex.open(name, file, vectors, metric);
  }
}
