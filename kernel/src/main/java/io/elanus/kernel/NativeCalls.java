package io.elanus.kernel;

import io.elanus.kernel.library.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/**
 * How the functions of {@code measure.h} are called. C checks ids and nothing else, so that
 * everything else is checked here. The methods are small enough to be compiled into their callers,
 * where the handle is a constant; with a handle that is not, a call is slow.
 */
public final class NativeCalls {
  /** The garbage collector waits for a call: a long one is cut where it passes this many bytes. */
  private static final long BYTES_PER_CALL = 1 << 20;

  private NativeCalls() {}

  /** {@code void (query, rows, int64 dim, int32 count, out)}. */
  static MethodHandle inOrder(String name) {
    return NativeLibrary.loaded()
        .find(
            name,
            FunctionDescriptor.ofVoid(
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS),
            true);
  }

  /** {@code int32 (query, rows, int64 dim, int32 rowCount, ids, int32 count, out)}. */
  public static MethodHandle gathered(String name) {
    return NativeLibrary.loaded()
        .find(
            name,
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS),
            true);
  }

  /** Measures one row into the first place of {@code out}, which has 4 bytes. */
  static void one(
      MethodHandle function,
      MemorySegment query,
      MemorySegment rows,
      long offset,
      long stride,
      int dim,
      MemorySegment out) {
    try {
      function.invokeExact(query, rows.asSlice(offset, stride), (long) dim, 1, out);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** Measures {@code count} rows of {@code stride} bytes from row {@code first} on. */
  static void inOrder(
      MethodHandle function,
      MemorySegment query,
      MemorySegment rows,
      long stride,
      int dim,
      int first,
      int count,
      MemorySegment out) {
    Objects.checkFromIndexSize(0, 4L * count, out.byteSize());
    MemorySegment block = rows.asSlice(first * stride, count * stride);
    int step = rowsPerCall(stride);
    for (int i = 0; i < count; i += step) {
      int taken = Math.min(step, count - i);
      try {
        function.invokeExact(
            query, block.asSlice(i * stride), (long) dim, taken, out.asSlice(4L * i));
      } catch (Throwable e) {
        throw failed(e);
      }
    }
  }

  /** Measures the rows of the first {@code count} ids. */
  public static void gathered(
      MethodHandle function,
      MemorySegment query,
      MemorySegment rows,
      long stride,
      int dim,
      int[] ids,
      int count,
      MemorySegment out) {
    Objects.checkFromIndexSize(0, count, ids.length);
    Objects.checkFromIndexSize(0, 4L * count, out.byteSize());
    int rowCount = rowCount(rows, stride);
    MemorySegment heapIds = MemorySegment.ofArray(ids);
    int step = rowsPerCall(stride);
    for (int i = 0; i < count; i += step) {
      int wanted = Math.min(step, count - i);
      int taken;
      try {
        taken =
            (int)
                function.invokeExact(
                    query,
                    rows,
                    (long) dim,
                    rowCount,
                    heapIds.asSlice(4L * i),
                    wanted,
                    out.asSlice(4L * i));
      } catch (Throwable e) {
        throw failed(e);
      }
      if (taken != wanted) {
        throw new IndexOutOfBoundsException("row " + ids[i + taken] + " of " + rowCount);
      }
    }
  }

  /** What a call threw. C throws nothing: this is a segment that is closed or of another thread. */
  public static RuntimeException failed(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      return runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a native call failed", e);
  }

  /** How many rows the segment holds whole, as ids count them. */
  private static int rowCount(MemorySegment rows, long stride) {
    return stride == 0
        ? Integer.MAX_VALUE
        : (int) Math.min(Integer.MAX_VALUE, rows.byteSize() / stride);
  }

  private static int rowsPerCall(long stride) {
    // A multiple of four, the rows that native code takes together.
    return (int) Math.max(64, BYTES_PER_CALL / Math.max(stride, 1) & ~3L);
  }
}
