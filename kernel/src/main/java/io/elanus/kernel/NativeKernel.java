package io.elanus.kernel;

import io.elanus.kernel.library.Level;
import io.elanus.kernel.library.NativeLibrary;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/** C through the foreign function interface: {@code src/main/c/float_rows.h} on float32. */
final class NativeKernel implements Kernel {
  private static final MethodHandle DOTS = NativeCalls.inOrder("elanus_float32_dots");
  private static final MethodHandle SQUARES = NativeCalls.inOrder("elanus_float32_squares");
  private static final MethodHandle DOTS_OF = NativeCalls.gathered("elanus_float32_dots_of");
  private static final MethodHandle SQUARES_OF = NativeCalls.gathered("elanus_float32_squares_of");

  private final Level level;

  /** Uses at most these instructions, as every native function of the process does from now on. */
  NativeKernel(Level most) {
    level = NativeLibrary.loaded().limit(most);
  }

  @Override
  public String name() {
    return "native (" + level.name().toLowerCase(Locale.ROOT) + ")";
  }

  @Override
  public float dot(float[] query, MemorySegment rows, long offset) {
    float[] out = new float[1];
    inOrder(DOTS, query, rows.asSlice(offset, 4L * query.length), 1, out);
    return out[0];
  }

  @Override
  public float squaredL2(float[] query, MemorySegment rows, long offset) {
    float[] out = new float[1];
    inOrder(SQUARES, query, rows.asSlice(offset, 4L * query.length), 1, out);
    return out[0];
  }

  @Override
  public float squaredNorm(MemorySegment rows, long offset, int dim) {
    float[] out = new float[1];
    MemorySegment row = rows.asSlice(offset, 4L * dim);
    try {
      DOTS.invokeExact(row, row, (long) dim, 1, MemorySegment.ofArray(out));
    } catch (Throwable e) {
      throw NativeCalls.failed(e);
    }
    return out[0];
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int first, int count, float[] out) {
    inOrder(DOTS, query, block(query, rows, first, count, out), count, out);
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int first, int count, float[] out) {
    inOrder(SQUARES, query, block(query, rows, first, count, out), count, out);
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    gathered(DOTS_OF, query, rows, ids, count, out);
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    gathered(SQUARES_OF, query, rows, ids, count, out);
  }

  private static MemorySegment block(
      float[] query, MemorySegment rows, int first, int count, float[] out) {
    return NativeCalls.block(rows, 4L * query.length, first, count, out.length);
  }

  private static void inOrder(
      MethodHandle function, float[] query, MemorySegment block, int count, float[] out) {
    long stride = 4L * query.length;
    MemorySegment heapQuery = MemorySegment.ofArray(query);
    MemorySegment heapOut = MemorySegment.ofArray(out);
    int step = NativeCalls.rowsPerCall(stride);
    for (int i = 0; i < count; i += step) {
      int taken = Math.min(step, count - i);
      try {
        function.invokeExact(
            heapQuery,
            block.asSlice(i * stride),
            (long) query.length,
            taken,
            heapOut.asSlice(4L * i));
      } catch (Throwable e) {
        throw NativeCalls.failed(e);
      }
    }
  }

  private static void gathered(
      MethodHandle function, float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    NativeCalls.checkIds(ids, count, out.length);
    long stride = 4L * query.length;
    int rowCount = NativeCalls.rowCount(rows, stride);
    MemorySegment heapQuery = MemorySegment.ofArray(query);
    MemorySegment heapIds = MemorySegment.ofArray(ids);
    MemorySegment heapOut = MemorySegment.ofArray(out);
    int step = NativeCalls.rowsPerCall(stride);
    for (int i = 0; i < count; i += step) {
      int wanted = Math.min(step, count - i);
      int taken;
      try {
        taken =
            (int)
                function.invokeExact(
                    heapQuery,
                    rows,
                    (long) query.length,
                    rowCount,
                    heapIds.asSlice(4L * i),
                    wanted,
                    heapOut.asSlice(4L * i));
      } catch (Throwable e) {
        throw NativeCalls.failed(e);
      }
      if (taken != wanted) {
        throw NativeCalls.outside(ids[i + taken], rowCount);
      }
    }
  }
}
