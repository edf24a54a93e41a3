package io.elanus.index.quantgraph;

import io.elanus.index.BuildMonitor;
import io.elanus.index.IndexFile;
import io.elanus.index.Twins;
import io.elanus.index.VectorData;
import io.elanus.index.recall.RecallCurve;
import io.elanus.index.scan.RowSigns;
import io.elanus.kernel.graph.GraphHop.Nodes;
import io.elanus.kernel.graph.HopLayout;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A quantised graph as a file, little-endian:
 *
 * <pre>
 * header   {@link FileHeader}, own: metric (4), rows (4), dim (4), entry (4), rows that are twins
 *          (4), bits of a code (4), seed of the rotation (8), hubs (4), what rounding lost (4, a
 *          float; 0 where nodes hold floats, as in version 1), length of the longest row (8)
 * twins    if any: per row the next one with the same vector, −1 for none
 * hubs     {@link Hubs}, as nodes
 * nodes    per row {@link HopLayout}; a twin's is not used
 * curve    {@link RecallCurve}, an appendix; none in older and in small files
 * signs    {@link RowSigns}, the same
 * end      see {@link IndexFile}
 * </pre>
 */
record QuantGraphFile(
    Space space,
    Nodes nodes,
    @Nullable Nodes hubs,
    int entry,
    @Nullable MemorySegment twins,
    float lost,
    @Nullable RecallCurve curve,
    @Nullable RowSigns signs,
    long sizeBytes) {
  static final String MAGIC = "ELAQGRF1";
  private static final String WHAT = "a QG index";
  private static final int VERSION = 2;
  private static final int OWN = FileHeader.OWN_OFFSET;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

  static void write(
      Rounding rounding,
      long seed,
      int entry,
      Twins twins,
      @Nullable RecallCurve curve,
      VectorData vectors,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    Space space = rounding.space();
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    header.set(FileHeader.INT, OWN, space.metric().ordinal());
    header.set(FileHeader.INT, OWN + 4, twins.next().length);
    header.set(FileHeader.INT, OWN + 8, space.dim());
    header.set(FileHeader.INT, OWN + 12, entry);
    header.set(FileHeader.INT, OWN + 16, twins.count());
    header.set(FileHeader.INT, OWN + 20, space.layout().bits());
    header.set(FileHeader.LONG, OWN + 24, seed);
    header.set(
        FileHeader.INT, OWN + 32, (int) (rounding.hubs().byteSize() / space.layout().stride()));
    header.set(FileHeader.FLOAT, OWN + 36, rounding.lost());
    header.set(FileHeader.LONG, OWN + 40, Double.doubleToRawLongBits(space.longest()));
    FileHeader.seal(header, MAGIC, VERSION);
    IndexFile file = IndexFile.start(header, out);
    if (twins.count() > 0) {
      file.part(MemorySegment.ofArray(twins.next()));
    }
    file.part(rounding.hubs());
    file.part(rounding.nodes());
    if (curve != null) {
      file.appendix(IndexFile.CURVE, curve.bytes());
    }
    RowSigns.append(vectors, space.metric(), seed, monitor, file);
    file.finish();
  }

  /** A graph that was built and not yet written. */
  static QuantGraphFile of(Rounding rounding, int entry, Twins twins) {
    Space space = rounding.space();
    MemorySegment nodes = rounding.nodes();
    MemorySegment hubs = rounding.hubs();
    HopLayout layout = space.layout();
    int hubCount = (int) (hubs.byteSize() / layout.stride());
    return new QuantGraphFile(
        space,
        new Nodes(nodes, layout, twins.next().length),
        hubCount > 0 ? new Nodes(hubs, layout, hubCount) : null,
        entry,
        twins.count() > 0 ? MemorySegment.ofArray(twins.next()) : null,
        rounding.lost(),
        null,
        null,
        nodes.byteSize());
  }

  static QuantGraphFile open(MemorySegment file, Metric metric, VectorData vectors) {
    int rows = vectors.count();
    int dim = vectors.dim();
    FileHeader.check(file, MAGIC, VERSION, WHAT);
    if (file.get(FileHeader.INT, OWN) != metric.ordinal()
        || file.get(FileHeader.INT, OWN + 4) != rows
        || file.get(FileHeader.INT, OWN + 8) != dim) {
      throw FileHeader.corrupt(WHAT + " does not belong to its segment");
    }
    int entry = file.get(FileHeader.INT, OWN + 12);
    boolean twinned = file.get(FileHeader.INT, OWN + 16) > 0;
    int bits = file.get(FileHeader.INT, OWN + 20);
    long seed = file.get(FileHeader.LONG, OWN + 24);
    int hubCount = file.get(FileHeader.INT, OWN + 32);
    double longest = Double.longBitsToDouble(file.get(FileHeader.LONG, OWN + 40));
    float lost = file.get(FileHeader.FLOAT, OWN + 36);
    boolean sized =
        bits >= HopLayout.STEP && bits % HopLayout.STEP == 0 && bits <= QuantGraphFormat.BITS_MAX;
    boolean placed = rows == 0 || (entry >= 0 && entry < rows);
    if (!sized || !placed || hubCount < 0 || !(longest >= 0 && longest <= Double.MAX_VALUE)) {
      throw FileHeader.corrupt(WHAT + " has a header of impossible numbers");
    }
    Space space =
        Space.of(metric, dim, bits, longest, seed)
            .with(lost > 0 ? HopLayout.Cells.SIX_BITS : HopLayout.Cells.FLOATS);
    HopLayout layout = space.layout();
    MemorySegment[] parts =
        IndexFile.parts(
            file,
            WHAT,
            twinned ? 4L * rows : 0,
            (long) layout.stride() * hubCount,
            (long) layout.stride() * rows);
    return new QuantGraphFile(
        space,
        new Nodes(parts[2], layout, rows),
        hubCount > 0 ? new Nodes(parts[1], layout, hubCount) : null,
        entry,
        twinned ? parts[0] : null,
        lost,
        RecallCurve.in(file, WHAT),
        RowSigns.in(file, WHAT, metric, vectors),
        file.byteSize());
  }

  /** The next row with the same vector, −1 for none. */
  int nextTwin(int row) {
    MemorySegment chain = twins;
    if (chain == null) {
      return -1;
    }
    int next = chain.get(INT, 4L * row);
    if (next >= 0 && next <= row) {
      // A chain that turns back would never end.
      throw FileHeader.corrupt(WHAT + " is damaged");
    }
    return next;
  }
}
