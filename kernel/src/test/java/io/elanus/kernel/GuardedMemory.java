package io.elanus.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Memory between two forbidden pages: whoever reads one byte before its start or after its end is
 * killed by the processor, and the test run with it.
 */
public final class GuardedMemory implements AutoCloseable {
  /** A multiple of every page size in use. */
  private static final long PAGE = 65536;

  private static final int NONE = 0;
  private static final int READ_AND_WRITE = 3;
  private static final MethodHandle PROTECT =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("mprotect"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT));

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment all;

  public GuardedMemory(long bytesMax) {
    long inner = (bytesMax + PAGE - 1) / PAGE * PAGE;
    all = arena.allocate(inner + 2 * PAGE, PAGE);
    protect(NONE);
  }

  /** The last bytes before the forbidden page. */
  public MemorySegment end(long bytes) {
    return all.asSlice(all.byteSize() - PAGE - bytes, bytes);
  }

  /** The first bytes after the other one. */
  MemorySegment start(long bytes) {
    return all.asSlice(PAGE, bytes);
  }

  @Override
  public void close() {
    protect(READ_AND_WRITE);
    arena.close();
  }

  private void protect(int access) {
    try {
      MemorySegment last = all.asSlice(all.byteSize() - PAGE, PAGE);
      int first = (int) PROTECT.invokeExact(all.asSlice(0, PAGE), PAGE, access);
      if (first != 0 || (int) PROTECT.invokeExact(last, PAGE, access) != 0) {
        throw new IllegalStateException("mprotect failed");
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
