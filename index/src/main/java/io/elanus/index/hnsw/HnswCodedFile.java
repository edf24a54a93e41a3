package io.elanus.index.hnsw;

import io.elanus.index.IndexFile;
import io.elanus.index.code.CodeSpace;
import io.elanus.index.code.row.PlacedVectors;
import io.elanus.index.code.row.RowCodeKind;
import io.elanus.index.code.row.RowCodeKind.Cell;
import io.elanus.index.code.row.RowCodes;
import io.elanus.index.recall.RecallCurve;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A graph and the codes of its rows as a file, little-endian.
 *
 * <pre>
 * header    HNSW_SQ ELAHNSQ1, HNSW_PQ ELAHNPQ1, HNSW_PRQ ELAHNRQ1; own fields: those of
 *           {@link HnswFile} (36 bytes); kind of the codes, kind of the finer codes (255 none, 254
 *           the segment's vectors), bits and stages of product codes (a byte each); groups of
 *           product codes less one, exponent of the space (2 each); seed of the rotation (4)
 * graph     the parts of {@link HnswFile}
 * center    width floats, which rows have lost in the space ({@link CodeSpace})
 * codes     of {@link RowCodes}, then the finer ones
 * curve     {@link RecallCurve}, an appendix; none in older and in small files
 * end       see {@link IndexFile}
 * </pre>
 */
record HnswCodedFile(HnswFile graph, HnswCodes codes, @Nullable RecallCurve curve) {
  private static final int VERSION = 1;
  private static final int OWN = FileHeader.OWN_OFFSET + 36;
  private static final int NONE = 255;
  private static final int VECTORS = 254;

  /** What a build made. */
  record Made(
      HnswFormat.Built built,
      HnswCodedParameters parameters,
      PlacedVectors rows,
      int seed,
      RowCodes walked,
      @Nullable RowCodes refining) {}

  static void write(
      HnswCodedKind kind,
      Made made,
      Metric metric,
      int efConstruction,
      @Nullable RecallCurve curve,
      ObjectStore.Writer out) {
    MemorySegment header = HnswFile.header(made.built.graph(), metric, efConstruction);
    RowCodeKind walked = made.parameters.walked();
    RowCodeKind finer = made.parameters.refining();
    int refining =
        finer != null ? finer.cell().ordinal() : made.parameters.exact() ? VECTORS : NONE;
    header.set(ValueLayout.JAVA_BYTE, OWN, (byte) walked.cell().ordinal());
    header.set(ValueLayout.JAVA_BYTE, OWN + 1, (byte) refining);
    header.set(ValueLayout.JAVA_BYTE, OWN + 2, (byte) walked.bits());
    header.set(ValueLayout.JAVA_BYTE, OWN + 3, (byte) walked.stages());
    int exponent = made.rows.space().exponent();
    header.set(FileHeader.INT, OWN + 4, (walked.groups() - 1 & 0xffff) | exponent << 16);
    header.set(FileHeader.INT, OWN + 8, made.seed);
    FileHeader.seal(header, kind.magic, VERSION);
    IndexFile file = IndexFile.start(header, out);
    HnswFile.append(made.built.graph(), made.built.norms(), file);
    file.part(MemorySegment.ofArray(made.rows.center()));
    made.walked.parts().forEach(file::part);
    if (made.refining != null) {
      made.refining.parts().forEach(file::part);
    }
    if (curve != null) {
      file.appendix(IndexFile.CURVE, curve.bytes());
    }
    file.finish();
  }

  static HnswCodedFile open(
      HnswCodedKind kind, MemorySegment file, Metric metric, int rows, int dim) {
    FileHeader.check(file, kind.magic, VERSION, kind.what);
    HnswFile.checkSegment(file, metric, rows, kind.what);
    int packed = file.get(FileHeader.INT, OWN + 4);
    CodeSpace space = CodeSpace.of(metric, dim, packed >> 16, file.get(FileHeader.INT, OWN + 8));
    RowCodeKind walked =
        new RowCodeKind(
            cell(kind, Byte.toUnsignedInt(file.get(ValueLayout.JAVA_BYTE, OWN))),
            (packed & 0xffff) + 1,
            file.get(ValueLayout.JAVA_BYTE, OWN + 3),
            file.get(ValueLayout.JAVA_BYTE, OWN + 2));
    if (!walked.fits(space)) {
      throw FileHeader.corrupt(kind.what + " has codes of an impossible shape");
    }
    int refining = Byte.toUnsignedInt(file.get(ValueLayout.JAVA_BYTE, OWN + 1));
    boolean own = refining != NONE && refining != VECTORS;
    RowCodeKind finer = own ? RowCodeKind.of(cell(kind, refining)) : null;
    if (finer != null && !finer.fits(space)) {
      throw FileHeader.corrupt(kind.what + " has finer codes of an impossible shape");
    }
    long[] graph = HnswFile.lengths(file, metric);
    long[] codes = walked.bytes(space, rows);
    long[] more = finer == null ? new long[0] : finer.bytes(space, rows);
    MemorySegment[] parts =
        IndexFile.parts(
            file,
            kind.what,
            Stream.of(graph, new long[] {4L * space.width()}, codes, more)
                .flatMapToLong(LongStream::of)
                .toArray());
    int at = graph.length;
    float[] center = parts[at].toArray(FileHeader.FLOAT);
    RowCodes open = walked.open(parts, at + 1, space);
    RowCodes measuring = finer == null ? open : finer.open(parts, at + 1 + codes.length, space);
    return new HnswCodedFile(
        new HnswFile(file, parts, metric, kind.what),
        new HnswCodes(space, center, open, measuring, refining == VECTORS),
        RecallCurve.in(file, kind.what));
  }

  private static Cell cell(HnswCodedKind kind, int ordinal) {
    if (ordinal >= Cell.values().length) {
      throw FileHeader.corrupt(kind.what + " has codes of an unknown kind");
    }
    return Cell.values()[ordinal];
  }
}
