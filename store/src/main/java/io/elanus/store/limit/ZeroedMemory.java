package io.elanus.store.limit;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Large blocks of zeroed memory, by the C library's {@code calloc}. An arena of the JDK writes the
 * zeros itself, in code that a safepoint has to wait for: half a second where the system has to
 * find a hundred megabytes, in which no thread of the process answers anything. {@code calloc} lets
 * the system give each page when it is first touched, and whoever waits in a native call holds
 * nobody up. The same goes for giving them back.
 */
final class ZeroedMemory {
  /** Below, the zeros take less than a tenth of a millisecond. */
  static final long BYTES_MIN = 1 << 20;

  private static final MethodHandle CALLOC =
      function(
          "calloc",
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  private static final MethodHandle FREE =
      function("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  private ZeroedMemory() {}

  /**
   * Memory that is freed when the arena is closed; throws OutOfMemoryError where there is none.
   *
   * @param alignment a power of two
   */
  static MemorySegment allocate(Arena arena, long bytes, long alignment) {
    if (bytes < BYTES_MIN) {
      return arena.allocate(bytes, alignment);
    }
    long room = Math.addExact(bytes, alignment);
    MemorySegment found = calloc(room);
    if (found.equals(MemorySegment.NULL)) {
      throw new OutOfMemoryError("the system has no %d bytes".formatted(room));
    }
    MemorySegment owned = found.reinterpret(room, arena, ZeroedMemory::free);
    return owned.asSlice(Math.floorMod(-found.address(), alignment), bytes, alignment);
  }

  private static MemorySegment calloc(long bytes) {
    try {
      return (MemorySegment) CALLOC.invokeExact(1L, bytes);
    } catch (Throwable e) {
      throw new IllegalStateException("calloc cannot be called", e);
    }
  }

  private static void free(MemorySegment memory) {
    try {
      FREE.invokeExact(memory);
    } catch (Throwable e) {
      throw new IllegalStateException("free cannot be called", e);
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor shape) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
  }
}
