package io.elanus.engine.segment;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import java.lang.foreign.MemorySegment;

/**
 * Read access to one column of one segment, off the heap or on. Rows are numbered from 0. Safe for
 * many threads. A field that was added after the segment was written reads as its default or null.
 */
public interface ColumnView {
  DataType type();

  /** False promises that no row is null. */
  boolean hasNulls();

  boolean isNull(int row);

  /** BOOL (0 or 1) and INT8–INT64; undefined for null rows. */
  long longAt(int row);

  /** FLOAT and DOUBLE; undefined for null rows. */
  double doubleAt(int row);

  /** VARCHAR and JSON as UTF-8; undefined for null rows. */
  byte[] bytesAt(int row);

  /** VARCHAR decoded. */
  default String stringAt(int row) {
    return new String(bytesAt(row), java.nio.charset.StandardCharsets.UTF_8);
  }

  /** ARRAY: the elements of one row; undefined for null rows. */
  Column arrayAt(int row);

  /** Rows [from, from + count) of BOOL and INT8–INT64; null rows give any value. */
  default void longs(int from, int count, long[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = longAt(from + i);
    }
  }

  /** Rows [from, from + count) of FLOAT and DOUBLE; null rows give any value. */
  default void doubles(int from, int count, double[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = doubleAt(from + i);
    }
  }

  /** Dense vectors: copies the bytes of one row's to {@code into} from byte {@code at} on. */
  default void vectorAt(int row, MemorySegment into, long at) {
    throw new IllegalStateException("not a vector column: " + type());
  }

  /** SPARSE_FLOAT_VECTOR: one row's entries. */
  default SparseVector sparseAt(int row) {
    throw new IllegalStateException("not a sparse column: " + type());
  }

  /** The values of these rows as a batch column, any type, vectors included. */
  Column gather(int[] rows);
}
