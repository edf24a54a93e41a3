package io.elanus.index.code.row;

import io.elanus.index.BuildMonitor;
import io.elanus.index.code.CodeSpace;
import io.elanus.kernel.code.CodeLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;

/**
 * Which codes rows have.
 *
 * @param groups of coordinates, for product codes
 * @param stages of each group, for product codes
 * @param bits of each number, for product codes
 */
public record RowCodeKind(Cell cell, int groups, int stages, int bits) {
  /** What stands for a coordinate; files hold the ordinal. */
  public enum Cell {
    SQ4U,
    SQ6,
    SQ8,
    BF16,
    FP16,
    /** Numbers stand for groups of coordinates. */
    PRODUCT
  }

  /** Codes of coordinates. */
  public static RowCodeKind of(Cell cell) {
    return new RowCodeKind(cell, 0, 0, 0);
  }

  /** Product codes, of several stages where those are more than one. */
  public static RowCodeKind product(int groups, int stages, int bits) {
    return new RowCodeKind(Cell.PRODUCT, groups, stages, bits);
  }

  private BookCodes.Shape shape(CodeSpace space) {
    return new BookCodes.Shape(space.width(), groups, stages, bits, space.euclidean());
  }

  private int gridBits() {
    return switch (cell) {
      case SQ4U -> 4;
      case SQ6 -> 6;
      default -> 8;
    };
  }

  /** Whether vectors of the space can have such codes; what a file says of them may be anything. */
  public boolean fits(CodeSpace space) {
    return cell != Cell.PRODUCT
        || groups >= 1 && groups <= space.width() && stages >= 1 && bits >= 1 && bits <= 8;
  }

  /** Bytes of the parts. */
  public long[] bytes(CodeSpace space, int rows) {
    return switch (cell) {
      case SQ4U, SQ6, SQ8 ->
          new long[] {(long) CodeLayout.grid(space.width(), gridBits()).rowBytes() * rows};
      case BF16, FP16 -> new long[] {2L * space.width() * rows};
      case PRODUCT -> shape(space).bytes(rows);
    };
  }

  /** Encodes all rows; {@code progress} is told how many are done. */
  public RowCodes encode(
      PlacedVectors rows, long seed, Arena arena, BuildMonitor monitor, IntConsumer progress) {
    return switch (cell) {
      case SQ4U, SQ6, SQ8 -> GridCodes.encode(rows, gridBits(), arena, monitor, progress);
      case BF16, FP16 -> HalfCodes.encode(rows, cell == Cell.BF16, arena, monitor, progress);
      case PRODUCT -> BookCodes.encode(rows, shape(rows.space()), seed, arena, monitor, progress);
    };
  }

  /** Opens the parts from this one on. */
  public RowCodes open(MemorySegment[] parts, int from, CodeSpace space) {
    return switch (cell) {
      case SQ4U, SQ6, SQ8 ->
          new GridCodes(parts[from], CodeLayout.grid(space.width(), gridBits()), space.euclidean());
      case BF16, FP16 ->
          new HalfCodes(parts[from], space.width(), cell == Cell.BF16, space.euclidean());
      case PRODUCT -> new BookCodes(parts[from], parts[from + 1], shape(space));
    };
  }
}
