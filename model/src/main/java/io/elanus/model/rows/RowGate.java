package io.elanus.model.rows;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Limits;
import io.elanus.model.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one gate that all rows pass before they are stored, whichever way they came. It answers a
 * batch with a full-length, well-typed column for every stored field, or throws and names the
 * field, the row and what was expected.
 */
public final class RowGate {
  private static final byte[] EMPTY_OBJECT = {'{', '}'};

  private RowGate() {}

  /**
   * Checks and completes a batch. What functions make is not in it yet.
   *
   * @param primaryKeys the keys to store: those sent, or fresh ones for an auto id
   * @throws ElanusException INVALID_ROWS for values, FIELD_NOT_FOUND for unknown columns
   */
  public static RowBatch admit(Schema schema, RowBatch rows, Column primaryKeys) {
    if (rows.size() == 0) {
      throw bad("the batch holds no rows");
    }
    refuseUnknown(schema, rows);
    Map<String, Column> columns = new LinkedHashMap<>();
    for (Field field : schema.storedFields()) {
      if (schema.functionOf(field.name()).isPresent()) {
        continue;
      }
      Column column = field.primaryKey() ? primaryKeys : rows.columns().get(field.name());
      Column complete =
          column == null ? absent(field, rows.size()) : present(field, column, rows.size());
      columns.put(field.name(), complete);
    }
    return new RowBatch(rows.size(), columns);
  }

  private static void refuseUnknown(Schema schema, RowBatch rows) {
    for (Map.Entry<String, Column> entry : rows.columns().entrySet()) {
      String name = entry.getKey();
      if (schema.field(name).isEmpty()) {
        throw new ElanusException(
            ErrorCode.FIELD_NOT_FOUND,
            "field %s does not exist in collection %s%s"
                .formatted(
                    name,
                    schema.name(),
                    schema.dynamicFieldEnabled() ? "" : ", and its dynamic field is off"));
      }
      schema
          .functionOf(name)
          .ifPresent(
              function -> {
                throw bad(
                    "field %s is the output of function %s: leave it out of the rows"
                        .formatted(name, function.name()));
              });
      if (entry.getValue().size() != rows.size()) {
        throw bad(
            "the num_rows (%d) of field %s is not equal to passed num_rows (%d)"
                .formatted(entry.getValue().size(), name, rows.size()));
      }
    }
  }

  private static Column absent(Field field, int size) {
    if (field.dynamic()) {
      byte[][] empty = new byte[size][];
      java.util.Arrays.fill(empty, EMPTY_OBJECT);
      return new Column.Jsons(empty);
    }
    if (field.defaultValue() == null && !field.nullable()) {
      throw bad("field %s is required and was not sent".formatted(field.name()));
    }
    return Columns.constant(field, field.defaultValue(), size);
  }

  private static Column present(Field field, Column column, int size) {
    Column typed = typed(field, column);
    if (field.dynamic()) {
      return withoutNulls((Column.Jsons) typed);
    }
    int firstNull = firstNull(typed);
    if (firstNull >= 0 && field.defaultValue() != null) {
      typed = Columns.fillNulls(typed, field);
    } else if (firstNull >= 0 && !field.nullable()) {
      throw bad(
          "row %d of field %s is null, and the field is not nullable"
              .formatted(firstNull, field.name()));
    }
    checkValues(field, typed);
    return typed;
  }

  private static Column withoutNulls(Column.Jsons column) {
    byte[][] values = new byte[column.size()][];
    for (int row = 0; row < values.length; row++) {
      byte[] value = column.values()[row];
      values[row] = value == null ? EMPTY_OBJECT : value;
      checkJsonSize(Schema.DYNAMIC_FIELD, row, values[row]);
    }
    return new Column.Jsons(values);
  }

  /** Integers of another width are taken as the field's type; everything else must fit exactly. */
  private static Column typed(Field field, Column column) {
    if (field.type().isInteger() && column instanceof Column.Longs longs) {
      return new Column.Longs(field.type(), longs.values(), longs.nulls());
    }
    if (column.type() != field.type()) {
      throw bad(
          "the data type of field %s is %s, got %s"
              .formatted(field.name(), field.type(), column.type()));
    }
    return column;
  }

  private static void checkValues(Field field, Column column) {
    switch (column) {
      case Column.Longs longs -> checkIntegers(field, longs, "field " + field.name());
      case Column.Floats floats -> checkFloats(field, floats);
      case Column.Doubles doubles -> checkDoubles(field, doubles);
      case Column.Strings strings -> checkStrings(field, strings, "field " + field.name());
      case Column.Jsons jsons -> checkJsons(field, jsons);
      case Column.Arrays arrays -> checkArrays(field, arrays);
      case Column.Vectors vectors -> VectorGate.checkRows(field, vectors);
      case Column.Bools ignored -> {}
    }
  }

