package io.elanus.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/** C on blocks of 4-bit codes: {@code src/main/c/nibble_scan.h}. */
final class NativeNibbleScan implements NibbleScan {
  /** The functions of a measure and this one have the same shape, with groups for dim. */
  private static final MethodHandle SCAN = NativeCalls.inOrder("elanus_nibble_scan");

  /** As many as pass in microseconds: the garbage collector waits for a call. */
  private static final long BYTES_PER_CALL = 1 << 20;

  @Override
  public void scan(byte[] tables, MemorySegment codes, long offset, int blocks, int[] out) {
    int groups = NibbleScan.groups(tables);
    long blockBytes = NibbleScan.blockBytes(groups);
    Objects.checkFromIndexSize(0, (long) BLOCK * blocks, out.length);
    MemorySegment all = codes.asSlice(offset, blocks * blockBytes);
    MemorySegment in = MemorySegment.ofArray(tables);
    MemorySegment results = MemorySegment.ofArray(out);
    int step = (int) Math.max(8, BYTES_PER_CALL / Math.max(blockBytes, 1));
    for (int i = 0; i < blocks; i += step) {
      int taken = Math.min(step, blocks - i);
      try {
        SCAN.invokeExact(
            in, all.asSlice(i * blockBytes), (long) groups, taken, results.asSlice(4L * BLOCK * i));
      } catch (Throwable e) {
        throw NativeCalls.failed(e);
      }
    }
  }
}
