package io.elanus.engine.write.bytes;

import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Grows an array of bytes, little-endian. */
public final class ByteSink {
  private byte[] bytes = new byte[256];
  private int size;

  public MemorySegment written() {
    return MemorySegment.ofArray(bytes).asSlice(0, size);
  }

  public byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  public void putByte(int value) {
    int at = reserve(1);
    bytes[at] = (byte) value;
  }

  public void putInt(int value) {
    int at = reserve(4);
    MemorySegment.ofArray(bytes).set(FileHeader.INT, at, value);
  }

  public void putLong(long value) {
    int at = reserve(8);
    MemorySegment.ofArray(bytes).set(FileHeader.LONG, at, value);
  }

  public void putBytes(byte[] value) {
    putInt(value.length);
    int at = reserve(value.length);
    System.arraycopy(value, 0, bytes, at, value.length);
  }

  public void putText(String value) {
    putBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public void putLongs(long[] values) {
    int at = reserve(Math.multiplyExact(8, values.length));
    MemorySegment.copy(values, 0, MemorySegment.ofArray(bytes), FileHeader.LONG, at, values.length);
  }

  public void putInts(int[] values) {
    int at = reserve(Math.multiplyExact(4, values.length));
    MemorySegment.copy(values, 0, MemorySegment.ofArray(bytes), FileHeader.INT, at, values.length);
  }

  public void putFloats(float[] values) {
    int at = reserve(Math.multiplyExact(4, values.length));
    MemorySegment.copy(
        values, 0, MemorySegment.ofArray(bytes), FileHeader.FLOAT, at, values.length);
  }

  private int reserve(int more) {
    int at = size;
    size = Math.addExact(size, more);
    if (size > bytes.length) {
      long doubled = Math.min(Integer.MAX_VALUE - 8L, Math.max(size, bytes.length * 2L));
      bytes = Arrays.copyOf(bytes, (int) doubled);
    }
    return at;
  }

  /** Reads back what a sink wrote; DATA_CORRUPT where lengths claim more than is there. */
  public static final class Source {
    private final MemorySegment bytes;
    private long at;

    public Source(MemorySegment bytes) {
      this.bytes = bytes;
    }

    public boolean atEnd() {
      return at == bytes.byteSize();
    }

    public int takeByte() {
      return bytes.get(ValueLayout.JAVA_BYTE, take(1, 1));
    }

    public int takeInt() {
      return bytes.get(FileHeader.INT, take(1, 4));
    }

    public long takeLong() {
      return bytes.get(FileHeader.LONG, take(1, 8));
    }

    /**
     * A number of things that follow, before room is made for them.
     *
     * @param bytesEach at least
     */
    public int takeCount(int bytesEach) {
      return checked(takeInt(), bytesEach);
    }

    /** The count, of which there must be so many bytes each. */
    public int checked(int count, int bytesEach) {
      if (count < 0 || (long) count * bytesEach > bytes.byteSize() - at) {
        throw FileHeader.corrupt(
            "%d values of %d bytes are said to follow where %d bytes are left"
                .formatted(count, bytesEach, bytes.byteSize() - at));
      }
      return count;
    }

    public byte[] takeBytes() {
      int length = takeInt();
      return bytes.asSlice(take(length, 1), length).toArray(ValueLayout.JAVA_BYTE);
    }

    public String takeText() {
      return new String(takeBytes(), StandardCharsets.UTF_8);
    }

    public long[] takeLongs(int count) {
      long from = take(count, 8);
      long[] values = new long[count];
      MemorySegment.copy(bytes, FileHeader.LONG, from, values, 0, count);
      return values;
    }

    public int[] takeInts(int count) {
      long from = take(count, 4);
      int[] values = new int[count];
      MemorySegment.copy(bytes, FileHeader.INT, from, values, 0, count);
      return values;
    }

    public float[] takeFloats(int count) {
      long from = take(count, 4);
      float[] values = new float[count];
      MemorySegment.copy(bytes, FileHeader.FLOAT, from, values, 0, count);
      return values;
    }

    /** Passes over so many values and answers where they begin. */
    private long take(int count, int bytesEach) {
      long from = at;
      at += (long) checked(count, bytesEach) * bytesEach;
      return from;
    }
  }
}
