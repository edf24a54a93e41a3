package io.elanus.index.scalar;

import io.elanus.index.IndexFile;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/**
 * Turns a column into the file that {@link ScalarFile} describes. Numbers are collected and sorted
 * as primitive longs, rows distributed by counting: about 24 bytes of heap per value.
 */
final class ScalarWriter {
  private static final int INITIAL = 1024;

  private int kind = -1;
  private int size;
  private int[] rows = new int[INITIAL];
  private long[] keys = new long[INITIAL];
  private byte[][] texts = new byte[0][];

  private ScalarWriter() {}

  static void write(String type, ScalarValues source, ObjectStore.Writer out) {
    ScalarWriter writer = new ScalarWriter();
    for (int row = 0; row < source.rowCount(); row++) {
      for (Object value : source.values(row)) {
        writer.add(row, value);
      }
    }
    writer.finish(type, source.rowCount(), out);
  }

  private void add(int row, Object value) {
    int kindOfValue = ValueKind.of(value);
    if (kind < 0) {
      kind = kindOfValue;
      texts = new byte[kind == ValueKind.STRING ? INITIAL : 0][];
    } else if (kind != kindOfValue) {
      throw new IllegalArgumentException("values of several kinds in one column");
    }
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, size * 2);
      keys = Arrays.copyOf(keys, kind == ValueKind.STRING ? 0 : size * 2);
      texts = Arrays.copyOf(texts, kind == ValueKind.STRING ? size * 2 : 0);
    }
    rows[size] = row;
    if (kind == ValueKind.STRING) {
      texts[size++] = ValueKind.text(value);
    } else {
      keys[size++] = ValueKind.key(value);
    }
  }

  private void finish(String type, int rowCount, ObjectStore.Writer out) {
    if (kind == ValueKind.STRING) {
      byte[][] distinct = Arrays.copyOf(texts, size);
      Arrays.sort(distinct, Arrays::compareUnsigned);
      int n = 0;
      for (int i = 0; i < size; i++) {
        if (n == 0 || !Arrays.equals(distinct[n - 1], distinct[i])) {
          distinct[n++] = distinct[i];
        }
      }
      byte[][] sorted = Arrays.copyOf(distinct, n);
      int[] ordinals = new int[size];
      Arrays.setAll(ordinals, i -> Arrays.binarySearch(sorted, texts[i], Arrays::compareUnsigned));
      write(type, rowCount, new Values(sorted, new long[0]), ordinals, out);
      return;
    }
    long[] sorted = Arrays.stream(keys, 0, size).sorted().distinct().toArray();
    int[] ordinals = new int[size];
    Arrays.setAll(ordinals, i -> Arrays.binarySearch(sorted, keys[i]));
    write(type, rowCount, new Values(new byte[0][], sorted), ordinals, out);
  }

  /** The distinct values, sorted: texts or keys. */
  private record Values(byte[][] texts, long[] keys) {
    int count() {
      return texts.length + keys.length;
    }

    long[] textStarts() {
      long[] starts = new long[texts.length + 1];
      for (int i = 0; i < texts.length; i++) {
        starts[i + 1] = starts[i] + texts[i].length;
      }
      return starts;
    }
  }

  private void write(
      String type, int rowCount, Values values, int[] ordinals, ObjectStore.Writer out) {
    boolean roaring = type.equals("BITMAP");
    boolean text = kind == ValueKind.STRING;
    int[] firsts = new int[values.count() + 1];
    int[] postings = postings(ordinals, firsts);
    byte[][] bitmaps = roaring ? bitmaps(postings, firsts) : new byte[0][];
    long[] postingStarts = new long[firsts.length];
    for (int i = 1; i < firsts.length; i++) {
      postingStarts[i] = roaring ? postingStarts[i - 1] + bitmaps[i - 1].length : 4L * firsts[i];
    }
    long[] textStarts = values.textStarts();
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    int own = FileHeader.OWN_OFFSET;
    header.set(FileHeader.INT, own, rowCount);
    header.set(FileHeader.INT, own + 4, Math.max(kind, 0));
    header.set(FileHeader.INT, own + 8, roaring ? 1 : 0);
    header.set(FileHeader.INT, own + 12, values.count());
    header.set(FileHeader.LONG, own + 16, text ? textStarts[values.count()] : 8L * values.count());
    header.set(FileHeader.LONG, own + 24, postingStarts[values.count()]);
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(name, 0, header, ValueLayout.JAVA_BYTE, own + 32, name.length);
    FileHeader.seal(header, ScalarFile.MAGIC, ScalarFile.VERSION);
    IndexFile file = IndexFile.start(header, out);
    file.part(MemorySegment.ofArray(text ? textStarts : new long[0]));
    file.append(MemorySegment.ofArray(values.keys()));
    for (byte[] value : values.texts()) {
      file.append(MemorySegment.ofArray(value));
    }
    file.endPart();
    file.part(MemorySegment.ofArray(postingStarts));
    if (roaring) {
      for (byte[] bitmap : bitmaps) {
        file.append(MemorySegment.ofArray(bitmap));
      }
    } else {
      file.append(MemorySegment.ofArray(postings).asSlice(0, 4L * firsts[values.count()]));
    }
    file.finish();
  }

  /**
   * The rows of each ordinal, ascending and once each: an array may hold a value twice.
   *
   * @param firsts filled with the position where the rows of each ordinal begin
   */
  private int[] postings(int[] ordinals, int[] firsts) {
    boolean[] repeated = new boolean[size];
    int[] last = new int[firsts.length];
    Arrays.fill(last, -1);
    for (int i = 0; i < size; i++) {
      repeated[i] = last[ordinals[i]] == rows[i];
      last[ordinals[i]] = rows[i];
      firsts[ordinals[i] + 1] += repeated[i] ? 0 : 1;
    }
    for (int i = 1; i < firsts.length; i++) {
      firsts[i] += firsts[i - 1];
    }
    int[] at = firsts.clone();
    int[] postings = new int[size];
    for (int i = 0; i < size; i++) {
      if (!repeated[i]) {
        postings[at[ordinals[i]]++] = rows[i];
      }
    }
    return postings;
  }

  private static byte[][] bitmaps(int[] postings, int[] firsts) {
    byte[][] bitmaps = new byte[firsts.length - 1][];
    for (int i = 0; i < bitmaps.length; i++) {
      RoaringBitmap rows =
          RoaringBitmap.bitmapOf(Arrays.copyOfRange(postings, firsts[i], firsts[i + 1]));
      rows.runOptimize();
      bitmaps[i] = new byte[rows.serializedSizeInBytes()];
      rows.serialize(ByteBuffer.wrap(bitmaps[i]));
    }
    return bitmaps;
  }
}
