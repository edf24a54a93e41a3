package io.elanus.index.scalar;

import java.util.List;

/** The column an index is built over. */
public interface ScalarValues {
  int rowCount();

  /**
   * The values a row is found under: Boolean, Long, Double or String, all of one kind; none for a
   * null row, several for an array.
   */
  List<?> values(int row);
}
