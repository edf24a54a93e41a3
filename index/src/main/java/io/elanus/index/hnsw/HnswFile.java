package io.elanus.index.hnsw;

import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The graph on disk and mapped. All numbers little-endian 32 bit unless said otherwise; every part
 * starts at a multiple of 64.
 *
 * <pre>
 * header ELAHNSW1 (64 bytes); own fields: metric, rows, M, efConstruction, entry node (−1 none),
 *                 top layer, upper ints (64 bit)
 * norms           COSINE only: 1/length of each row
 * ground layer    per row: count, then 2·M neighbours
 * upper starts    per row: index of its first int among the upper ints, −1 for none
 * upper layers    per row and layer from 1: count, then M neighbours
 * </pre>
 */
final class HnswFile implements Graph {
  private static final String MAGIC = "ELAHNSW1";
  private static final int VERSION = 1;
  private static final int OWN = FileHeader.OWN_OFFSET;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

  private final int count;
  private final int m;
  private final int groundDegree;
  private final int entry;
  private final int top;
  private final MemorySegment ground;
  private final MemorySegment upperStarts;
  private final MemorySegment upper;
  private final @Nullable MemorySegment norms;
  private final long sizeBytes;

  private HnswFile(MemorySegment file, boolean cosine) {
    count = file.get(FileHeader.INT, OWN + 4);
    m = file.get(FileHeader.INT, OWN + 8);
    groundDegree = 2 * m;
    entry = file.get(FileHeader.INT, OWN + 16);
    top = file.get(FileHeader.INT, OWN + 20);
    long upperInts = file.get(FileHeader.LONG, OWN + 24);
    List<MemorySegment> parts = new ArrayList<>();
    long at = FileHeader.BYTES;
    long[] lengths = {
      cosine ? 4L * count : 0, 4L * (1 + groundDegree) * count, 4L * count, 4L * upperInts
    };
    for (long length : lengths) {
      if (length < 0 || at + length > file.byteSize()) {
        throw FileHeader.corrupt("an HNSW index is cut short");
      }
      parts.add(file.asSlice(at, length));
      at = (at + length + 63) & -64L;
    }
    norms = cosine ? parts.get(0) : null;
    ground = parts.get(1);
    upperStarts = parts.get(2);
    upper = parts.get(3);
    sizeBytes = file.byteSize();
  }

  static void write(
      HnswBuilder graph,
      Metric metric,
      int efConstruction,
      @Nullable MemorySegment norms,
      ObjectStore.Writer out) {
    int[] starts = new int[graph.size()];
    long upperInts = 0;
    for (int node = 0; node < graph.size(); node++) {
      int[] lists = graph.upperLayers(node);
      starts[node] = lists == null ? -1 : Math.toIntExact(upperInts);
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
    FileHeader.seal(header, MAGIC, VERSION);
    out.write(header);
    if (norms != null) {
      out.write(norms.asSlice(0, 4L * graph.size()));
      out.align(64);
    }
    out.write(graph.groundLayer());
    out.align(64);
    out.write(MemorySegment.ofArray(starts));
    out.align(64);
    for (int node = 0; node < graph.size(); node++) {
      int[] lists = graph.upperLayers(node);
      if (lists != null) {
        out.write(MemorySegment.ofArray(lists));
      }
    }
  }

  static HnswFile open(MemorySegment file, Metric metric, int rows) {
    FileHeader.check(file, MAGIC, VERSION, "an HNSW index");
    if (file.get(FileHeader.INT, OWN) != metric.ordinal()
        || file.get(FileHeader.INT, OWN + 4) != rows) {
      throw FileHeader.corrupt("an HNSW index does not belong to its segment");
    }
    return new HnswFile(file, metric == Metric.COSINE);
  }

  @Nullable MemorySegment norms() {
    return norms;
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
    MemorySegment.copy(lists, INT, base + 4, into, 0, n);
    return n;
  }
}
