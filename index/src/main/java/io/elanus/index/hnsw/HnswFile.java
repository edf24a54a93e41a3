package io.elanus.index.hnsw;

import io.elanus.index.BuildMonitor;
import io.elanus.index.IndexFile;
import io.elanus.index.VectorData;
import io.elanus.index.recall.RecallCurve;
import io.elanus.index.scan.RowSigns;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The graph on disk and mapped. All numbers little-endian 32 bit unless said otherwise; every part
 * starts at a multiple of 64.
 *
 * <pre>
 * header ELAHNSW1 (64 bytes); own fields: metric, rows, M, efConstruction, entry node (−1 none),
 *                 top layer, upper ints (64 bit), rows that are another's twin
 * norms           COSINE only: 1/length of each row
 * twins           per row: the next row with the same vector, −1 for none; absent where no row is
 *                 another's twin
 * ground layer    per row: count, then 2·M neighbours; a twin has none
 * upper starts    per row: index of its first int among the upper ints, −1 for none
 * upper layers    per row and layer from 1: count, then M neighbours
 * curve           {@link RecallCurve}, an appendix; none in older and in small files
 * signs           {@link RowSigns}, the same
 * end             see {@link IndexFile}
 * </pre>
 */
final class HnswFile implements Graph {
  static final String MAGIC = "ELAHNSW1";
  static final String WHAT = "an HNSW index";
  private static final int VERSION = 1;
  private static final int OWN = FileHeader.OWN_OFFSET;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

  private final String what;
  private final int count;
  private final int m;
  private final int groundDegree;
  private final int entry;
  private final int top;
  private final MemorySegment ground;
  private final MemorySegment upperStarts;
  private final MemorySegment upper;
  private final @Nullable MemorySegment norms;
  private final @Nullable MemorySegment twins;
  private final @Nullable RecallCurve curve;
  private final long sizeBytes;

  /**
   * @param parts those of {@link #lengths} first
   * @param what the kind of file, for the sentence
   */
  HnswFile(MemorySegment file, MemorySegment[] parts, Metric metric, String what) {
    this.what = what;
    count = file.get(FileHeader.INT, OWN + 4);
    m = file.get(FileHeader.INT, OWN + 8);
    groundDegree = 2 * m;
    entry = file.get(FileHeader.INT, OWN + 16);
    top = file.get(FileHeader.INT, OWN + 20);
    norms = metric == Metric.COSINE ? parts[0] : null;
    twins = file.get(FileHeader.INT, OWN + 32) > 0 ? parts[1] : null;
    ground = parts[2];
    upperStarts = parts[3];
    upper = parts[4];
    curve = RecallCurve.in(file, WHAT);
    sizeBytes = file.byteSize();
  }

  /** Bytes of the graph's parts, as the header's first 36 own bytes say. */
  static long[] lengths(MemorySegment file, Metric metric) {
    long count = file.get(FileHeader.INT, OWN + 4);
    long m = file.get(FileHeader.INT, OWN + 8);
    return new long[] {
      metric == Metric.COSINE ? 4 * count : 0,
      file.get(FileHeader.INT, OWN + 32) > 0 ? 4 * count : 0,
      4 * (1 + 2 * m) * count,
      4 * count,
      4 * file.get(FileHeader.LONG, OWN + 24)
    };
  }

  /** Writes a graph alone. */
  static void write(
      HnswBuilder graph,
      Metric metric,
      int efConstruction,
      @Nullable MemorySegment norms,
      ObjectStore.Writer out) {
    start(graph, metric, efConstruction, norms, out).finish();
  }

  /** Writes a graph, what is known of its recall, and codes of these vectors. */
  static void write(
      HnswBuilder graph,
      Metric metric,
      int efConstruction,
      @Nullable MemorySegment norms,
      @Nullable RecallCurve curve,
      VectorData vectors,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    IndexFile file = start(graph, metric, efConstruction, norms, out);
    if (curve != null) {
      file.appendix(IndexFile.CURVE, curve.bytes());
    }
    RowSigns.append(vectors, metric, seed, monitor, file);
    file.finish();
  }

