package io.elanus.index.scalar;

import io.elanus.index.RowBitmap;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Sorted distinct values and the rows of each. Little-endian; parts start at multiples of 64.
 *
 * <pre>
 * header ELASCAL1 (64 bytes); own fields: rows (4), value kind (4: 0 bool, 1 integer, 2 floating,
 *        3 string), posting kind (4: 0 row numbers, 1 roaring bitmaps), distinct values (4),
 *        bytes of values (8), bytes of postings (8), type name (8, ASCII, zero-padded)
 * value starts     kind 3 only: distinct + 1 offsets (4) into the values
 * values           8 bytes each (bool as 0 or 1; floating as IEEE double), or UTF-8
 * posting starts   distinct + 1 offsets (8) into the postings
 * postings         4 bytes per row number, or serialised roaring bitmaps
 * </pre>
 *
 * Strings are sorted by their UTF-8 bytes, unsigned.
 */
final class ScalarFile implements ScalarIndex {
  private static final String MAGIC = "ELASCAL1";
  private static final int VERSION = 1;
  private static final int OWN = FileHeader.OWN_OFFSET;

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
    long[] lengths = {
      kind == ValueKind.STRING ? 4L * (distinct + 1L) : 0,
      file.get(FileHeader.LONG, OWN + 16),
      8L * (distinct + 1L),
      file.get(FileHeader.LONG, OWN + 24)
    };
    MemorySegment[] parts = new MemorySegment[lengths.length];
    long at = FileHeader.BYTES;
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] < 0 || at + lengths[i] > file.byteSize()) {
        throw FileHeader.corrupt("a scalar index is cut short");
      }
      parts[i] = file.asSlice(at, lengths[i]);
      at = (at + lengths[i] + 63) & -64L;
    }
    this.valueStarts = parts[0];
    this.values = parts[1];
    this.postingStarts = parts[2];
    this.postings = parts[3];
    this.type = typeName(file);
    this.sizeBytes = file.byteSize();
  }

  private static String typeName(MemorySegment file) {
    byte[] name = file.asSlice(OWN + 32, 9).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    return new String(name, StandardCharsets.US_ASCII).trim();
  }

  // --- writing --------------------------------------------------------------------------------

  static void write(String type, ScalarValues source, ObjectStore.Writer out) {
    TreeMap<Object, RoaringBitmap> byValue = new TreeMap<>(ValueKind.ORDER);
    int kind = ValueKind.INTEGER;
    for (int row = 0; row < source.rowCount(); row++) {
      for (Object value : source.values(row)) {
        kind = ValueKind.of(value);
        byValue.computeIfAbsent(ValueKind.sortable(value), v -> new RoaringBitmap()).add(row);
      }
    }
    boolean roaring = type.equals("BITMAP");
    ByteArrayOutputStream valueBytes = new ByteArrayOutputStream();
    int[] starts = new int[byValue.size() + 1];
    long[] postingStarts = new long[byValue.size() + 1];
    List<byte[]> postings = new ArrayList<>();
    int n = 0;
    for (Map.Entry<Object, RoaringBitmap> entry : byValue.entrySet()) {
      valueBytes.writeBytes(ValueKind.bytes(entry.getKey()));
      byte[] posting = roaring ? roaring(entry.getValue()) : rowNumbers(entry.getValue());
      postings.add(posting);
      starts[++n] = valueBytes.size();
      postingStarts[n] = postingStarts[n - 1] + posting.length;
    }
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    header.set(FileHeader.INT, OWN, source.rowCount());
    header.set(FileHeader.INT, OWN + 4, kind);
    header.set(FileHeader.INT, OWN + 8, roaring ? 1 : 0);
    header.set(FileHeader.INT, OWN + 12, byValue.size());
    header.set(FileHeader.LONG, OWN + 16, valueBytes.size());
    header.set(FileHeader.LONG, OWN + 24, postingStarts[n]);
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(MemorySegment.ofArray(name), 0, header, OWN + 32, Math.min(name.length, 9));
    FileHeader.seal(header, MAGIC, VERSION);
    out.write(header);
    if (kind == ValueKind.STRING) {
      out.write(MemorySegment.ofArray(starts));
      out.align(64);
    }
    out.write(MemorySegment.ofArray(valueBytes.toByteArray()));
    out.align(64);
    out.write(MemorySegment.ofArray(postingStarts));
    out.align(64);
    for (byte[] posting : postings) {
      out.write(MemorySegment.ofArray(posting));
    }
  }

  private static byte[] rowNumbers(RoaringBitmap rows) {
    int[] numbers = rows.toArray();
    MemorySegment bytes = MemorySegment.ofArray(new byte[4 * numbers.length]);
    for (int i = 0; i < numbers.length; i++) {
      bytes.set(FileHeader.INT, 4L * i, numbers[i]);
    }
    return bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }

  private static byte[] roaring(RoaringBitmap rows) {
    rows.runOptimize();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      rows.serialize(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  // --- reading --------------------------------------------------------------------------------

  static ScalarFile open(MemorySegment file, int rowCount) {
    FileHeader.check(file, MAGIC, VERSION, "a scalar index");
    if (file.get(FileHeader.INT, OWN) != rowCount || file.get(FileHeader.INT, OWN + 12) < 0) {
      throw FileHeader.corrupt("a scalar index does not belong to its segment");
    }
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
    for (Object value : wanted) {
      if (ValueKind.of(value) == kind) {
        int at = lowerBound(ValueKind.sortable(value));
        if (at < distinct && ValueKind.ORDER.compare(value(at), ValueKind.sortable(value)) == 0) {
          collect(at, into);
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
    int from = low == null ? 0 : bound(low, !lowInclusive);
    int to = high == null ? distinct : bound(high, highInclusive);
    for (int at = from; at < to; at++) {
      collect(at, into);
    }
  }

  /** The first value not below (or, with {@code after}, not at or below) this one. */
  private int bound(Object value, boolean after) {
    Object key = ValueKind.sortable(value);
    int at = lowerBound(key);
    boolean equal = at < distinct && ValueKind.ORDER.compare(value(at), key) == 0;
    return after && equal ? at + 1 : at;
  }

  private int lowerBound(Object key) {
    int low = 0;
    int high = distinct;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ValueKind.ORDER.compare(value(middle), key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private Object value(int at) {
    if (kind == ValueKind.STRING) {
      long from = valueStarts.get(FileHeader.INT, 4L * at);
      long to = valueStarts.get(FileHeader.INT, 4L * (at + 1));
      return values.asSlice(from, to - from).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }
    long bits = values.get(FileHeader.LONG, 8L * at);
    return kind == ValueKind.FLOATING ? (Object) Double.longBitsToDouble(bits) : (Object) bits;
  }

  private void collect(int at, RowBitmap into) {
    long from = postingStarts.get(FileHeader.LONG, 8L * at);
    long to = postingStarts.get(FileHeader.LONG, 8L * (at + 1));
    if (bitmaps) {
      new ImmutableRoaringBitmap(postings.asSlice(from, to - from).asByteBuffer())
          .forEach((org.roaringbitmap.IntConsumer) into::set);
      return;
    }
    for (long offset = from; offset < to; offset += 4) {
      int row = postings.get(FileHeader.INT, offset);
      if (row < 0 || row >= rowCount) {
        throw FileHeader.corrupt("a scalar index names a row that does not exist");
      }
      into.set(row);
    }
  }
}
