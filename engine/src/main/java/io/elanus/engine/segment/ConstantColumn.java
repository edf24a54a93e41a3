package io.elanus.engine.segment;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A field that was added after the segment was written: every row has its default, or null. */
record ConstantColumn(Field field) implements ColumnView {
  @Override
  public DataType type() {
    return field.type();
  }

  @Override
  public boolean hasNulls() {
    return field.defaultValue() == null && !field.dynamic();
  }

  @Override
  public boolean isNull(int row) {
    return hasNulls();
  }

  @Override
  public long longAt(int row) {
    return switch (field.defaultValue()) {
      case Boolean b -> b ? 1 : 0;
      case Long n -> n;
      case null, default -> 0;
    };
  }

  @Override
  public double doubleAt(int row) {
    return field.defaultValue() instanceof Number n ? n.doubleValue() : 0;
  }

  @Override
  public byte[] bytesAt(int row) {
    if (field.dynamic()) {
      return new byte[] {'{', '}'};
    }
    @Nullable Object value = field.defaultValue();
    return value instanceof String s ? s.getBytes(StandardCharsets.UTF_8) : new byte[0];
  }

  @Override
  public Column arrayAt(int row) {
    throw new IllegalStateException("an array has no default");
  }

  @Override
  public Column gather(int[] rows) {
    if (field.dynamic()) {
      return Gather.rows(field, this, rows);
    }
    return Columns.constant(field, field.defaultValue(), rows.length);
  }
}
