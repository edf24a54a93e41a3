package io.elanus.index.ivf;

import io.elanus.index.IndexFile;
import io.elanus.index.VectorData;
import io.elanus.index.ivf.code.ByteCodes;
import io.elanus.index.ivf.code.SignCodes;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Inverted lists of codes as a file, little-endian. Vectors lie in the space of {@link ListSpace},
 * {@code width} floats each; positions are those of rows in list order.
 *
 * <pre>
 * header      IVF_SQ8 ELAIVSQ1, IVF_RABITQ ELAIVRQ1; own fields of 4 bytes: metric, rows, dim,
 *             lists, exponent, what refines (0 byte codes, 1 the segment's vectors), blocks of
 *             sign codes; then the seed of the rotation (8)
 * center      width floats, which rows and centroids have lost
 * centroids   lists × width floats
 * starts      lists + 1: first position of each list
 * rows        per position: the segment's row
 * IVF_RABITQ: spreads, adds, factors, blocks of {@link SignCodes}
 * IVF_SQ8, and where byte codes refine: lengths, adds, factors, codes of {@link ByteCodes}
 * end         see {@link IndexFile}
 * </pre>
 *
 * @param signs what is scanned, or null where the byte codes are
 * @param bytes null where the segment's vectors refine sign codes
 * @param exact whether the segment's vectors refine
 */
record CodedFile(
    CodedKind kind,
    ListSpace space,
    float[] center,
    Lists lists,
    @Nullable SignCodes signs,
    @Nullable ByteCodes bytes,
    boolean exact,
    long sizeBytes) {
  private static final int VERSION = 1;
  private static final int OWN = FileHeader.OWN_OFFSET;
  private static final int PARTS = 4;

  /** What a build made. */
  record Made(
      ListSpace space,
      long seed,
      float[] center,
      Partition partition,
      @Nullable SignCodes signs,
      @Nullable ByteCodes bytes,
      boolean exact) {}

  static void write(CodedKind kind, Made made, ObjectStore.Writer out) {
    int[] starts = made.partition.starts();
    int lists = starts.length - 1;
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    header.set(FileHeader.INT, OWN, made.space.metric().ordinal());
    header.set(FileHeader.INT, OWN + 4, made.partition.order().length);
    header.set(FileHeader.INT, OWN + 8, made.space.dim());
    header.set(FileHeader.INT, OWN + 12, lists);
    header.set(FileHeader.INT, OWN + 16, made.space.exponent());
    header.set(FileHeader.INT, OWN + 20, made.exact ? 1 : 0);
    header.set(FileHeader.INT, OWN + 24, Lists.blocks(starts)[lists]);
    header.set(FileHeader.LONG, OWN + 28, made.seed);
    FileHeader.seal(header, kind.magic, VERSION);
    IndexFile file = IndexFile.start(header, out);
    file.part(MemorySegment.ofArray(made.center));
    VectorData centroids = made.partition.centroids();
    file.part(centroids.values().asSlice(0, centroids.offset(lists)));
    file.part(MemorySegment.ofArray(starts));
    file.part(MemorySegment.ofArray(made.partition.order()));
    if (made.signs != null) {
      file.part(made.signs.spreads());
      file.part(made.signs.adds());
      file.part(made.signs.factors());
      file.part(made.signs.blocks());
    }
    if (made.bytes != null) {
      file.part(made.bytes.lengths());
      file.part(made.bytes.adds());
      file.part(made.bytes.factors());
      file.part(made.bytes.codes());
    }
    file.finish();
  }

  static CodedFile open(CodedKind kind, MemorySegment file, Metric metric, int rows, int dim) {
    FileHeader.check(file, kind.magic, VERSION, kind.what);
    if (file.get(FileHeader.INT, OWN) != metric.ordinal()
        || file.get(FileHeader.INT, OWN + 4) != rows
        || file.get(FileHeader.INT, OWN + 8) != dim) {
      throw FileHeader.corrupt(kind.what + " does not belong to its segment");
    }
    int lists = file.get(FileHeader.INT, OWN + 12);
    boolean exact = file.get(FileHeader.INT, OWN + 20) != 0;
    int blocks = file.get(FileHeader.INT, OWN + 24);
    ListSpace space =
        ListSpace.of(
            metric, dim, file.get(FileHeader.INT, OWN + 16), file.get(FileHeader.LONG, OWN + 28));
    int width = space.width();
    boolean hasBytes = !kind.signs || !exact;
    long[] lengths = new long[PARTS + (kind.signs ? PARTS : 0) + (hasBytes ? PARTS : 0)];
    lengths[0] = 4L * width;
    lengths[1] = 4L * lists * width;
    lengths[2] = 4L * (lists + 1L);
    lengths[3] = 4L * rows;
    if (kind.signs) {
      System.arraycopy(SignCodes.bytes(lists, rows, blocks, width), 0, lengths, PARTS, PARTS);
    }
    int at = lengths.length - PARTS;
    if (hasBytes) {
      System.arraycopy(ByteCodes.bytes(lists, rows, width), 0, lengths, at, PARTS);
    }
    MemorySegment[] parts = IndexFile.parts(file, kind.what, lengths);
    VectorData centroids = new VectorData(parts[1], lists, width);
    Lists open = Lists.open(kind.what, centroids, parts[2], parts[3], rows);
    if (open.blocks() != blocks) {
      throw FileHeader.corrupt(kind.what + " has damaged lists");
    }
    return new CodedFile(
        kind,
        space,
        parts[0].toArray(ValueLayout.JAVA_FLOAT_UNALIGNED),
        open,
        kind.signs ? SignCodes.open(parts, PARTS, width, space.euclidean()) : null,
        hasBytes ? ByteCodes.open(parts, at, width, space.euclidean()) : null,
        exact,
        file.byteSize());
  }
}
