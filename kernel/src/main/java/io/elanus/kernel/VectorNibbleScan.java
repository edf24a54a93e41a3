package io.elanus.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The JDK's Vector API on blocks of 4-bit codes, at 128 bits: a table is one vector, and selecting
 * from it is one instruction. Bytes are summed as in {@code nibble_scan.h}: as words, and their
 * upper bytes once more, so that even and odd bytes can be told apart at the end.
 */
final class VectorNibbleScan implements NibbleScan {
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_128;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Bytes of at most 255 that 16 bits hold the sum of. */
  private static final int STEPS_MAX = 256;

  @Override
  public void scan(byte[] tables, MemorySegment codes, long offset, int blocks, int[] out) {
    int groups = NibbleScan.groups(tables);
    for (int block = 0; block < blocks; block++) {
      java.util.Arrays.fill(out, BLOCK * block, BLOCK * (block + 1), 0);
      long start = offset + block * NibbleScan.blockBytes(groups);
      for (int from = 0; from < groups; from += STEPS_MAX) {
        int to = Math.min(groups, from + STEPS_MAX);
        add(tables, codes, start, from, to, out, BLOCK * block);
      }
    }
  }

  private static void add(
      byte[] tables, MemorySegment codes, long start, int from, int to, int[] out, int at) {
    ShortVector lowWords = ShortVector.zero(SHORTS);
    ShortVector lowOdd = lowWords;
    ShortVector highWords = lowWords;
    ShortVector highOdd = lowWords;
    for (int group = from; group < to; group++) {
      ByteVector table = ByteVector.fromArray(BYTES, tables, 16 * group);
      ByteVector pairs = ByteVector.fromMemorySegment(BYTES, codes, start + 16L * group, ORDER);
      ShortVector low = pairs.and((byte) 15).selectFrom(table).reinterpretAsShorts();
      ShortVector high =
          pairs
              .reinterpretAsShorts()
              .lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsBytes()
              .and((byte) 15)
              .selectFrom(table)
              .reinterpretAsShorts();
      lowWords = lowWords.add(low);
      lowOdd = lowOdd.add(low.lanewise(VectorOperators.LSHR, 8));
      highWords = highWords.add(high);
      highOdd = highOdd.add(high.lanewise(VectorOperators.LSHR, 8));
    }
    empty(lowWords, lowOdd, out, at);
    empty(highWords, highOdd, out, at + 16);
  }

  private static void empty(ShortVector words, ShortVector odd, int[] out, int at) {
    ShortVector even = words.sub(odd.lanewise(VectorOperators.LSHL, 8));
    for (int i = 0; i < SHORTS.length(); i++) {
      out[at + 2 * i] += even.lane(i) & 0xffff;
      out[at + 2 * i + 1] += odd.lane(i) & 0xffff;
    }
  }
}
