package io.elanus.index.recall;

import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An index file in memory, where it can be opened and measured before it is written with its curve.
 * For kinds whose files are small beside the vectors.
 */
public final class Draft implements ObjectStore.Writer {
  private final Arena arena;
  private MemorySegment bytes;
  private long position;

  /**
   * @param arena holds the file, and where it grows beyond what was expected, earlier copies
   * @param expectedBytes of the file
   */
  public Draft(Arena arena, long expectedBytes) {
    this.arena = arena;
    this.bytes = arena.allocate(Math.max(64, expectedBytes), 64);
  }

  @Override
  public void write(MemorySegment more) {
    reserve(more.byteSize());
    MemorySegment.copy(more, 0, bytes, position, more.byteSize());
    position += more.byteSize();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void align(int multiple) {
    long padding = -position & (multiple - 1);
    reserve(padding);
    position += padding;
  }

  /** What was written. */
  public MemorySegment written() {
    return bytes.asSlice(0, position);
  }

  @Override
  public void commit() {}

  @Override
  public void close() {}

  private void reserve(long more) {
    if (position + more > bytes.byteSize()) {
      MemorySegment larger = arena.allocate(Math.max(2 * bytes.byteSize(), position + more), 64);
      MemorySegment.copy(bytes, 0, larger, 0, position);
      bytes = larger;
    }
  }
}
