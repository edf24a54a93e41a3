package io.elanus.index.scan;

import io.elanus.index.BuildMonitor;
import io.elanus.index.IndexFile;
import io.elanus.index.VectorData;
import io.elanus.index.code.CodeSpace;
import io.elanus.kernel.sign.SignRows;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Codes of one bit a coordinate for every row of a segment, relative to the mean of its rows, for
 * scans of the rows that a filter passes (Gao and Long, "RaBitQ", SIGMOD 2024, with one centroid).
 * An appendix of the graphs' files, little-endian:
 *
 * <pre>
 * 64 bytes   bits of a code (4), coordinates after rotation (4), rows (4), exponent of the space
 *            (4), seed of the rotation (8), spread (4, a float), unused
 * center     float for each coordinate, padded to a multiple of 64
 * codes      {@link SignRows}, padded to a multiple of 64
 * facts      {@link SignRows}
 * </pre>
 *
 * <p>Where r is a row less the center and s its signs, ⟨q, r⟩ is taken as factor · ⟨q, s⟩ with
 * factor = |r|² / ⟨r, s⟩. Its error deviates by factor · |q| · spread, where spread is √(bits · (1
 * − cos²(r, s)) / (coordinates − 1)), averaged over the rows.
 *
 * @param space what codes are made in, wider than vectors where they have few dimensions; codes are
 *     of its first coordinates where they have many
 * @param center of the rows, in the space
 */
public record RowSigns(CodeSpace space, float[] center, float spread, SignRows rows) {
  /** With fewer rows, measuring those that pass is fast enough. */
  private static final int ROWS_MIN = 2048;

  /** With fewer, a code says too little. */
  private static final int BITS_MIN = 128;

  private static final int BITS_MAX = 2048;
  private static final int EXTRA_BITS = 64;
  private static final int WORD = 64;
  private static final int HEAD = 64;
  private static final int SAMPLE = 4096;
  private static final int REPORT_EVERY = 1024;

  /**
   * Bits of a code. Measured: up to 128 dimensions more bits than that save more measuring than
   * they cost; beyond, two thirds of them are enough, and half the cache lines.
   */
  static int bits(int dim) {
    int wanted = dim <= BITS_MIN ? dim + EXTRA_BITS : Math.max(BITS_MIN + WORD, 2 * dim / 3);
    return Math.clamp((wanted + WORD - 1) / WORD * WORD, BITS_MIN, BITS_MAX);
  }

  /** Whether such rows get codes. */
  static boolean worthwhile(VectorData vectors) {
    boolean numbers =
        vectors.type() != DataType.BINARY_VECTOR && vectors.type() != DataType.SPARSE_FLOAT_VECTOR;
    return numbers && vectors.count() >= ROWS_MIN;
  }

  private static int width(int dim) {
    return Math.max(CodeSpace.width(dim), bits(dim));
  }

  /** Adds codes of these rows to a file whose parts are written, where they are worth it. */
  public static void append(
      VectorData vectors, Metric metric, long seed, BuildMonitor monitor, IndexFile file) {
    if (!worthwhile(vectors)) {
      return;
    }
    try (Arena arena = Arena.ofShared()) {
      file.appendix(IndexFile.SIGNS, encode(vectors, metric, seed, monitor, arena));
    }
  }

  /** The appendix. */
  static MemorySegment encode(
      VectorData vectors, Metric metric, long seed, BuildMonitor monitor, Arena arena) {
    int dim = vectors.dim();
    int bits = bits(dim);
    int rows = vectors.count();
    int exponent = CodeSpace.exponent(metric, vectors);
    CodeSpace space = CodeSpace.of(metric, dim, width(dim), exponent, seed);
    MemorySegment all = arena.allocate(bytes(bits, space.width(), rows), 64);
    all.set(FileHeader.INT, 0, bits);
    all.set(FileHeader.INT, 4, space.width());
    all.set(FileHeader.INT, 8, rows);
    all.set(FileHeader.INT, 12, exponent);
    all.set(FileHeader.LONG, 16, seed);
    float[] center = center(vectors, space);
    MemorySegment.copy(center, 0, all, ValueLayout.JAVA_FLOAT, HEAD, center.length);
    SignRows codes = rows(all, bits, space.width(), rows);
    float[] vector = new float[dim];
    double spread = 0;
    for (int row = 0; row < rows; row++) {
      vectors.copy(row, vector);
      spread += encode(space.row(vector), center, space.euclidean(), codes, row);
      if ((row + 1) % REPORT_EVERY == 0) {
        monitor.progress(rows);
      }
    }
    all.set(FileHeader.FLOAT, 24, (float) Math.sqrt(spread / rows));
    return all;
  }

