package io.elanus.model.rows;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Rows as columns by field name, all of the same length. Keys that no field declares travel as JSON
 * objects in the column {@code $meta}.
 *
 * @param size number of rows
 */
public record RowBatch(int size, Map<String, Column> columns) {
  public RowBatch {
    columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  public static RowBatch empty() {
    return new RowBatch(0, Map.of());
  }

  public Optional<Column> column(String field) {
    return Optional.ofNullable(columns.get(field));
  }

  /** The column of a field that is known to be there. */
  public Column require(String field) {
    Column column = columns.get(field);
    if (column == null) {
      throw new IllegalStateException("no column " + field);
    }
    return column;
  }

  /** The rows of these positions, in that order. */
  public RowBatch select(int[] rows) {
    Map<String, Column> picked = new LinkedHashMap<>();
    columns.forEach((name, column) -> picked.put(name, column.select(rows)));
    return new RowBatch(rows.length, picked);
  }

  /** This batch with one column added or replaced. */
  public RowBatch with(String field, Column column) {
    Map<String, Column> all = new LinkedHashMap<>(columns);
    all.put(field, column);
    return new RowBatch(size, all);
  }
}
