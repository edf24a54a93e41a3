package io.elanus.index.scan;

import io.elanus.index.VectorData;

/**
 * What each way of finding allowed rows takes, in nanoseconds, for choosing between them.
 *
 * @param rows of the segment
 * @param exactRow measuring one row by its vector
 * @param codeRow looking at one row's code
 */
public record Costs(int rows, double exactRow, double codeRow) {
  private static final double EXACT_FIXED = 6;
  private static final double EXACT_BYTE = 0.01;
  private static final double CODE_FIXED = 2;
  private static final double CODE_WORD = 0.3;

  /** Going through a bitmap, for each of its words. */
  private static final double BITMAP_WORD = 1.5;

  /** Making a query ready, and whatever else a search by codes does once. */
  private static final double CODES_ONCE = 3000;

  /** Rows that codes leave open and vectors decide, beyond a few for each one wanted. */
  private static final int LEFT_OPEN = 64;

  private static final int LEFT_OPEN_TIMES = 6;

  static Costs of(VectorData vectors, int bits) {
    return new Costs(
        vectors.count(),
        EXACT_FIXED + EXACT_BYTE * vectors.vectorBytes(),
        CODE_FIXED + CODE_WORD * (bits / 64.0));
  }

  /** Measuring so many rows by their vectors. */
  public double exact(double allowed) {
    return bitmap() + allowed * exactRow;
  }

  /** Looking at so many rows by their codes, and measuring what those leave open. */
  public double codes(double allowed, int limit) {
    double open = Math.min(allowed, LEFT_OPEN + (double) LEFT_OPEN_TIMES * limit);
    return CODES_ONCE + bitmap() + allowed * codeRow + open * exactRow;
  }

  private double bitmap() {
    return rows / 64.0 * BITMAP_WORD;
  }
}
