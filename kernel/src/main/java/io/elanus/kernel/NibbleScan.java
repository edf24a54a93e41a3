package io.elanus.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Fast scan: for each code, the sum of one table entry per 4-bit group of the code. A group of a
 * product quantizer is one of 16 centroids; a group of a 1-bit code is the signs of 4 dimensions.
 * Tables are bytes, 16 for each group one after the other; {@code tables.length / 16} is how many
 * groups a code has. Sums are exact: codes may have up to {@value #GROUPS_MAX} groups.
 *
 * <p>Codes lie in blocks of 32, so that one instruction looks 16 or more codes up in a table that
 * stays in a register (André, Kermarrec and Le Scouarnec, "Cache locality is not enough", VLDB
 * 2015). Places past the last code of the last block hold any nibbles. A block of codes of {@code
 * groups} groups:
 *
 * <pre>
 *  byte                   | low nibble         | high nibble
 *  -----------------------+--------------------+-------------------
 *  0                      | code 0,  group 0   | code 16, group 0
 *  1                      | code 1,  group 0   | code 17, group 0
 *  ...                    |                    |
 *  15                     | code 15, group 0   | code 31, group 0
 *  16 * g + j             | code j,  group g   | code j + 16, group g
 *  ...                    |                    |
 *  16 * groups - 1        | code 15, last      | code 31, last
 * </pre>
 *
 * <p>Before it is packed, a code is a row of {@code (groups + 1) / 2} bytes: group g is the low
 * nibble of byte g / 2 for even g, the high one for odd g. So bit d % 8 of byte d / 8 of a 1-bit
 * code is bit d % 4 of group d / 4.
 */
public interface NibbleScan {
  /** Codes in a block. */
  int BLOCK = 32;

  /** Most groups whose sum of bytes fits an int. */
  int GROUPS_MAX = Integer.MAX_VALUE / 255;

  /**
   * Sums for all codes of consecutive blocks.
   *
   * @param tables 16 bytes for each group, unsigned
   * @param offset the byte at which the first block starts, at any alignment
   * @param blocks how many blocks
   * @param out 32 sums for each block
   * @throws IndexOutOfBoundsException if the segment or {@code out} is too short
   */
  void scan(byte[] tables, MemorySegment codes, long offset, int blocks, int[] out);

  /** How many groups these tables are for. */
  static int groups(byte[] tables) {
    if (tables.length % 16 != 0) {
      throw new IllegalArgumentException("tables of " + tables.length + " bytes, not of 16 each");
    }
    return tables.length / 16;
  }

  /** Bytes of one block. */
  static long blockBytes(int groups) {
    return 16L * groups;
  }

  /** How many blocks hold this many codes. */
  static int blocks(int codes) {
    return Math.toIntExact((codes + 31L) / BLOCK);
  }

  /**
   * Packs rows of nibbles into blocks; what is left of the last block becomes zero.
   *
   * @param rows {@code count} rows of {@code (groups + 1) / 2} bytes
   * @param into {@code blocks(count) * blockBytes(groups)} bytes from its start
   */
  static void pack(MemorySegment rows, int count, int groups, MemorySegment into) {
    int rowBytes = (groups + 1) / 2;
    into.asSlice(0, blocks(count) * blockBytes(groups)).fill((byte) 0);
    for (int code = 0; code < count; code++) {
      long block = code / BLOCK * blockBytes(groups);
      put(rows.asSlice((long) code * rowBytes, rowBytes), groups, into, block, code % BLOCK);
    }
  }

  /** Writes one code to a place, 0 to 31, of the block that starts at this byte. */
  static void put(MemorySegment code, int groups, MemorySegment into, long block, int place) {
    Objects.checkIndex(place, BLOCK);
    int shift = place / 16 * 4;
    for (int group = 0; group < groups; group++) {
      int nibble = code.get(ValueLayout.JAVA_BYTE, group / 2) >> group % 2 * 4 & 15;
      long at = block + 16L * group + place % 16;
      int other = into.get(ValueLayout.JAVA_BYTE, at) & 0xf0 >> shift;
      into.set(ValueLayout.JAVA_BYTE, at, (byte) (other | nibble << shift));
    }
  }
}
