package io.elanus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Codes come out of blocks as they went in: the layout, seen through the scan. */
class NibbleScanTest {
  @Test
  void sumsTheEntriesThatThePackedCodesName() {
    for (int groups : new int[] {1, 2, 5, 32, 33}) {
      for (int count : new int[] {1, 31, 32, 33, 70}) {
        Random random = new Random(groups * 100L + count);
        int rowBytes = (groups + 1) / 2;
        byte[] rows = new byte[count * rowBytes];
        random.nextBytes(rows);
        byte[] tables = new byte[16 * groups];
        random.nextBytes(tables);
        int blocks = NibbleScan.blocks(count);
        int[] out = new int[32 * blocks];
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment packed = arena.allocate(blocks * NibbleScan.blockBytes(groups));
          packed.fill((byte) 0xa5);
          NibbleScan.pack(MemorySegment.ofArray(rows), count, groups, packed);
          Kernels.scalar().nibbles().scan(tables, packed, 0, blocks, out);
        }
        for (int code = 0; code < 32 * blocks; code++) {
          int sum = 0;
          for (int group = 0; group < groups; group++) {
            // What is left of the last block holds zeros.
            int pair = code < count ? rows[code * rowBytes + group / 2] & 0xff : 0;
            sum += tables[16 * group + (group % 2 == 0 ? pair & 15 : pair >> 4)] & 0xff;
          }
          assertThat(out[code]).isEqualTo(sum);
        }
      }
    }
  }

  @Test
  void putsOneCodeAndLeavesTheOthers() {
    int groups = 3;
    byte[] block = new byte[(int) NibbleScan.blockBytes(groups)];
    MemorySegment into = MemorySegment.ofArray(block);
    MemorySegment code = MemorySegment.ofArray(new byte[] {0x21, 0x03});
    NibbleScan.put(code, groups, into, 0, 2);
    NibbleScan.put(code, groups, into, 0, 18);
    NibbleScan.put(MemorySegment.ofArray(new byte[2]), groups, into, 0, 2);
    assertThat(into.get(ValueLayout.JAVA_BYTE, 2)).isEqualTo((byte) 0x10);
    assertThat(into.get(ValueLayout.JAVA_BYTE, 18)).isEqualTo((byte) 0x20);
    assertThat(into.get(ValueLayout.JAVA_BYTE, 34)).isEqualTo((byte) 0x30);
    assertThatThrownBy(() -> NibbleScan.put(code, groups, into, 0, 32))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
