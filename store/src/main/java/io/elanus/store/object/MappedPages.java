package io.elanus.store.object;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Pages of a mapped object, read here and there: tells the system which ones come next, so that
 * several are read at a time, and counts those that were not in memory. Where the system knows no
 * such advice (anything but Linux), or the object was read instead of mapped, pages come in one by
 * one as they are touched, and none is counted.
 */
public final class MappedPages {
  /** Of Linux's madvise. */
  private static final int RANDOM = 1;

  private static final int WILL_NEED = 3;
  private static final int PIECES_MAX = 16;

  private static final Optional<Calls> CALLS = calls();

  private final MemorySegment mapped;
  private final Optional<Calls> calls;

  private record Calls(MethodHandle advise, MethodHandle resident, long page) {}

  private MappedPages(MemorySegment mapped) {
    this.mapped = mapped;
    this.calls = mapped.isMapped() ? CALLS : Optional.empty();
  }

  /** Pages of this object, or part of one, which will be read in no order. */
  public static MappedPages inNoOrder(MemorySegment mapped) {
    MappedPages pages = new MappedPages(mapped);
    pages.calls.ifPresent(calls -> pages.advise(calls, 0, mapped.byteSize(), RANDOM));
    return pages;
  }

  /** Whether {@link #bringIn} can tell. */
  public boolean counts() {
    return calls.isPresent();
  }

  /**
   * Begins to read these bytes, without waiting for them, unless they are in memory.
   *
   * @param bytes at most 64 KiB
   * @return whether they were not in memory
   */
  public boolean bringIn(long offset, long bytes) {
    if (calls.isEmpty()) {
      return false;
    }
    Calls present = calls.get();
    if (isResident(present, offset, bytes)) {
      return false;
    }
    advise(present, offset, bytes, WILL_NEED);
    return true;
  }

  private boolean isResident(Calls present, long offset, long bytes) {
    long from = mapped.address() + offset & -present.page;
    long length = mapped.address() + offset + bytes - from;
    byte[] pieces = new byte[PIECES_MAX + 1];
    int count = (int) ((length + present.page - 1) / present.page);
    if (count > pieces.length) {
      return false;
    }
    try {
      MemorySegment start = MemorySegment.ofAddress(from);
      int failed = (int) present.resident.invokeExact(start, length, MemorySegment.ofArray(pieces));
      if (failed != 0) {
        return true;
      }
    } catch (Throwable e) {
      throw new IllegalStateException("mincore failed", e);
    }
    for (int i = 0; i < count; i++) {
      if ((pieces[i] & 1) == 0) {
        return false;
      }
    }
    return true;
  }

  /** What the system makes of it is its own affair: that it refuses is no failure. */
  private void advise(Calls present, long offset, long bytes, int advice) {
    long from = mapped.address() + offset & -present.page;
    long length = mapped.address() + offset + bytes - from;
    try {
      int ignored = (int) present.advise.invokeExact(MemorySegment.ofAddress(from), length, advice);
    } catch (Throwable e) {
      throw new IllegalStateException("madvise failed", e);
    }
  }

  private static Optional<Calls> calls() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    if (library.find("madvise").isEmpty()
        || library.find("mincore").isEmpty()
        || library.find("getpagesize").isEmpty()) {
      return Optional.empty();
    }
    MethodHandle advise =
        linker.downcallHandle(
            library.findOrThrow("madvise"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
    // Short, so that it may see an array of the heap.
    MethodHandle resident =
        linker.downcallHandle(
            library.findOrThrow("mincore"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.critical(true));
    MethodHandle pageSize =
        linker.downcallHandle(
            library.findOrThrow("getpagesize"), FunctionDescriptor.of(ValueLayout.JAVA_INT));
    try {
      return Optional.of(new Calls(advise, resident, (int) pageSize.invokeExact()));
    } catch (Throwable e) {
      throw new IllegalStateException("getpagesize failed", e);
    }
  }
}
