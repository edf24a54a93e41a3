package io.elanus.kernel.code;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * How rows of codes lie, one after the other: two floats, {@code add} and {@code factor}, then the
 * code. Little-endian, unaligned.
 *
 * <pre>
 * grid codes, in chunks of 256 coordinates; of a chunk of n:
 *   8 bits   n signed bytes, −127 to 127
 *   4 bits   half = (n + 1) / 2 bytes; byte j holds coordinate j low, half + j high; 0 to 15
 *   6 bits   the same for the lower 4 bits, then quarter = (n + 3) / 4 bytes: bits 2k and 2k + 1 of
 *            byte j are the upper ones of coordinate k · quarter + j; 0 to 63
 * book codes: a byte for each table
 * </pre>
 *
 * @param cells coordinates, or tables
 * @param bits 4, 6 or 8 for each coordinate; 0 for book codes
 */
public record CodeLayout(int cells, int bits) {
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Bytes before the code. */
  public static final int FACTS = 8;

  private static final int CHUNK = 256;

  /** A code of 4, 6 or 8 bits for each coordinate. */
  public static CodeLayout grid(int dim, int bits) {
    if (bits != 4 && bits != 6 && bits != 8) {
      throw new IllegalArgumentException("grid codes of %d bits".formatted(bits));
    }
    return new CodeLayout(dim, bits);
  }

  /** A code of a byte for each table of 256 numbers. */
  public static CodeLayout book(int tables) {
    return new CodeLayout(tables, 0);
  }

  public boolean isGrid() {
    return bits > 0;
  }

  /** From one row to the next. */
  public int rowBytes() {
    return FACTS + (isGrid() ? cells / CHUNK * bytes(CHUNK) + bytes(cells % CHUNK) : cells);
  }

  private int bytes(int n) {
    return switch (bits) {
      case 4 -> (n + 1) / 2;
      case 6 -> (n + 1) / 2 + (n + 3) / 4;
      default -> n;
    };
  }

  public void putFacts(MemorySegment rows, int row, float add, float factor) {
    long at = (long) rowBytes() * row;
    rows.set(FLOAT, at, add);
    rows.set(FLOAT, at + 4, factor);
  }

  public float add(MemorySegment rows, int row) {
    return rows.get(FLOAT, (long) rowBytes() * row);
  }

  public float factor(MemorySegment rows, int row) {
    return rows.get(FLOAT, (long) rowBytes() * row + 4);
  }

  /**
   * Writes a code.
   *
   * @param code per cell: 0 to 2^bits − 1, or with 8 bits of a grid −127 to 127
   */
  public void put(MemorySegment rows, int row, byte[] code) {
    MemorySegment into = rows.asSlice((long) rowBytes() * row + FACTS, rowBytes() - FACTS);
    if (!isGrid() || bits == 8) {
      MemorySegment.copy(code, 0, into, ValueLayout.JAVA_BYTE, 0, cells);
      return;
    }
    byte[] packed = new byte[rowBytes() - FACTS];
    int at = 0;
    for (int from = 0; from < cells; from += CHUNK) {
      int n = Math.min(CHUNK, cells - from);
      int half = (n + 1) / 2;
      int quarter = (n + 3) / 4;
      for (int i = 0; i < n; i++) {
        int value = code[from + i];
        packed[at + i % half] |= (byte) ((value & 15) << i / half * 4);
        if (bits == 6) {
          packed[at + half + i % quarter] |= (byte) (value >> 4 << i / quarter * 2);
        }
      }
      at += bytes(n);
    }
    MemorySegment.copy(packed, 0, into, ValueLayout.JAVA_BYTE, 0, packed.length);
  }

  /** Reads a code as {@link #put} takes it. */
  public void get(MemorySegment rows, int row, byte[] code) {
    byte[] packed = new byte[rowBytes() - FACTS];
    MemorySegment.copy(
        rows, ValueLayout.JAVA_BYTE, (long) rowBytes() * row + FACTS, packed, 0, packed.length);
    if (!isGrid() || bits == 8) {
      System.arraycopy(packed, 0, code, 0, cells);
      return;
    }
    int at = 0;
    for (int from = 0; from < cells; from += CHUNK) {
      int n = Math.min(CHUNK, cells - from);
      int half = (n + 1) / 2;
      int quarter = (n + 3) / 4;
      for (int i = 0; i < n; i++) {
        int value = packed[at + i % half] >> i / half * 4 & 15;
        if (bits == 6) {
          value |= (packed[at + half + i % quarter] >> i / quarter * 2 & 3) << 4;
        }
        code[from + i] = (byte) value;
      }
      at += bytes(n);
    }
  }
}