  private static void checkIntegers(Field field, Column.Longs column, String where) {
    DataType type = column.type();
    long min = type.minValue();
    long max = type.maxValue();
    for (int row = 0; row < column.size(); row++) {
      long value = column.values()[row];
      if ((value < min || value > max) && !column.isNull(row)) {
        throw bad(
            "row %d of %s: value %d should be in range [%d, %d]"
                .formatted(row, where, value, min, max));
      }
    }
  }

  private static void checkFloats(Field field, Column.Floats column) {
    for (int row = 0; row < column.size(); row++) {
      if (!Float.isFinite(column.values()[row]) && !column.isNull(row)) {
        throw notFinite(field, row);
      }
    }
  }

  private static void checkDoubles(Field field, Column.Doubles column) {
    for (int row = 0; row < column.size(); row++) {
      if (!Double.isFinite(column.values()[row]) && !column.isNull(row)) {
        throw notFinite(field, row);
      }
    }
  }

  private static void checkStrings(Field field, Column.Strings column, String where) {
    @Nullable String[] values = column.values();
    for (int row = 0; row < values.length; row++) {
      String value = values[row];
      if (value != null && exceeds(value, field.maxLength())) {
        throw bad(
            "row %d of %s: length of varchar value (%d bytes) exceeds max length (%d)"
                .formatted(
                    row, where, value.getBytes(StandardCharsets.UTF_8).length, field.maxLength()));
      }
    }
  }

  /** Whether the UTF-8 form is longer, counted only where the character count leaves doubt. */
  private static boolean exceeds(String value, int bytesMax) {
    if (value.length() > bytesMax) {
      return true;
    }
    return value.length() * 3L > bytesMax
        && value.getBytes(StandardCharsets.UTF_8).length > bytesMax;
  }

  private static void checkJsons(Field field, Column.Jsons column) {
    for (int row = 0; row < column.size(); row++) {
      byte[] value = column.values()[row];
      if (value != null) {
        checkJsonSize(field.name(), row, value);
      }
    }
  }

  private static void checkJsonSize(String field, int row, byte[] value) {
    if (value.length > Limits.JSON_BYTES_MAX) {
      throw bad(
          "row %d of field %s: length of JSON value (%d bytes) exceeds max length (%d)"
              .formatted(row, field, value.length, Limits.JSON_BYTES_MAX));
    }
    if (!JsonText.isValid(value)) {
      throw bad("row %d of field %s is not valid JSON".formatted(row, field));
    }
  }

  private static void checkArrays(Field field, Column.Arrays column) {
    if (column.elementType() != field.elementType()
        && !(column.elementType().isInteger()
            && field.elementType() != null
            && field.elementType().isInteger())) {
      throw bad(
          "the element type of field %s is %s, got %s"
              .formatted(field.name(), field.elementType(), column.elementType()));
    }
    for (int row = 0; row < column.size(); row++) {
      Column elements = column.values()[row];
      if (elements != null) {
        checkElements(field, row, elements);
      }
    }
  }

  private static void checkElements(Field field, int row, Column elements) {
    if (elements.size() > field.maxCapacity()) {
      throw bad(
          "row %d of field %s: array length (%d) exceeds max capacity (%d)"
              .formatted(row, field.name(), elements.size(), field.maxCapacity()));
    }
    String where = "the array in row %d of field %s".formatted(row, field.name());
    switch (elements) {
      case Column.Longs longs ->
          checkIntegers(
              field,
              new Column.Longs(
                  field.elementType() == null ? longs.type() : field.elementType(),
                  longs.values(),
                  longs.nulls()),
              where);
      case Column.Strings strings -> checkStrings(field, strings, where);
      case Column.Floats floats -> checkFloats(field, floats);
      case Column.Doubles doubles -> checkDoubles(field, doubles);
      default -> {}
    }
    if (firstNull(elements) >= 0) {
      throw bad("row %d of field %s: an array element is null".formatted(row, field.name()));
    }
  }

  private static int firstNull(Column column) {
    for (int row = 0; row < column.size(); row++) {
      if (column.isNull(row)) {
        return row;
      }
    }
    return -1;
  }

  private static ElanusException notFinite(Field field, int row) {
    return bad(
        "row %d of field %s holds NaN or infinity; send finite numbers"
            .formatted(row, field.name()));
  }

  private static ElanusException bad(String message) {
    return new ElanusException(ErrorCode.INVALID_ROWS, message);
  }

  /** The columns of a batch by field, for callers that need them in schema order. */
  public static List<Column> inOrder(Schema schema, RowBatch rows) {
    return schema.storedFields().stream().map(f -> rows.require(f.name())).toList();
  }
}
