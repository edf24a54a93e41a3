package io.elanus.index.sparse;

import io.elanus.index.IndexFile;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Which rows have a dimension, and at most how much of it. Little-endian; every part starts at a
 * multiple of 64. The rows of a segment are divided into windows of {@value #WINDOW}; a dimension's
 * postings within one window are a block.
 *
 * <pre>
 * header ELASPRS1 (64 bytes); own fields: metric (4), rows (4), rows per window (4), dimensions
 *                  (4), blocks (4), postings (4); under BM25 also the saturation's base (8) and
 *                  perToken (8), float64, of which impacts were made, and the tokens of all rows (8)
 * dimensions       4 bytes each, unsigned, ascending
 * block starts     dimensions + 1 numbers (4): the first block of each dimension
 * windows          per block (4): which window
 * posting starts   blocks + 1 numbers (4): the first posting of each block
 * steps            per block (4, float32): what one step of an impact stands for, positive
 * places           per posting (2): the row within its window, ascending in a block
 * impacts          per posting (1): steps, 1–255; steps × step is never less than the value
 * lengths          under BM25 only, per row (4): tokens of its text
 * end              see {@link IndexFile}
 * </pre>
 *
 * <p>Under BM25 a value is what the occurrences are worth by the saturation at the time of the
 * build; a search under another one raises the bounds by {@link Saturation#over}.
 *
 * <p>Values that are zero have no posting. Values themselves stay where the segment has them.
 */
final class PostingsFile {
  static final String MAGIC = "ELASPRS1";
  static final int VERSION = 1;

  /** Rows per window: small enough for a sum per row in the first cache, and for tight bounds. */
  static final int WINDOW = 4096;

  /** The largest impact. */
  static final int STEPS = 255;

  static final ValueLayout.OfChar PLACE =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final String WHAT = "a sparse index";
  private static final int OWN = FileHeader.OWN_OFFSET;

  private final int rows;
  private final int dimensionCount;
  private final int blocks;
  private final int postings;
  private final MemorySegment dimensions;
  private final MemorySegment blockStarts;
  private final MemorySegment windows;
  private final MemorySegment postingStarts;
  private final MemorySegment steps;
  private final MemorySegment places;
  private final MemorySegment impacts;
  private final MemorySegment lengths;
  private final @Nullable Saturation saturation;
  private final long tokens;
  private final long sizeBytes;

  private PostingsFile(MemorySegment file) {
    rows = file.get(FileHeader.INT, OWN + 4);
    dimensionCount = file.get(FileHeader.INT, OWN + 12);
    blocks = file.get(FileHeader.INT, OWN + 16);
    postings = file.get(FileHeader.INT, OWN + 20);
    boolean texts = file.get(FileHeader.INT, OWN) == Metric.BM25.ordinal();
    saturation =
        texts ? new Saturation(file.get(DOUBLE, OWN + 24), file.get(DOUBLE, OWN + 32)) : null;
    MemorySegment[] parts =
        IndexFile.parts(
            file,
            WHAT,
            4L * dimensionCount,
            4L * (dimensionCount + 1L),
            4L * blocks,
            4L * (blocks + 1L),
            4L * blocks,
            2L * postings,
            postings,
            texts ? 4L * rows : 0);
    dimensions = parts[0];
    blockStarts = parts[1];
    windows = parts[2];
    postingStarts = parts[3];
    steps = parts[4];
    places = parts[5];
    impacts = parts[6];
    lengths = parts[7];
    tokens = texts ? file.get(FileHeader.LONG, OWN + 40) : 0;
    sizeBytes = file.byteSize();
  }

  static MemorySegment header(
      Metric metric,
      int rows,
      int dimensions,
      int blocks,
      int postings,
      @Nullable Saturation saturation,
      long tokens) {
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    header.set(FileHeader.INT, OWN, metric.ordinal());
    header.set(FileHeader.INT, OWN + 4, rows);
    header.set(FileHeader.INT, OWN + 8, WINDOW);
    header.set(FileHeader.INT, OWN + 12, dimensions);
    header.set(FileHeader.INT, OWN + 16, blocks);
    header.set(FileHeader.INT, OWN + 20, postings);
    if (saturation != null) {
      header.set(DOUBLE, OWN + 24, saturation.base());
      header.set(DOUBLE, OWN + 32, saturation.perToken());
      header.set(FileHeader.LONG, OWN + 40, tokens);
    }
    FileHeader.seal(header, MAGIC, VERSION);
    return header;
  }

  static PostingsFile open(MemorySegment file, Metric metric, int rows) {
    FileHeader.check(file, MAGIC, VERSION, WHAT);
    if (file.get(FileHeader.INT, OWN) != metric.ordinal()
        || file.get(FileHeader.INT, OWN + 4) != rows
        || file.get(FileHeader.INT, OWN + 8) != WINDOW) {
      throw FileHeader.corrupt(WHAT + " does not belong to its segment");
    }
    return new PostingsFile(file);
  }

  int rows() {
    return rows;
  }

  /** Of what impacts were made under BM25, else null. */
  @Nullable Saturation saturation() {
    return saturation;
  }

  /** Tokens of a row's text, under BM25. */
  int tokens(int row) {
    return lengths.get(FileHeader.INT, 4L * row);
  }

  /** Tokens of all rows, under BM25. */
  long tokens() {
    return tokens;
  }

  int windowCount() {
    return (rows + WINDOW - 1) / WINDOW;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** Where a dimension is among those that have postings, or −1. */
  int find(int dimension) {
    int low = 0;
    int high = dimensionCount - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Integer.compareUnsigned(dimensions.get(FileHeader.INT, 4L * middle), dimension);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** The first block of the dimension at that place. */
  int firstBlock(int at) {
    return within(blockStarts.get(FileHeader.INT, 4L * at), blocks);
  }

  int endBlock(int at) {
    return firstBlock(at + 1);
  }

  int window(int block) {
    return within(windows.get(FileHeader.INT, 4L * block), windowCount() - 1);
  }

  int firstPosting(int block) {
    return within(postingStarts.get(FileHeader.INT, 4L * block), postings);
  }

  int endPosting(int block) {
    int end = firstPosting(block + 1);
    if (end < firstPosting(block)) {
      throw FileHeader.corrupt(WHAT + " is damaged");
    }
    return end;
  }

  int length(int block) {
    return endPosting(block) - firstPosting(block);
  }

  float step(int block) {
    return steps.get(FileHeader.FLOAT, 4L * block);
  }

  /** The row of a posting within its window. */
  int place(int posting) {
    return places.get(PLACE, 2L * posting) & (WINDOW - 1);
  }

  int impact(int posting) {
    return impacts.get(ValueLayout.JAVA_BYTE, posting) & 0xFF;
  }

  /**
   * Adds a block's postings to one sum per row of the window.
   *
   * @param unit what one step adds
   */
  void addTo(float[] sums, int block, float unit) {
    int first = firstPosting(block);
    int length = endPosting(block) - first;
    // Slices of what is read, so that the loop needs no check for each of them.
    MemorySegment rowsOf = places.asSlice(2L * first, 2L * length);
    MemorySegment stepsOf = impacts.asSlice(first, length);
    for (int i = 0; i < length; i++) {
      int place = rowsOf.get(PLACE, 2L * i) & (WINDOW - 1);
      sums[place] += unit * (stepsOf.get(ValueLayout.JAVA_BYTE, i) & 0xFF);
    }
  }

  /** The first posting from {@code from} on whose row is not before this place, or {@code end}. */
  int seek(int place, int from, int end) {
    int step = 1;
    int low = from;
    while (low + step < end && place(low + step) < place) {
      low += step;
      step <<= 1;
    }
    int high = Math.min(end, low + step);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (place(middle) < place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static int within(int value, int max) {
    if (value < 0 || value > max) {
      throw FileHeader.corrupt(WHAT + " is damaged");
    }
    return value;
  }
}
