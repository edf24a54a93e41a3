package io.elanus.index.scalar;

import io.elanus.index.RowBitmap;

/**
 * An open index over one scalar column of a segment. Values are Boolean, Long (any integer type),
 * Double (FLOAT and DOUBLE) or String. Null rows are in no answer. Safe for many threads. For an
 * ARRAY column, a row is under each of its elements (only {@link #in} makes sense then).
 */
public interface ScalarIndex {
  String type();

  /** Adds to {@code into} the rows whose value equals one of these. */
  void in(Iterable<?> values, RowBitmap into);

  /** Whether {@link #range} is quick. */
  boolean ordered();

  /** Adds the rows with low &lt;(=) value &lt;(=) high; a null bound is open. */
  void range(
      @org.jspecify.annotations.Nullable Object low,
      boolean lowInclusive,
      @org.jspecify.annotations.Nullable Object high,
      boolean highInclusive,
      RowBitmap into);

  long sizeBytes();
}