  private static IndexFile start(
      HnswBuilder graph,
      Metric metric,
      int efConstruction,
      @Nullable MemorySegment norms,
      ObjectStore.Writer out) {
    MemorySegment header = header(graph, metric, efConstruction);
    FileHeader.seal(header, MAGIC, VERSION);
    IndexFile file = IndexFile.start(header, out);
    append(graph, norms, file);
    return file;
  }

  /** The header's first 36 own bytes, and room for more. */
  static MemorySegment header(HnswBuilder graph, Metric metric, int efConstruction) {
    long upperInts = 0;
    for (int node = 0; node < graph.size(); node++) {
      int[] lists = graph.upperLayers(node);
      upperInts += lists == null ? 0 : lists.length;
    }
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    header.set(FileHeader.INT, OWN, metric.ordinal());
    header.set(FileHeader.INT, OWN + 4, graph.size());
    header.set(FileHeader.INT, OWN + 8, graph.m());
    header.set(FileHeader.INT, OWN + 12, efConstruction);
    header.set(FileHeader.INT, OWN + 16, graph.entryNode());
    header.set(FileHeader.INT, OWN + 20, graph.topLayer());
    header.set(FileHeader.LONG, OWN + 24, upperInts);
    header.set(FileHeader.INT, OWN + 32, graph.twins().count());
    return header;
  }

  /** The graph's parts. */
  static void append(HnswBuilder graph, @Nullable MemorySegment norms, IndexFile file) {
    int[] starts = new int[graph.size()];
    long upperInts = 0;
    for (int node = 0; node < graph.size(); node++) {
      int[] lists = graph.upperLayers(node);
      starts[node] = lists == null ? -1 : Math.toIntExact(upperInts);
      upperInts += lists == null ? 0 : lists.length;
    }
    if (norms != null) {
      file.part(norms.asSlice(0, 4L * graph.size()));
    }
    if (graph.twins().count() > 0) {
      file.part(MemorySegment.ofArray(graph.twins().next()));
    }
    file.part(graph.groundLayer());
    file.part(MemorySegment.ofArray(starts));
    for (int node = 0; node < graph.size(); node++) {
      int[] lists = graph.upperLayers(node);
      if (lists != null) {
        file.append(MemorySegment.ofArray(lists));
      }
    }
    file.endPart();
  }

  static HnswFile open(MemorySegment file, Metric metric, int rows) {
    FileHeader.check(file, MAGIC, VERSION, WHAT);
    checkSegment(file, metric, rows, WHAT);
    MemorySegment[] parts = IndexFile.parts(file, WHAT, lengths(file, metric));
    return new HnswFile(file, parts, metric, WHAT);
  }

  /** Whether the header speaks of this segment. */
  static void checkSegment(MemorySegment file, Metric metric, int rows, String what) {
    if (file.get(FileHeader.INT, OWN) != metric.ordinal()
        || file.get(FileHeader.INT, OWN + 4) != rows) {
      throw FileHeader.corrupt(what + " does not belong to its segment");
    }
  }

  @Nullable MemorySegment norms() {
    return norms;
  }

  /** Null in older and in small files. */
  @Nullable RecallCurve curve() {
    return curve;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  int m() {
    return m;
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public int entryNode() {
    return entry;
  }

  @Override
  public int topLayer() {
    return top;
  }

  @Override
  public int nextTwin(int row) {
    MemorySegment chain = twins;
    if (chain == null) {
      return -1;
    }
    int next = chain.get(INT, 4L * row);
    if (next >= 0 && next <= row) {
      // A chain that turns back would never end.
      throw FileHeader.corrupt(what + " is damaged");
    }
    return next;
  }

  @Override
  public int degreeMax() {
    return groundDegree;
  }

  @Override
  public int neighbors(int node, int layer, int[] into) {
    MemorySegment lists = ground;
    long base = 4L * (1 + groundDegree) * node;
    if (layer > 0) {
      lists = upper;
      base = 4L * (upperStarts.get(INT, 4L * node) + (long) (layer - 1) * (1 + m));
    }
    int n = lists.get(INT, base);
    if (n < 0 || n > (layer > 0 ? m : groundDegree)) {
      throw FileHeader.corrupt(what + " is damaged");
    }
    MemorySegment.copy(lists, INT, base + 4, into, 0, n);
    return n;
  }
}
