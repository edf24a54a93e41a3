package io.elanus.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Plain loops; bits are counted eight bytes at a time. */
final class ScalarByteRows implements ByteRows {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Override
  public void dots(byte[] query, MemorySegment rows, int first, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows, (long) query.length * (first + (long) i));
    }
  }

  @Override
  public void dots(byte[] query, MemorySegment rows, int[] ids, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows, (long) query.length * ids[i]);
    }
  }

  @Override
  public void squaredL2s(byte[] query, MemorySegment rows, int first, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows, (long) query.length * (first + (long) i));
    }
  }

  @Override
  public void squaredL2s(byte[] query, MemorySegment rows, int[] ids, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows, (long) query.length * ids[i]);
    }
  }

  @Override
  public void hammings(byte[] query, MemorySegment rows, int first, int count, int[] out) {
    MemorySegment heapQuery = MemorySegment.ofArray(query);
    for (int i = 0; i < count; i++) {
      out[i] = hamming(heapQuery, rows, (long) query.length * (first + (long) i));
    }
  }

  @Override
  public void hammings(byte[] query, MemorySegment rows, int[] ids, int count, int[] out) {
    MemorySegment heapQuery = MemorySegment.ofArray(query);
    for (int i = 0; i < count; i++) {
      out[i] = hamming(heapQuery, rows, (long) query.length * ids[i]);
    }
  }

  @Override
  public void jaccards(byte[] query, MemorySegment rows, int first, int count, float[] out) {
    MemorySegment heapQuery = MemorySegment.ofArray(query);
    for (int i = 0; i < count; i++) {
      out[i] = jaccard(heapQuery, rows, (long) query.length * (first + (long) i));
    }
  }

  @Override
  public void jaccards(byte[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    MemorySegment heapQuery = MemorySegment.ofArray(query);
    for (int i = 0; i < count; i++) {
      out[i] = jaccard(heapQuery, rows, (long) query.length * ids[i]);
    }
  }

  private static int dot(byte[] query, MemorySegment rows, long offset) {
    int sum = 0;
    for (int i = 0; i < query.length; i++) {
      sum += query[i] * rows.get(BYTE, offset + i);
    }
    return sum;
  }

  private static int squaredL2(byte[] query, MemorySegment rows, long offset) {
    int sum = 0;
    for (int i = 0; i < query.length; i++) {
      int difference = query[i] - rows.get(BYTE, offset + i);
      sum += difference * difference;
    }
    return sum;
  }

  private static int hamming(MemorySegment query, MemorySegment rows, long offset) {
    int length = (int) query.byteSize();
    int apart = 0;
    int i = 0;
    for (; i <= length - 8; i += 8) {
      apart += Long.bitCount(query.get(LONG, i) ^ rows.get(LONG, offset + i));
    }
    for (; i < length; i++) {
      apart += Integer.bitCount((query.get(BYTE, i) ^ rows.get(BYTE, offset + i)) & 0xff);
    }
    return apart;
  }

  private static float jaccard(MemorySegment query, MemorySegment rows, long offset) {
    int length = (int) query.byteSize();
    int both = 0;
    int either = 0;
    int i = 0;
    for (; i <= length - 8; i += 8) {
      long x = query.get(LONG, i);
      long y = rows.get(LONG, offset + i);
      both += Long.bitCount(x & y);
      either += Long.bitCount(x | y);
    }
    for (; i < length; i++) {
      int x = query.get(BYTE, i);
      int y = rows.get(BYTE, offset + i);
      both += Integer.bitCount(x & y & 0xff);
      either += Integer.bitCount((x | y) & 0xff);
    }
    return either == 0 ? 1 : (float) (either - both) / either;
  }
}
