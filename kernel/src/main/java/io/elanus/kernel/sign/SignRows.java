package io.elanus.kernel.sign;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Codes of one bit a coordinate (Gao and Long, "RaBitQ", SIGMOD 2024), a row after the other, so
 * that any row is read alone. Little-endian.
 *
 * <pre>
 *  codes   per row bits / 8 bytes: bit d is 1 where coordinate d is positive
 *  facts   per row two bfloat16: factor, then add
 * </pre>
 *
 * <p>With s the signs as ±1, the distance of a query q to a row is about base + add − factor · ⟨q,
 * s⟩, in whatever unit the three have.
 *
 * @param bits of a code, a multiple of 64, at most {@value #BITS_MAX}
 * @param count rows
 */
public record SignRows(MemorySegment codes, MemorySegment facts, int bits, int count) {
  /** Beyond, weighted counts of bits do not fit into 16 bits. */
  public static final int BITS_MAX = 4096;

  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  public SignRows {
    if (bits < 64 || bits % 64 != 0 || bits > BITS_MAX) {
      throw new IllegalArgumentException("codes of %d bits".formatted(bits));
    }
    if (codes.byteSize() < codeBytes(bits, count) || facts.byteSize() < factBytes(count)) {
      throw new IllegalArgumentException("segments that cannot hold %d rows".formatted(count));
    }
  }

  public static long codeBytes(int bits, int count) {
    return bits / 8L * count;
  }

  public static long factBytes(int count) {
    return 4L * count;
  }

  int words() {
    return bits / 64;
  }

  /**
   * Writes a row.
   *
   * @param signs {@code bits} numbers; what is above 0 is positive
   */
  public void put(int row, float[] signs, float add, float factor) {
    for (int word = 0; word < words(); word++) {
      long code = 0;
      for (int d = 0; d < 64; d++) {
        code |= signs[64 * word + d] > 0 ? 1L << d : 0;
      }
      codes.set(LONG, 8L * (words() * (long) row + word), code);
    }
    facts.set(SHORT, 4L * row, upper(factor));
    facts.set(SHORT, 4L * row + 2, upper(add));
  }

  public float factor(int row) {
    return Float.intBitsToFloat(facts.get(SHORT, 4L * row) << 16);
  }

  public float add(int row) {
    return Float.intBitsToFloat(facts.get(SHORT, 4L * row + 2) << 16);
  }

  /** The nearest bfloat16 of a finite number. */
  private static short upper(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
