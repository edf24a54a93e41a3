package io.elanus.sim.disk;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/**
 * Bytes as if mapped: not to be touched when the arena is closed. Their memory is the collector's
 * all the same, for a process that dies closes nothing.
 */
final class Mapping {
  private static final int ALIGNMENT_BYTES = 64;

  private Mapping() {}

  static MemorySegment of(byte[] bytes, Arena arena) {
    MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, bytes.length), ALIGNMENT_BYTES);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return memory
        .reinterpret(bytes.length, arena, ended -> Reference.reachabilityFence(memory))
        .asReadOnly();
  }
}
