package io.elanus.store.limit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/** A shared arena whose bytes are leased from a budget. */
final class LeasedArena implements Arena {
  private final Arena arena = Arena.ofShared();
  private final AtomicLong taken = new AtomicLong();
  private final MemoryBudget budget;
  private final String purpose;
  private final boolean refusing;

  LeasedArena(MemoryBudget budget, String purpose, boolean refusing) {
    this.budget = budget;
    this.purpose = purpose;
    this.refusing = refusing;
  }

  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    budget.take(byteSize, purpose, refusing);
    try {
      MemorySegment memory = ZeroedMemory.allocate(arena, byteSize, byteAlignment);
      taken.addAndGet(byteSize);
      return memory;
    } catch (RuntimeException | Error e) {
      budget.giveBack(byteSize, purpose);
      throw e;
    }
  }

  @Override
  public MemorySegment.Scope scope() {
    return arena.scope();
  }

  @Override
  public void close() {
    arena.close();
    budget.giveBack(taken.getAndSet(0), purpose);
  }
}
