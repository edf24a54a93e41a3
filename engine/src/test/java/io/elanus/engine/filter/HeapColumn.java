package io.elanus.engine.filter;

import io.elanus.engine.segment.ColumnView;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.DataType;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/** A batch's column as a segment shows it. Reading a null row is an error unless it is in bulk. */
record HeapColumn(Column column) implements ColumnView {
  @Override
  public DataType type() {
    return column.type();
  }

  @Override
  public boolean hasNulls() {
    return IntStream.range(0, column.size()).anyMatch(column::isNull);
  }

  @Override
  public boolean isNull(int row) {
    return column.isNull(row);
  }

  @Override
  public long longAt(int row) {
    return switch (value(row)) {
      case Boolean b -> b ? 1 : 0;
      case Long n -> n;
      case Object other -> throw new IllegalStateException("not an integer: " + other);
    };
  }

  @Override
  public void longs(int from, int count, long[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = column.isNull(from + i) ? 7 : longAt(from + i);
    }
  }

  @Override
  public double doubleAt(int row) {
    return switch (value(row)) {
      case Float f -> f;
      case Double d -> d;
      case Object other -> throw new IllegalStateException("not floating: " + other);
    };
  }

  @Override
  public void doubles(int from, int count, double[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = column.isNull(from + i) ? 7 : doubleAt(from + i);
    }
  }

  @Override
  public byte[] bytesAt(int row) {
    return switch (value(row)) {
      case String s -> s.getBytes(StandardCharsets.UTF_8);
      case byte[] json -> json;
      case Object other -> throw new IllegalStateException("not text: " + other);
    };
  }

  @Override
  public Column arrayAt(int row) {
    return (Column) value(row);
  }

  @Override
  public Column gather(int[] rows) {
    return column.select(rows);
  }

  private Object value(int row) {
    Object value = column.get(row);
    if (value == null) {
      throw new IllegalStateException("row " + row + " is null");
    }
    return value;
  }
}
