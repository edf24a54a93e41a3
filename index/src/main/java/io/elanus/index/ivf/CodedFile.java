package io.elanus.index.ivf;

import io.elanus.index.IndexFile;
import io.elanus.index.VectorData;
import io.elanus.index.code.ByteCodes;
import io.elanus.index.code.CodeSpace;
import io.elanus.index.code.Codes;
import io.elanus.index.code.ProductCodes;
import io.elanus.index.code.SignCodes;
import io.elanus.index.recall.RecallCurve;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Inverted lists of codes as a file, little-endian. Vectors lie in the space of {@link CodeSpace},
 * {@code width} floats each; positions are those of rows in list order.
 *
 * <pre>
 * header      IVF_SQ8 ELAIVSQ1, IVF_RABITQ ELAIVRQ1, IVF_PQ ELAIVPQ1, SCANN ELAISCA1; own fields of 4 bytes: metric, rows, dim,
 *             lists, exponent, what refines (0 codes, 1 the segment's vectors), blocks of 32
 *             codes; the seed of the rotation (8); groups and bits of product codes
 * center      width floats, which rows and centroids have lost
 * centroids   lists × width floats
 * starts      lists + 1: first position of each list
 * rows        per position: the segment's row
 * IVF_RABITQ: spreads, adds, factors, blocks of {@link SignCodes}
 * IVF_PQ, SCANN: spreads, adds, factors, books, codes of {@link ProductCodes}
 * IVF_SQ8, and where byte codes refine sign codes: lengths, adds, factors, codes of {@link ByteCodes}
 * curve       {@link RecallCurve}, an appendix; none in older and in small files
 * end         see {@link IndexFile}
 * </pre>
 *
 * @param scanned what gives estimates
 * @param refining what measures, or null where the segment's vectors do
 * @param curve how many lists a recall needs, or null where the file does not tell
 */
record CodedFile(
    Kind kind,
    CodeSpace space,
    float[] center,
    Lists lists,
    Codes scanned,
    Codes.@Nullable Measuring refining,
    @Nullable RecallCurve curve,
    long sizeBytes) {
  private static final int VERSION = 1;
  private static final int OWN = FileHeader.OWN_OFFSET;

  /** Which codes lists hold. */
  enum Kind {
    IVF_SQ8("ELAIVSQ1", "an IVF_SQ8 index"),
    IVF_RABITQ("ELAIVRQ1", "an IVF_RABITQ index"),
    IVF_PQ("ELAIVPQ1", "an IVF_PQ index"),
    SCANN("ELAISCA1", "a SCANN index");

    final String magic;

    /** For sentences. */
    final String what;

    Kind(String magic, String what) {
      this.magic = magic;
      this.what = what;
    }
  }

  /**
   * What parameters choose of codes.
   *
   * @param exact whether the segment's vectors measure what is answered, or codes
   * @param groups of product codes, else 0
   * @param bits 4 or 8 for each group of product codes, else 0
   */
  record Shape(boolean exact, int groups, int bits) {
    /** Whether product codes of vectors of this dimension can have the shape. */
    boolean fits(int dim) {
      return groups >= 1 && groups <= CodeSpace.width(dim) && (bits == 4 || bits == 8);
    }

    ProductCodes.Shape products(CodeSpace space) {
      return new ProductCodes.Shape(space.width(), groups, bits, space.euclidean());
    }

    /** Codes that are scanned measure as well, unless the vectors do. */
    Codes.@Nullable Measuring refining(Codes scanned) {
      return !exact && scanned instanceof Codes.Measuring measuring ? measuring : null;
    }
  }

  /** What a build made. */
  record Made(
      CodeSpace space,
      long seed,
      float[] center,
      Partition partition,
      Shape shape,
      Codes scanned,
      Codes.@Nullable Measuring refining) {}

  static void write(Kind kind, Made made, @Nullable RecallCurve curve, ObjectStore.Writer out) {
    int[] starts = made.partition.starts();
    int lists = starts.length - 1;
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    header.set(FileHeader.INT, OWN, made.space.metric().ordinal());
    header.set(FileHeader.INT, OWN + 4, made.partition.order().length);
    header.set(FileHeader.INT, OWN + 8, made.space.dim());
    header.set(FileHeader.INT, OWN + 12, lists);
    header.set(FileHeader.INT, OWN + 16, made.space.exponent());
    header.set(FileHeader.INT, OWN + 20, made.shape.exact() ? 1 : 0);
    header.set(FileHeader.INT, OWN + 24, Lists.blocks(starts)[lists]);
    header.set(FileHeader.LONG, OWN + 28, made.seed);
    header.set(FileHeader.INT, OWN + 36, made.shape.groups());
    header.set(FileHeader.INT, OWN + 40, made.shape.bits());
    FileHeader.seal(header, kind.magic, VERSION);
    IndexFile file = IndexFile.start(header, out);
    file.part(MemorySegment.ofArray(made.center));
    VectorData centroids = made.partition.centroids();
    file.part(centroids.values().asSlice(0, centroids.offset(lists)));
    file.part(MemorySegment.ofArray(starts));
    file.part(MemorySegment.ofArray(made.partition.order()));
    made.scanned.parts().forEach(file::part);
    if (made.refining != null && made.refining != made.scanned) {
      made.refining.parts().forEach(file::part);
    }
    if (curve != null) {
      file.appendix(IndexFile.CURVE, curve.bytes());
    }
    file.finish();
  }

  /** Of a file without a curve, roughly. */
  static long bytes(Made made) {
    VectorData centroids = made.partition.centroids();
    long bytes =
        FileHeader.BYTES
            + 4L * made.center.length
            + centroids.offset(centroids.count())
            + 4L * (made.partition.starts().length + made.partition.order().length);
    List<MemorySegment> parts = new ArrayList<>(made.scanned.parts());
    if (made.refining != null && made.refining != made.scanned) {
      parts.addAll(made.refining.parts());
    }
    for (MemorySegment part : parts) {
      bytes += part.byteSize();
    }
    // Every part begins at a multiple of 64, and the end is one more.
    return bytes + 64L * (parts.size() + 6);
  }

  static CodedFile open(Kind kind, MemorySegment file, Metric metric, int rows, int dim) {
    FileHeader.check(file, kind.magic, VERSION, kind.what);
    if (file.get(FileHeader.INT, OWN) != metric.ordinal()
        || file.get(FileHeader.INT, OWN + 4) != rows
        || file.get(FileHeader.INT, OWN + 8) != dim) {
      throw FileHeader.corrupt(kind.what + " does not belong to its segment");
    }
    int lists = file.get(FileHeader.INT, OWN + 12);
    Shape shape =
        new Shape(
            file.get(FileHeader.INT, OWN + 20) != 0,
            file.get(FileHeader.INT, OWN + 36),
            file.get(FileHeader.INT, OWN + 40));
    int blocks = file.get(FileHeader.INT, OWN + 24);
    boolean products = kind == Kind.IVF_PQ || kind == Kind.SCANN;
    if (lists < 0 || blocks < 0 || (products && !shape.fits(dim))) {
      throw FileHeader.corrupt(kind.what + " has a header of impossible numbers");
    }
    CodeSpace space =
        CodeSpace.of(
            metric, dim, file.get(FileHeader.INT, OWN + 16), file.get(FileHeader.LONG, OWN + 28));
    int width = space.width();
    boolean euclidean = space.euclidean();
    long[] codes =
        switch (kind) {
          case IVF_SQ8 -> ByteCodes.bytes(lists, rows, width);
          case IVF_RABITQ -> SignCodes.bytes(lists, rows, blocks, width);
          case IVF_PQ, SCANN -> shape.products(space).bytes(lists, rows, blocks);
        };
    boolean bytesRefine = kind == Kind.IVF_RABITQ && !shape.exact();
    long[] more = bytesRefine ? ByteCodes.bytes(lists, rows, width) : new long[0];
    long[] lengths = {4L * width, 4L * lists * width, 4L * (lists + 1L), 4L * rows};
    int first = lengths.length;
    MemorySegment[] parts =
        IndexFile.parts(
            file,
            kind.what,
            Stream.of(lengths, codes, more).flatMapToLong(LongStream::of).toArray());
    VectorData centroids = new VectorData(parts[1], lists, width);
    Lists open = Lists.open(kind.what, centroids, parts[2], parts[3], rows);
    if (open.blocks() != blocks) {
      throw FileHeader.corrupt(kind.what + " has damaged lists");
    }
    Codes scanned =
        switch (kind) {
          case IVF_SQ8 -> ByteCodes.open(parts, first, width, euclidean);
          case IVF_RABITQ -> SignCodes.open(parts, first, width, euclidean);
          case IVF_PQ, SCANN -> ProductCodes.open(parts, first, shape.products(space));
        };
    return new CodedFile(
        kind,
        space,
        parts[0].toArray(ValueLayout.JAVA_FLOAT_UNALIGNED),
        open,
        scanned,
        bytesRefine
            ? ByteCodes.open(parts, first + codes.length, width, euclidean)
            : shape.refining(scanned),
        RecallCurve.in(file, kind.what),
        file.byteSize());
  }
}
