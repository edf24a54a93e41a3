package io.elanus.kernel.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Turns a node of {@link HopLayout.Cells#FLOATS} into one of {@link HopLayout.Cells#SIX_BITS}: a
 * uniform grid over the rotated coordinates, with a unit that keeps ⟨x, x rounded⟩ = |x|², as
 * RaBitQ's extension has it (Gao et al., SIGMOD 2025).
 */
public final class SixBits {
  /** Where cells begin. */
  static final int AT = 16;

  private static final int CELL_MAX = 63;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final HopLayout floats;
  private final HopLayout sixBits;
  private final byte[] cells;

  /**
   * @param layout of the graph, with any cells
   */
  public SixBits(HopLayout layout) {
    floats = layout.with(HopLayout.Cells.FLOATS);
    sixBits = layout.with(HopLayout.Cells.SIX_BITS);
    cells = new byte[48 * sixBits.blocks()];
  }

  /** Coordinate d of the cells that begin there. */
  static int cell(MemorySegment memory, long at, int d) {
    long block = at + 48L * (d / 64);
    int in = d % 64;
    int low = memory.get(ValueLayout.JAVA_BYTE, block + in % 32) >> (in / 32 * 4) & 15;
    int high = memory.get(ValueLayout.JAVA_BYTE, block + 32 + in % 16) >> (in / 16 * 2) & 3;
    return low | high << 4;
  }

  /**
   * Writes a node.
   *
   * @param from where the node of floats begins in {@code node}
   * @param rotated its vector, rotated
   * @param to where the node of six bits is to begin in {@code into}, whose bytes there are zero
   * @return the squared length of what the rounding lost
   */
  public double write(MemorySegment node, long from, float[] rotated, MemorySegment into, long to) {
    double lost = vector(rotated, into, to);
    MemorySegment.copy(
        node, from + floats.codesAt(), into, to + sixBits.codesAt(), 4L * floats.bits());
    factors(node, from + floats.addAt(), into, to + 8, to + sixBits.addAt());
    factors(node, from + floats.scaleAt(), into, to + 12, to + sixBits.scaleAt());
    MemorySegment.copy(
        node, from + floats.neighborsAt(), into, to + sixBits.neighborsAt(), 4L * HopLayout.DEGREE);
    return lost;
  }

  private double vector(float[] rotated, MemorySegment into, long to) {
    float largest = 0;
    for (float value : rotated) {
      largest = Math.max(largest, Math.abs(value));
    }
    double unit = largest / HopQuery.CELL_MIDDLE;
    double inverse = largest > 0 ? 1 / unit : 0;
    java.util.Arrays.fill(cells, (byte) 0);
    double squared = 0;
    double along = 0;
    double grid = 0;
    for (int d = 0; d < rotated.length; d++) {
      int cell =
          (int) Math.clamp(Math.rint(rotated[d] * inverse + HopQuery.CELL_MIDDLE), 0, CELL_MAX);
      double centered = cell - HopQuery.CELL_MIDDLE;
      squared += (double) rotated[d] * rotated[d];
      along += rotated[d] * centered;
      grid += centered * centered;
      put(d, cell);
    }
    double straight = along > 0 ? squared / along : 0;
    into.set(FLOAT, to, (float) squared);
    into.set(FLOAT, to + 4, (float) straight);
    MemorySegment.copy(cells, 0, into, ValueLayout.JAVA_BYTE, to + AT, cells.length);
    return Math.max(0, straight * straight * grid - squared);
  }

  private void put(int d, int cell) {
    int block = d / 64 * 48;
    int in = d % 64;
    cells[block + in % 32] |= (byte) ((cell & 15) << (in / 32 * 4));
    cells[block + 32 + in % 16] |= (byte) (cell >> 4 << (in / 16 * 2));
  }

  /** As float16, in a unit that brings the largest finite one to 1. */
  private static void factors(
      MemorySegment node, long from, MemorySegment into, long unitAt, long to) {
    float largest = 0;
    for (int j = 0; j < HopLayout.DEGREE; j++) {
      float size = Math.abs(node.get(FLOAT, from + 4L * j));
      largest = size < Float.POSITIVE_INFINITY ? Math.max(largest, size) : largest;
    }
    // A unit of 0 would make infinity no number.
    float unit = largest > 0 ? largest : 1;
    into.set(FLOAT, unitAt, unit);
    for (int j = 0; j < HopLayout.DEGREE; j++) {
      into.set(SHORT, to + 2L * j, Float.floatToFloat16(node.get(FLOAT, from + 4L * j) / unit));
    }
  }
}
