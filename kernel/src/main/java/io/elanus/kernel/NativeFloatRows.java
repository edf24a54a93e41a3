package io.elanus.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** C on rows of floats: {@code src/main/c/float_rows.h}. */
final class NativeFloatRows implements FloatRows {
  private static final MethodHandle DOTS_32 = NativeCalls.inOrder("elanus_float32_dots");
  private static final MethodHandle DOTS_32_OF = NativeCalls.gathered("elanus_float32_dots_of");
  private static final MethodHandle SQUARES_32 = NativeCalls.inOrder("elanus_float32_squares");
  private static final MethodHandle SQUARES_32_OF =
      NativeCalls.gathered("elanus_float32_squares_of");
  private static final MethodHandle DOTS_16 = NativeCalls.inOrder("elanus_float16_dots");
  private static final MethodHandle DOTS_16_OF = NativeCalls.gathered("elanus_float16_dots_of");
  private static final MethodHandle SQUARES_16 = NativeCalls.inOrder("elanus_float16_squares");
  private static final MethodHandle SQUARES_16_OF =
      NativeCalls.gathered("elanus_float16_squares_of");
  private static final MethodHandle DOTS_B16 = NativeCalls.inOrder("elanus_bfloat16_dots");
  private static final MethodHandle DOTS_B16_OF = NativeCalls.gathered("elanus_bfloat16_dots_of");
  private static final MethodHandle SQUARES_B16 = NativeCalls.inOrder("elanus_bfloat16_squares");
  private static final MethodHandle SQUARES_B16_OF =
      NativeCalls.gathered("elanus_bfloat16_squares_of");

  private final FloatCell cell;

  NativeFloatRows(FloatCell cell) {
    this.cell = cell;
  }

  @Override
  public float dot(float[] query, MemorySegment rows, long offset) {
    int dim = query.length;
    long stride = cell.bytes * dim;
    MemorySegment heapQuery = MemorySegment.ofArray(query);
    float[] one = new float[1];
    MemorySegment out = MemorySegment.ofArray(one);
    switch (cell) {
      case FLOAT32 -> NativeCalls.one(DOTS_32, heapQuery, rows, offset, stride, dim, out);
      case FLOAT16 -> NativeCalls.one(DOTS_16, heapQuery, rows, offset, stride, dim, out);
      case BFLOAT16 -> NativeCalls.one(DOTS_B16, heapQuery, rows, offset, stride, dim, out);
    }
    return one[0];
  }

  @Override
  public float squaredL2(float[] query, MemorySegment rows, long offset) {
    int dim = query.length;
    long stride = cell.bytes * dim;
    MemorySegment heapQuery = MemorySegment.ofArray(query);
    float[] one = new float[1];
    MemorySegment out = MemorySegment.ofArray(one);
    switch (cell) {
      case FLOAT32 -> NativeCalls.one(SQUARES_32, heapQuery, rows, offset, stride, dim, out);
      case FLOAT16 -> NativeCalls.one(SQUARES_16, heapQuery, rows, offset, stride, dim, out);
      case BFLOAT16 -> NativeCalls.one(SQUARES_B16, heapQuery, rows, offset, stride, dim, out);
    }
    return one[0];
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int first, int count, float[] out) {
    int dim = query.length;
    long stride = cell.bytes * dim;
    MemorySegment in = MemorySegment.ofArray(query);
    MemorySegment results = MemorySegment.ofArray(out);
    switch (cell) {
      case FLOAT32 -> NativeCalls.inOrder(DOTS_32, in, rows, stride, dim, first, count, results);
      case FLOAT16 -> NativeCalls.inOrder(DOTS_16, in, rows, stride, dim, first, count, results);
      case BFLOAT16 -> NativeCalls.inOrder(DOTS_B16, in, rows, stride, dim, first, count, results);
    }
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    int dim = query.length;
    long stride = cell.bytes * dim;
    MemorySegment in = MemorySegment.ofArray(query);
    MemorySegment results = MemorySegment.ofArray(out);
    switch (cell) {
      case FLOAT32 -> NativeCalls.gathered(DOTS_32_OF, in, rows, stride, dim, ids, count, results);
      case FLOAT16 -> NativeCalls.gathered(DOTS_16_OF, in, rows, stride, dim, ids, count, results);
      case BFLOAT16 ->
          NativeCalls.gathered(DOTS_B16_OF, in, rows, stride, dim, ids, count, results);
    }
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int first, int count, float[] out) {
    int dim = query.length;
    long stride = cell.bytes * dim;
    MemorySegment in = MemorySegment.ofArray(query);
    MemorySegment results = MemorySegment.ofArray(out);
    switch (cell) {
      case FLOAT32 -> NativeCalls.inOrder(SQUARES_32, in, rows, stride, dim, first, count, results);
      case FLOAT16 -> NativeCalls.inOrder(SQUARES_16, in, rows, stride, dim, first, count, results);
      case BFLOAT16 ->
          NativeCalls.inOrder(SQUARES_B16, in, rows, stride, dim, first, count, results);
    }
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    int dim = query.length;
    long stride = cell.bytes * dim;
    MemorySegment in = MemorySegment.ofArray(query);
    MemorySegment results = MemorySegment.ofArray(out);
    switch (cell) {
      case FLOAT32 ->
          NativeCalls.gathered(SQUARES_32_OF, in, rows, stride, dim, ids, count, results);
      case FLOAT16 ->
          NativeCalls.gathered(SQUARES_16_OF, in, rows, stride, dim, ids, count, results);
      case BFLOAT16 ->
          NativeCalls.gathered(SQUARES_B16_OF, in, rows, stride, dim, ids, count, results);
    }
  }

  @Override
  public float squaredNorm(MemorySegment rows, long offset, int dim) {
    if (cell != FloatCell.FLOAT32) {
      return squaredL2(new float[dim], rows, offset);
    }
    float[] one = new float[1];
    MemorySegment row = rows.asSlice(offset, 4L * dim);
    NativeCalls.one(DOTS_32, row, row, 0, 4L * dim, dim, MemorySegment.ofArray(one));
    return one[0];
  }
}
