package io.elanus.engine.write;

import io.elanus.store.limit.DiskReserve;
import io.elanus.store.limit.MemoryBudget;

/**
 * What the process may take, shared by all its shards.
 *
 * @param memory off the heap: growing vectors, codes, index builds
 * @param heap what growing rows may take of it besides
 * @param disk what new rows leave free
 */
public record Limits(MemoryBudget memory, MemoryBudget heap, DiskReserve disk) {
  /** Nothing is refused. */
  public static Limits none() {
    return new Limits(MemoryBudget.unlimited(), MemoryBudget.unlimited(), DiskReserve.NONE);
  }
}