  /** Writes one row; answers the square of its spread. */
  private static double encode(
      float[] placed, float[] center, boolean euclidean, SignRows codes, int row) {
    double squared = 0;
    double along = 0;
    for (int d = 0; d < placed.length; d++) {
      placed[d] -= center[d];
      squared += (double) placed[d] * placed[d];
      along += d < codes.bits() ? Math.abs(placed[d]) : 0;
    }
    double factor = along > 0 ? squared / along : 0;
    codes.put(row, placed, euclidean ? (float) squared : 0, (float) factor);
    double cosine = squared > 0 ? along / Math.sqrt(squared * codes.bits()) : 1;
    return codes.bits() * Math.max(0, 1 - cosine * cosine) / Math.max(1, placed.length - 1);
  }

  /** The mean of a sample of the rows: any point amid them would do. */
  private static float[] center(VectorData vectors, CodeSpace space) {
    double[] sums = new double[space.width()];
    int step = Math.max(1, vectors.count() / SAMPLE);
    int sampled = 0;
    for (int row = 0; row < vectors.count(); row += step, sampled++) {
      float[] placed = space.row(vectors.vector(row));
      for (int d = 0; d < sums.length; d++) {
        sums[d] += placed[d];
      }
    }
    float[] center = new float[sums.length];
    for (int d = 0; d < center.length; d++) {
      center[d] = (float) (sums[d] / sampled);
    }
    return center;
  }

  private static long padded(long bytes) {
    return (bytes + 63) & -64;
  }

  private static long bytes(int bits, int width, int rows) {
    return HEAD
        + padded(4L * width)
        + padded(SignRows.codeBytes(bits, rows))
        + SignRows.factBytes(rows);
  }

  private static SignRows rows(MemorySegment all, int bits, int width, int rows) {
    long codesAt = HEAD + padded(4L * width);
    long codeBytes = SignRows.codeBytes(bits, rows);
    long factsAt = codesAt + padded(codeBytes);
    return new SignRows(
        all.asSlice(codesAt, codeBytes),
        all.asSlice(factsAt, SignRows.factBytes(rows)),
        bits,
        rows);
  }

  /** The codes beside an open index, or null where the file is older or small. */
  public static @Nullable RowSigns in(
      MemorySegment file, String what, Metric metric, VectorData vectors) {
    MemorySegment all = IndexFile.appendix(file, what, IndexFile.SIGNS);
    return all == null ? null : of(all, what, metric, vectors);
  }

  /** The codes of an appendix. */
  static RowSigns of(MemorySegment all, String what, Metric metric, VectorData vectors) {
    long size = all.byteSize();
    int bits = size < HEAD ? 0 : all.get(FileHeader.INT, 0);
    int width = size < HEAD ? 0 : all.get(FileHeader.INT, 4);
    int rows = size < HEAD ? 0 : all.get(FileHeader.INT, 8);
    boolean sane =
        bits >= WORD
            && bits % WORD == 0
            && bits <= Math.min(width, SignRows.BITS_MAX)
            && width >= CodeSpace.width(vectors.dim())
            && rows == vectors.count();
    if (!sane || size != bytes(bits, width, rows)) {
      throw FileHeader.corrupt(what + " has damaged codes");
    }
    float[] center = new float[width];
    MemorySegment.copy(all, FileHeader.FLOAT, HEAD, center, 0, width);
    CodeSpace space =
        CodeSpace.of(
            metric,
            vectors.dim(),
            width,
            all.get(FileHeader.INT, 12),
            all.get(FileHeader.LONG, 16));
    return new RowSigns(space, center, all.get(FileHeader.FLOAT, 24), rows(all, bits, width, rows));
  }
}
