package io.elanus.testkit.damage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Damage to a file, as a script of a few bytes: a fuzzer that turns the script reaches every part
 * of a large file, and a seed of such a corpus stays small and readable by {@code xxd}.
 *
 * <pre>
 * per edit: operation (1), place (3, big-endian, modulo the length), then by operation modulo 8
 *   0 flip a bit       which: operation / 8 modulo 8
 *   1 set a byte       the byte (1)
 *   2 set 32 bits      the number (4, little-endian)
 *   3 set 32 bits      to {@link #EDGES}[operation / 8 modulo 16]
 *   4 set 64 bits      to the same
 *   5 cut here
 *   6 copy 64 bytes    from (3, as the place)
 *   7 zero 64 bytes
 * with operation ≥ 128 the place is taken modulo 128, where headers lie. Numbers begin at multiples
 * of 4. A script that ends within an edit ends before it.
 * </pre>
 */
public final class Edits {
  private static final int HEADER = 128;
  private static final int BLOCK = 64;

  /** Numbers at which lengths, offsets and counts go wrong. */
  private static final long[] EDGES = {
    0,
    1,
    -1,
    2,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Integer.MAX_VALUE - 7,
    1 << 16,
    1 << 24,
    1 << 30,
    0x55555556,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 33,
    (1L << 61) + 1,
    0x7FC00000_7FC00000L
  };

  private Edits() {}

  /** The file with all of the script's edits; the given arrays stay as they are. */
  public static byte[] apply(byte[] whole, byte[] script) {
    byte[] file = whole.clone();
    ByteBuffer edits = ByteBuffer.wrap(script);
    while (edits.remaining() >= 4 && file.length > 0) {
      int operation = Byte.toUnsignedInt(edits.get());
      int place = place(edits, file.length);
      if (operation >= 128) {
        place %= Math.min(HEADER, file.length);
      }
      file = apply(file, operation, place, edits);
    }
    return file;
  }

  private static byte[] apply(byte[] file, int operation, int place, ByteBuffer edits) {
    long edge = EDGES[operation >> 3 & 15];
    switch (operation & 7) {
      case 0 -> file[place] ^= (byte) (1 << (operation >> 3 & 7));
      case 1 -> {
        if (edits.hasRemaining()) {
          file[place] = edits.get();
        }
      }
      case 2 -> {
        if (edits.remaining() >= 4) {
          set(file, place, 4, Integer.reverseBytes(edits.getInt()));
        }
      }
      case 3 -> set(file, place, 4, edge);
      case 4 -> set(file, place, 8, edge);
      case 5 -> {
        return Arrays.copyOf(file, place);
      }
      case 6 -> {
        if (edits.remaining() >= 3) {
          int from = place(edits, file.length);
          int n = Math.min(BLOCK, file.length - Math.max(from, place));
          System.arraycopy(file, from, file, place, n);
        }
      }
      default -> Arrays.fill(file, place, Math.min(place + BLOCK, file.length), (byte) 0);
    }
    return file;
  }

  private static int place(ByteBuffer edits, int length) {
    int high = Byte.toUnsignedInt(edits.get());
    int middle = Byte.toUnsignedInt(edits.get());
    return (high << 16 | middle << 8 | Byte.toUnsignedInt(edits.get())) % length;
  }

  private static void set(byte[] file, int place, int bytes, long value) {
    int at = place & -4;
    if (at + bytes > file.length) {
      return;
    }
    ByteBuffer into = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes == 4) {
      into.putInt(at, (int) value);
    } else {
      into.putLong(at, value);
    }
  }
}
