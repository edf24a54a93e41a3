package io.elanus.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One table entry after the other, as the layout in {@link NibbleScan} says. */
final class ScalarNibbleScan implements NibbleScan {
  @Override
  public void scan(byte[] tables, MemorySegment codes, long offset, int blocks, int[] out) {
    int groups = NibbleScan.groups(tables);
    for (int block = 0; block < blocks; block++) {
      long start = offset + block * NibbleScan.blockBytes(groups);
      for (int place = 0; place < BLOCK; place++) {
        int sum = 0;
        for (int group = 0; group < groups; group++) {
          int pair = codes.get(ValueLayout.JAVA_BYTE, start + 16L * group + place % 16);
          int nibble = pair >> place / 16 * 4 & 15;
          sum += tables[16 * group + nibble] & 0xff;
        }
        out[BLOCK * block + place] = sum;
      }
    }
  }
}
