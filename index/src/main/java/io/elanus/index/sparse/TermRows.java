package io.elanus.index.sparse;

import io.elanus.index.RowBitmap;
import org.jspecify.annotations.Nullable;

/** How many rows have a term, and how long their texts are, known without looking at the rows. */
public interface TermRows {
  /**
   * Rows that have the dimension.
   *
   * @param among rows that count; null for all
   */
  int rowsWith(int dimension, @Nullable RowBitmap among);

  /**
   * Tokens of the rows.
   *
   * @param among rows that count; null for all
   */
  long tokens(@Nullable RowBitmap among);
}
