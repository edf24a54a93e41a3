package io.elanus.index.scalar;

import io.elanus.index.IndexFile;
import io.elanus.index.RowBitmap;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Sorted distinct values and the rows of each. Little-endian; parts start at multiples of 64.
 *
 * <pre>
 * header ELASCAL1 (64 bytes); own fields: rows (4), value kind (4: 0 bool, 1 integer, 2 floating,
 *        3 string), posting kind (4: 0 row numbers, 1 roaring bitmaps), distinct values (4),
 *        bytes of values (8), bytes of postings (8), type name (16, ASCII, zero-padded)
 * value starts     kind 3 only: distinct + 1 offsets (8) into the values
 * values           8 bytes each, ordered as longs (see {@link ValueKind#key}), or UTF-8
 * posting starts   distinct + 1 offsets (8) into the postings
 * postings         4 bytes per row number, ascending per value, or serialised roaring bitmaps
 * end              see {@link IndexFile}
 * </pre>
 *
 * <p>Strings are sorted by their UTF-8 bytes, unsigned. Unlike vector indexes, a file is read whole
 * against its checksum when it is opened: it is small beside its column, and a damaged one would
 * change which rows a filter passes without anybody noticing.
 */
final class ScalarFile implements ScalarIndex {
  static final String MAGIC = "ELASCAL1";
  static final int VERSION = 1;
  private static final String WHAT = "a scalar index";
  private static final int OWN = FileHeader.OWN_OFFSET;
  private static final int NAME_BYTES = 16;

  private final int rowCount;
  private final String type;
  private final int kind;
  private final boolean bitmaps;
  private final int distinct;
  private final MemorySegment valueStarts;
  private final MemorySegment values;
  private final MemorySegment postingStarts;
  private final MemorySegment postings;
  private final long sizeBytes;

  private ScalarFile(MemorySegment file, int rowCount) {
    this.rowCount = rowCount;
    this.kind = file.get(FileHeader.INT, OWN + 4);
    this.bitmaps = file.get(FileHeader.INT, OWN + 8) == 1;
    this.distinct = file.get(FileHeader.INT, OWN + 12);
    MemorySegment[] parts =
        IndexFile.parts(
            file,
            WHAT,
            kind == ValueKind.STRING ? 8L * (distinct + 1L) : 0,
            file.get(FileHeader.LONG, OWN + 16),
            8L * (distinct + 1L),
            file.get(FileHeader.LONG, OWN + 24));
    this.valueStarts = parts[0];
    this.values = parts[1];
    this.postingStarts = parts[2];
    this.postings = parts[3];
    byte[] name = file.asSlice(OWN + 32, NAME_BYTES).toArray(ValueLayout.JAVA_BYTE);
    this.type = new String(name, StandardCharsets.US_ASCII).trim();
    this.sizeBytes = file.byteSize();
  }

  static ScalarFile open(MemorySegment file, int rowCount) {
    FileHeader.check(file, MAGIC, VERSION, WHAT);
    if (file.get(FileHeader.INT, OWN) != rowCount || file.get(FileHeader.INT, OWN + 12) < 0) {
      throw FileHeader.corrupt(WHAT + " does not belong to its segment");
    }
    IndexFile.verify(file, WHAT);
    return new ScalarFile(file, rowCount);
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public boolean ordered() {
    return true;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void in(Iterable<?> wanted, RowBitmap into) {
    reading(() -> collect(wanted, into));
  }

  private void collect(Iterable<?> wanted, RowBitmap into) {
    for (Object value : wanted) {
      if (distinct > 0 && ValueKind.of(value) == kind) {
        int at = lowerBound(value);
        if (at < distinct && compare(at, value) == 0) {
          collect(at, at + 1, into);
        }
      }
    }
  }

  @Override
  public void range(
      @Nullable Object low,
      boolean lowInclusive,
      @Nullable Object high,
      boolean highInclusive,
      RowBitmap into) {
    reading(
        () -> {
          int from = low == null ? 0 : bound(low, !lowInclusive);
          int to = high == null ? distinct : bound(high, highInclusive);
          if (from < to) {
            collect(from, to, into);
          }
        });
  }

  /** Offsets are the file's own: one whose checksum is right may still have been written wrong. */
  private static void reading(Runnable lookup) {
    try {
      lookup.run();
    } catch (ElanusException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new ElanusException(ErrorCode.DATA_CORRUPT, WHAT + " points outside itself", e);
    }
  }

  /** The first value not below (or, with {@code after}, not at or below) this one. */
  private int bound(Object value, boolean after) {
    if (distinct == 0) {
      return 0;
    }
    if (ValueKind.of(value) != kind) {
      // Filters are typed by the column, so it is the file that is not the column's.
      throw FileHeader.corrupt(WHAT + " holds values of another kind than its column");
    }
    int at = lowerBound(value);
    return after && at < distinct && compare(at, value) == 0 ? at + 1 : at;
  }

  private int lowerBound(Object value) {
    Object key = kind == ValueKind.STRING ? ValueKind.text(value) : (Object) ValueKind.key(value);
    int low = 0;
    int high = distinct;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compareKey(middle, key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int compare(int at, Object value) {
    return compareKey(
        at, kind == ValueKind.STRING ? ValueKind.text(value) : (Object) ValueKind.key(value));
  }

  /** Stored value against a key: UTF-8 bytes or a long. */
  private int compareKey(int at, Object key) {
    if (key instanceof Long number) {
      return Long.compare(values.get(FileHeader.LONG, 8L * at), number);
    }
    byte[] text = (byte[]) key;
    long from = valueStarts.get(FileHeader.LONG, 8L * at);
    long to = valueStarts.get(FileHeader.LONG, 8L * (at + 1));
    MemorySegment wanted = MemorySegment.ofArray(text);
    long differs = MemorySegment.mismatch(values, from, to, wanted, 0, text.length);
    if (differs < 0) {
      return 0;
    }
    if (differs == Math.min(to - from, text.length)) {
      return Long.compare(to - from, text.length);
    }
    return Byte.compareUnsigned(
        values.get(ValueLayout.JAVA_BYTE, from + differs), text[(int) differs]);
  }

  /** Adds the rows of the values from (inclusive) to (exclusive). */
  private void collect(int fromValue, int toValue, RowBitmap into) {
    if (!bitmaps) {
      // The rows of neighbouring values lie side by side.
      long end = postingStarts.get(FileHeader.LONG, 8L * toValue);
      for (long at = postingStarts.get(FileHeader.LONG, 8L * fromValue); at < end; at += 4) {
        set(postings.get(FileHeader.INT, at), into);
      }
      return;
    }
    for (int value = fromValue; value < toValue; value++) {
      long from = postingStarts.get(FileHeader.LONG, 8L * value);
      long to = postingStarts.get(FileHeader.LONG, 8L * (value + 1));
      new ImmutableRoaringBitmap(postings.asSlice(from, to - from).asByteBuffer())
          .forEach((IntConsumer) row -> set(row, into));
    }
  }

  private void set(int row, RowBitmap into) {
    if (row < 0 || row >= rowCount) {
      throw FileHeader.corrupt(WHAT + " names a row that does not exist");
    }
    into.set(row);
  }
}
