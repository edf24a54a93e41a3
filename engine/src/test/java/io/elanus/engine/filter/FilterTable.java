package io.elanus.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elanus.index.RowBitmap;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Six rows, 0–5, small enough to read what a filter selects off the page. */
final class FilterTable {
  static final Schema SCHEMA =
      new Schema(
          "six",
          "",
          List.of(
              Field.named("id", DataType.INT64).id(100).primaryKey(true).build(),
              Field.named("a", DataType.INT32).id(101).nullable(true).build(),
              Field.named("f", DataType.FLOAT).id(102).build(),
              Field.named("d", DataType.DOUBLE).id(103).build(),
              Field.named("s", DataType.VARCHAR).id(104).nullable(true).maxLength(100).build(),
              Field.named("b", DataType.BOOL).id(105).nullable(true).build(),
              Field.named("ai", DataType.ARRAY)
                  .id(106)
                  .elementType(DataType.INT64)
                  .maxCapacity(4)
                  .nullable(true)
                  .build(),
              Field.named("af", DataType.ARRAY)
                  .id(107)
                  .elementType(DataType.FLOAT)
                  .maxCapacity(4)
                  .build(),
              Field.named("at", DataType.ARRAY)
                  .id(108)
                  .elementType(DataType.VARCHAR)
                  .maxCapacity(4)
                  .maxLength(100)
                  .build(),
              Field.named("j", DataType.JSON).id(109).nullable(true).build(),
              Field.named("v", DataType.FLOAT_VECTOR).id(110).dim(2).build()),
          true,
          0);

  static final RowBatch ROWS = rows();

  private static final HeapSegment SEGMENT = HeapSegment.of(SCHEMA, ROWS);

  private FilterTable() {}

  private static RowBatch rows() {
    Map<String, Column> columns = new LinkedHashMap<>();
    put(columns, "id", 0L, 1L, 2L, 3L, 4L, 5L);
    put(columns, "a", -3L, 1L, 4L, null, 6L, 7L);
    put(columns, "f", 0.1f, 1f, 1.5f, -2f, 0f, 100f);
    put(columns, "d", 0.1, 1.0, 1.5, -2.0, 0.0, 9007199254740992.0);
    put(columns, "s", "apple", "Apple pie", null, "50%", "it's \"x\"", "日本");
    put(columns, "b", true, false, null, true, false, true);
    Field integers = element(DataType.INT64);
    put(
        columns,
        "ai",
        Columns.of(integers, List.of(1L, 2L, 3L)),
        Columns.of(integers, List.of()),
        null,
        Columns.of(integers, List.of(3L)),
        Columns.of(integers, List.of(2L, 2L)),
        Columns.of(integers, List.of(9L, 1L)));
    Field floats = element(DataType.FLOAT);
    put(
        columns,
        "af",
        Columns.of(floats, List.of(0.1f)),
        Columns.of(floats, List.of(1.5f, 0.1f)),
        Columns.of(floats, List.of()),
        Columns.of(floats, List.of(2f)),
        Columns.of(floats, List.of()),
        Columns.of(floats, List.of(0.5f)));
    Field texts = element(DataType.VARCHAR);
    put(
        columns,
        "at",
        Columns.of(texts, List.of("x", "y")),
        Columns.of(texts, List.of("xy")),
        Columns.of(texts, List.of()),
        Columns.of(texts, List.of("y")),
        Columns.of(texts, List.of()),
        Columns.of(texts, List.of("z", "x")));
    put(
        columns,
        "j",
        json("{'k': 1, 's': 'x', 'l': [1, 2, 'x']}"),
        json("{'k': 2.5, 'o': {'p': true, 'q': [10, {'r': 5}]}}"),
        json("{'k': '1', 'l': [[1, 2], 3]}"),
        json("{'k': null}"),
        null,
        json("[7, 8]"));
    put(
        columns,
        Schema.DYNAMIC_FIELD,
        json("{'tag': 'red', 'n': 1}"),
        json("{'tag': 'blue'}"),
        json("{}"),
        json("{'n': 3, 'deep': {'list': [4, 5]}}"),
        json("{'tag': null}"),
        json("{'tag': 5, 'a': 1}"));
    return new RowBatch(6, columns);
  }

  private static Field element(DataType type) {
    return Field.named("element", type).build();
  }

  private static void put(Map<String, Column> columns, String name, @Nullable Object... values) {
    Field field =
        SCHEMA.storedFields().stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
    columns.put(name, Columns.of(field, Arrays.asList(values)));
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  static void selects(String expression, int... rows) {
    selects(Filter.of(expression), rows);
  }

  static void selects(Filter filter, int... rows) {
    RowBitmap found = Filters.compile(filter, SCHEMA).matches(SEGMENT, RowBitmap.full(6));
    assertThat(found.toArray()).as(filter.expression()).isEqualTo(rows);
  }

  /**
   * INVALID_EXPRESSION, whose sentence holds these words.
   *
   * @param at line and column
   */
  static void refuses(String expression, String at, String... words) {
    refuses(Filter.of(expression), ErrorCode.INVALID_EXPRESSION, at, words);
  }

  static void refuses(Filter filter, ErrorCode code, String at, String... words) {
    ElanusException refused =
        catchThrowableOfType(ElanusException.class, () -> Filters.compile(filter, SCHEMA).isAll());
    assertThat(refused).as(filter.expression()).isNotNull();
    assertThat(refused.code()).as(filter.expression()).isEqualTo(code);
    assertThat(refused)
        .hasMessageStartingWith("failed to create query plan: ")
        .hasMessageContainingAll(
            Stream.concat(Stream.of("line " + at), Arrays.stream(words)).toArray(String[]::new));
  }
}
