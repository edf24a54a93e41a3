package io.elanus.model.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The gate refuses what must not be stored, names field and row, and completes the rest. */
class RowGateTest {
  private static final Schema SCHEMA =
      new Schema(
          "c",
          "",
          List.of(
              Field.named("id", DataType.INT64).primaryKey(true).build(),
              Field.named("v", DataType.FLOAT_VECTOR).dim(2).build(),
              Field.named("name", DataType.VARCHAR).maxLength(4).nullable(true).build(),
              Field.named("n", DataType.INT8).defaultValue(7L).build(),
              Field.named("tags", DataType.ARRAY)
                  .elementType(DataType.VARCHAR)
                  .maxLength(3)
                  .maxCapacity(2)
                  .nullable(true)
                  .build()),
          true,
          0);
  private static final Column KEYS = Columns.keys(DataType.INT64, List.of(1L, 2L));

  private static Map<String, Column> good() {
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put("id", KEYS);
    columns.put("v", new Column.FloatVectors(2, new float[] {1, 2, 3, 4}));
    return columns;
  }

  private static RowBatch admit(Map<String, Column> columns) {
    return RowGate.admit(SCHEMA, new RowBatch(2, columns), KEYS);
  }

  private static void refused(String field, Column column, ErrorCode code, String... words) {
    Map<String, Column> columns = good();
    columns.put(field, column);
    assertThatThrownBy(() -> admit(columns))
        .isInstanceOfSatisfying(
            ElanusException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).contains(words);
            });
  }

  @Test
  void completesDefaultsNullsAndTheDynamicField() {
    RowBatch rows = admit(good());
    assertThat(rows.require("n").get(1)).isEqualTo(7L);
    assertThat(rows.require("name").isNull(0)).isTrue();
    assertThat((byte[]) rows.require(Schema.DYNAMIC_FIELD).get(0)).asString().isEqualTo("{}");
  }

  @Test
  void putsTheDefaultInThePlaceOfNull() {
    Map<String, Column> columns = good();
    columns.put("n", Columns.of(SCHEMA.field("n").orElseThrow(), Arrays.asList(3L, null)));
    assertThat(admit(columns).require("n").get(1)).isEqualTo(7L);
  }

  @Test
  void refusesBadVectors() {
    refused("v", new Column.FloatVectors(3, new float[6]), ErrorCode.INVALID_ROWS, "dim (3)");
    refused(
        "v",
        new Column.FloatVectors(2, new float[] {1, 2, Float.NaN, 4}),
        ErrorCode.INVALID_ROWS,
        "row 1",
        "NaN");
    refused(
        "v",
        new Column.FloatVectors(2, new float[] {1, 2, 3, Float.POSITIVE_INFINITY}),
        ErrorCode.INVALID_ROWS,
        "row 1");
  }

  @Test
  void refusesBadScalars() {
    refused(
        "name",
        new Column.Strings(new String[] {"ok", "too long"}),
        ErrorCode.INVALID_ROWS,
        "row 1",
        "max length (4)");
    // Three characters, but nine bytes.
    refused("name", new Column.Strings(new String[] {"ok", "€€€"}), ErrorCode.INVALID_ROWS, "9");
    refused(
        "n",
        new Column.Longs(DataType.INT64, new long[] {1, 200}, null),
        ErrorCode.INVALID_ROWS,
        "200");
    refused("n", new Column.Floats(new float[2], null), ErrorCode.INVALID_ROWS, "INT8", "FLOAT");
    refused("color", new Column.Bools(new boolean[2], null), ErrorCode.FIELD_NOT_FOUND, "color");
    refused("n", new Column.Longs(DataType.INT8, new long[3], null), ErrorCode.INVALID_ROWS, "(3)");
  }

  @Test
  void refusesBadArraysAndJson() {
    Column three = new Column.Strings(new String[] {"a", "b", "c"});
    Column longText = new Column.Strings(new String[] {"abcd"});
    refused(
        "tags",
        new Column.Arrays(DataType.VARCHAR, new Column[] {three, null}),
        ErrorCode.INVALID_ROWS,
        "max capacity (2)");
    refused(
        "tags",
        new Column.Arrays(DataType.VARCHAR, new Column[] {null, longText}),
        ErrorCode.INVALID_ROWS,
        "the array in row 1");
    for (String bad : List.of("", "{", "{\"a\":}", "[1,]", "nul", "{'a':1}", "01", "\"\\x\"")) {
      byte[] json = bad.getBytes(StandardCharsets.UTF_8);
      refused(
          Schema.DYNAMIC_FIELD,
          new Column.Jsons(new byte[][] {json, json}),
          ErrorCode.INVALID_ROWS,
          "JSON");
    }
    byte[] deep = ("[".repeat(200) + "]".repeat(200)).getBytes(StandardCharsets.UTF_8);
    refused(
        Schema.DYNAMIC_FIELD,
        new Column.Jsons(new byte[][] {deep, deep}),
        ErrorCode.INVALID_ROWS,
        "JSON");
  }

  @Test
  void takesEveryKindOfJson() {
    for (String good :
        List.of(
            "{}", "[]", " [1, -2.5e+3, \"\\u00e4\\n\", true, null, {\"a\":{\"b\":[]}}] ", "0")) {
      assertThat(JsonText.isValid(good.getBytes(StandardCharsets.UTF_8))).as(good).isTrue();
    }
  }

  @Test
  void refusesMissingFields() {
    Map<String, Column> columns = good();
    columns.remove("v");
    assertThatThrownBy(() -> admit(columns)).hasMessageContaining("field v is required");
  }
}
