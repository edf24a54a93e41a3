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

  /** Reads back what a sink wrote. */
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
      return bytes.get(ValueLayout.JAVA_BYTE, at++);
    }

    public int takeInt() {
      int value = bytes.get(FileHeader.INT, at);
      at += 4;
      return value;
    }

    public long takeLong() {
      long value = bytes.get(FileHeader.LONG, at);
      at += 8;
      return value;
    }

    public byte[] takeBytes() {
      int length = takeInt();
      byte[] value = bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
      at += length;
      return value;
    }

    public String takeText() {
      return new String(takeBytes(), StandardCharsets.UTF_8);
    }

    public long[] takeLongs(int count) {
      long[] values = new long[count];
      MemorySegment.copy(bytes, FileHeader.LONG, at, values, 0, count);
      at += 8L * count;
      return values;
    }

    public int[] takeInts(int count) {
      int[] values = new int[count];
      MemorySegment.copy(bytes, FileHeader.INT, at, values, 0, count);
      at += 4L * count;
      return values;
    }

    public float[] takeFloats(int count) {
      float[] values = new float[count];
      MemorySegment.copy(bytes, FileHeader.FLOAT, at, values, 0, count);
      at += 4L * count;
      return values;
    }
  }
}
