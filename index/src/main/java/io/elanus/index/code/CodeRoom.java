package io.elanus.index.code;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Room for codes that are being made. */
public final class CodeRoom {
  private CodeRoom() {}

  /** Parts of these lengths, zero, each at a multiple of 64. */
  public static MemorySegment[] parts(Arena arena, long... bytes) {
    MemorySegment[] parts = new MemorySegment[bytes.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = arena.allocate(Math.max(1, bytes[i]), 64).asSlice(0, bytes[i]);
    }
    return parts;
  }
}
