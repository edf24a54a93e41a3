package io.elanus.engine.filter;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A schema with a field of every kind, and rows whose values meet often and lie on edges. */
final class RandomRows {
  static final List<Long> INTEGERS =
      List.of(
          0L,
          1L,
          2L,
          3L,
          -1L,
          7L,
          100L,
          127L,
          -128L,
          128L,
          300L,
          Integer.MAX_VALUE + 1L,
          (1L << 53) + 1,
          1L << 53,
          Long.MAX_VALUE,
          Long.MIN_VALUE);
  static final List<Double> FLOATINGS =
      List.of(
          0.0,
          -0.0,
          0.1,
          0.5,
          1.0,
          1.5,
          2.0,
          -1.0,
          7.25,
          1e10,
          9007199254740992.0,
          1e300,
          0x1p63,
          -0x1p63);
  static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "b",
          "ab",
          "abc",
          "A",
          "a%c",
          "a_c",
          "axc",
          "ä",
          "日本",
          "😀",
          "\uFFFD",
          "10",
          "c\\d",
          "it's",
          "line\nbreak");

  static final Schema SCHEMA =
      new Schema(
          "rows",
          "",
          List.of(
              field("id", DataType.INT64).primaryKey(true).build(),
              field("i8", DataType.INT8).nullable(true).build(),
              field("i32", DataType.INT32).build(),
              field("i64", DataType.INT64).nullable(true).build(),
              field("f", DataType.FLOAT).nullable(true).build(),
              field("d", DataType.DOUBLE).build(),
              field("b", DataType.BOOL).nullable(true).build(),
              field("s", DataType.VARCHAR).nullable(true).maxLength(100).build(),
              field("t", DataType.VARCHAR).maxLength(100).build(),
              array("ai", DataType.INT32).nullable(true).build(),
              array("af", DataType.FLOAT).build(),
              array("ab", DataType.BOOL).build(),
              array("at", DataType.VARCHAR).nullable(true).maxLength(100).build(),
              field("j", DataType.JSON).nullable(true).build()),
          true,
          0);

  private final Random random;

  RandomRows(Random random) {
    this.random = random;
  }

  private static Field.Builder field(String name, DataType type) {
    return Field.named(name, type).id(Ids.next());
  }

  private static Field.Builder array(String name, DataType element) {
    return field(name, DataType.ARRAY).elementType(element).maxCapacity(16);
  }

  /** Counts during the initialisation of this class's constants. */
  private static final class Ids {
    private static long last = Schema.FIRST_USER_FIELD_ID;

    static long next() {
      return last++;
    }
  }

  RowBatch batch(int rows) {
    Map<String, Column> columns = new LinkedHashMap<>();
    for (Field field : SCHEMA.storedFields()) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int row = 0; row < rows; row++) {
        boolean absent = field.nullable() && random.nextInt(4) == 0;
        values.add(
            field.primaryKey() ? (Object) (long) row : absent ? null : value(field.type(), field));
      }
      columns.put(field.name(), Columns.of(field, values));
    }
    return new RowBatch(rows, columns);
  }

  private Object value(DataType type, Field field) {
    return switch (type) {
      case BOOL -> random.nextBoolean();
      case INT8, INT16, INT32, INT64 -> integer(type);
      case FLOAT -> (float) Math.min(pick(FLOATINGS), 1e30);
      case DOUBLE -> pick(FLOATINGS);
      case VARCHAR -> pick(TEXTS);
      case JSON -> object(3).getBytes(StandardCharsets.UTF_8);
      case ARRAY -> elements(field);
      default -> throw new IllegalStateException("no vectors here");
    };
  }

  private Column elements(Field field) {
    DataType type = java.util.Objects.requireNonNull(field.elementType());
    List<Object> values =
        IntStream.range(0, random.nextInt(4)).mapToObj(i -> value(type, field)).toList();
    return Columns.of(Field.named("element", type).build(), values);
  }

  private Long integer(DataType type) {
    while (true) {
      long value = pick(INTEGERS);
      if (value >= type.minValue() && value <= type.maxValue()) {
        return value;
      }
    }
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private String object(int depth) {
    return List.of("a", "b", "c", "d").stream()
        .filter(key -> random.nextInt(3) > 0)
        .map(key -> "\"" + key + "\": " + json(depth - 1))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private String json(int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 6)) {
      case 0 -> "null";
      case 1 -> String.valueOf(random.nextBoolean());
      case 2, 3 -> pick(INTEGERS).toString();
      case 4 -> pick(FLOATINGS).toString();
      case 5 -> quoted(pick(TEXTS));
      case 6 -> object(depth);
      default ->
          IntStream.range(0, random.nextInt(4))
              .mapToObj(i -> json(depth - 1))
              .collect(Collectors.joining(",", "[", "]"));
    };
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\n", "\\n") + '"';
  }
}
