package io.elanus.kernel;

import io.elanus.kernel.library.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/**
 * What all native kernels check before they call, and the shapes of what they call. C checks ids
 * and nothing else, so that everything else is checked here.
 */
final class NativeCalls {
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
  static MethodHandle gathered(String name) {
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

  /** The bytes of {@code count} rows from row {@code first} on. */
  static MemorySegment block(MemorySegment rows, long stride, int first, int count, int outLength) {
    Objects.checkFromIndexSize(0, count, outLength);
    return rows.asSlice(first * stride, count * stride);
  }

  static void checkIds(int[] ids, int count, int outLength) {
    Objects.checkFromIndexSize(0, count, ids.length);
    Objects.checkFromIndexSize(0, count, outLength);
  }

  /** How many rows the segment holds whole, as ids count them. */
  static int rowCount(MemorySegment rows, long stride) {
    return stride == 0
        ? Integer.MAX_VALUE
        : (int) Math.min(Integer.MAX_VALUE, rows.byteSize() / stride);
  }

  /** How many rows one call may take. */
  static int rowsPerCall(long stride) {
    // A multiple of four, the rows that native code takes together.
    return (int) Math.max(64, BYTES_PER_CALL / Math.max(stride, 1) & ~3L);
  }

  /** What an id is told that native code refused. */
  static IndexOutOfBoundsException outside(int id, int rowCount) {
    return new IndexOutOfBoundsException("row " + id + " of " + rowCount);
  }

  /** What a call threw. C throws nothing: this is a segment that is closed or of another thread. */
  static RuntimeException failed(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      return runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a native call failed", e);
  }
}
