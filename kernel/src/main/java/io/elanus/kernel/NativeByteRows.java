package io.elanus.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** C on rows of bytes: {@code src/main/c/int8_rows.h} and {@code src/main/c/bit_rows.h}. */
final class NativeByteRows implements ByteRows {
  private static final MethodHandle DOTS = NativeCalls.inOrder("elanus_int8_dots");
  private static final MethodHandle DOTS_OF = NativeCalls.gathered("elanus_int8_dots_of");
  private static final MethodHandle SQUARES = NativeCalls.inOrder("elanus_int8_squares");
  private static final MethodHandle SQUARES_OF = NativeCalls.gathered("elanus_int8_squares_of");
  private static final MethodHandle HAMMINGS = NativeCalls.inOrder("elanus_bits_hammings");
  private static final MethodHandle HAMMINGS_OF = NativeCalls.gathered("elanus_bits_hammings_of");
  private static final MethodHandle JACCARDS = NativeCalls.inOrder("elanus_bits_jaccards");
  private static final MethodHandle JACCARDS_OF = NativeCalls.gathered("elanus_bits_jaccards_of");

  @Override
  public void dots(byte[] query, MemorySegment rows, int first, int count, int[] out) {
    inOrder(DOTS, query, rows, first, count, MemorySegment.ofArray(out));
  }

  @Override
  public void dots(byte[] query, MemorySegment rows, int[] ids, int count, int[] out) {
    gathered(DOTS_OF, query, rows, ids, count, MemorySegment.ofArray(out));
  }

  @Override
  public void squaredL2s(byte[] query, MemorySegment rows, int first, int count, int[] out) {
    inOrder(SQUARES, query, rows, first, count, MemorySegment.ofArray(out));
  }

  @Override
  public void squaredL2s(byte[] query, MemorySegment rows, int[] ids, int count, int[] out) {
    gathered(SQUARES_OF, query, rows, ids, count, MemorySegment.ofArray(out));
  }

  @Override
  public void hammings(byte[] query, MemorySegment rows, int first, int count, int[] out) {
    inOrder(HAMMINGS, query, rows, first, count, MemorySegment.ofArray(out));
  }

  @Override
  public void hammings(byte[] query, MemorySegment rows, int[] ids, int count, int[] out) {
    gathered(HAMMINGS_OF, query, rows, ids, count, MemorySegment.ofArray(out));
  }

  @Override
  public void jaccards(byte[] query, MemorySegment rows, int first, int count, float[] out) {
    inOrder(JACCARDS, query, rows, first, count, MemorySegment.ofArray(out));
  }

  @Override
  public void jaccards(byte[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    gathered(JACCARDS_OF, query, rows, ids, count, MemorySegment.ofArray(out));
  }

  private static void inOrder(
      MethodHandle function,
      byte[] query,
      MemorySegment rows,
      int first,
      int count,
      MemorySegment out) {
    MemorySegment in = MemorySegment.ofArray(query);
    NativeCalls.inOrder(function, in, rows, query.length, query.length, first, count, out);
  }

  private static void gathered(
      MethodHandle function,
      byte[] query,
      MemorySegment rows,
      int[] ids,
      int count,
      MemorySegment out) {
    MemorySegment in = MemorySegment.ofArray(query);
    NativeCalls.gathered(function, in, rows, query.length, query.length, ids, count, out);
  }
}
