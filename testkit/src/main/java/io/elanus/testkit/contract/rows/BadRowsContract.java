package io.elanus.testkit.contract.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import io.elanus.testkit.fixture.Batches;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rows that cannot be stored: the whole batch is refused, and nothing changes. */
public interface BadRowsContract extends DatabaseUnderTest {
  private OpenCollection strict() {
    OpenCollection c =
        open(
            DatabaseUnderTest.schema(
                "c",
                false,
                Field.named("i", DataType.INT8).build(),
                Field.named("f", DataType.FLOAT).build(),
                Field.named("d", DataType.DOUBLE).build(),
                Field.named("s", DataType.VARCHAR).maxLength(5).build(),
                Field.named("j", DataType.JSON).build(),
                Field.named("a", DataType.ARRAY)
                    .elementType(DataType.VARCHAR)
                    .maxCapacity(2)
                    .maxLength(3)
                    .build()));
    c.insert(good(1));
    return c;
  }

  private static Map<String, Object> good(int id) {
    return Map.of(
        "id",
        id,
        "i",
        1,
        "f",
        1,
        "d",
        1,
        "s",
        "äa",
        "j",
        Map.of(),
        "a",
        List.of("x"),
        "v",
        List.of(1, 1));
  }

  private static Map<String, @Nullable Object> with(String field, @Nullable Object value) {
    Map<String, @Nullable Object> row = new HashMap<>(good(3));
    row.put(field, value);
    return row;
  }

  /** A good row goes first: it must not be stored either. */
  private void refusesBatch(OpenCollection c, ErrorCode code, Map<String, ?> bad) {
    List<Map<String, ?>> batch = List.of(good(2), bad);
    refused(code, () -> c.insert(batch));
    refused(code, () -> c.upsert(batch));
    assertThat(c.keys("id >= 0")).containsExactly(1L);
  }

  @Test
  default void valuesThatDoNotFitTheirFieldAreRefused() {
    OpenCollection c = strict();
    List<Map<String, @Nullable Object>> bad = new ArrayList<>();
    bad.add(with("i", 128));
    bad.add(with("i", -129));
    bad.add(with("f", Float.NaN));
    bad.add(with("f", Float.POSITIVE_INFINITY));
    bad.add(with("d", Double.NEGATIVE_INFINITY));
    bad.add(with("s", "longer"));
    bad.add(with("s", "äää"));
    bad.add(with("a", List.of("a", "b", "c")));
    bad.add(with("a", List.of("long")));
    bad.add(with("v", List.of(1, Double.NaN)));
    bad.add(with("v", List.of(Double.POSITIVE_INFINITY, 1)));
    bad.add(with("j", Map.of("x", "y".repeat(70_000))));
    for (String field : List.of("i", "f", "d", "s", "j", "a")) {
      bad.add(with(field, null));
    }
    for (Map<String, @Nullable Object> row : bad) {
      refusesBatch(c, ErrorCode.INVALID_ROWS, row);
    }
    c.insert(good(2));
    assertThat(c.count("")).isEqualTo(2);
  }

  @Test
  default void missingFieldsAreRefused() {
    OpenCollection c = strict();
    for (String field : List.of("id", "i", "f", "d", "s", "j", "a", "v")) {
      Map<String, Object> row = new HashMap<>(good(2));
      row.remove(field);
      refused(ErrorCode.INVALID_ROWS, () -> c.insert(row));
      refused(ErrorCode.INVALID_ROWS, () -> c.upsert(row));
    }
    assertThat(c.keys("id >= 0")).containsExactly(1L);
  }

  @Test
  default void fieldsThatDoNotExistAreRefused() {
    OpenCollection c = strict();
    refusesBatch(c, ErrorCode.FIELD_NOT_FOUND, with("color", "red"));
    RowBatch unknown =
        Batches.of(c.schema(), List.of(good(2)))
            .with("other", new Column.Longs(DataType.INT64, new long[1], null));
    refused(ErrorCode.FIELD_NOT_FOUND, () -> c.insert("", unknown));
    assertThat(c.count("")).isEqualTo(1);
  }

  @Test
  default void columnsOfTheWrongShapeAreRefused() {
    OpenCollection c = strict();
    RowBatch one = Batches.of(c.schema(), List.of(good(2)));
    List<RowBatch> bad =
        List.of(
            new RowBatch(0, Map.of()),
            new RowBatch(0, one.select(new int[0]).columns()),
            one.with("i", new Column.Strings(new String[] {"1"})),
            one.with("s", new Column.Longs(DataType.INT64, new long[] {1}, null)),
            one.with("f", new Column.Doubles(new double[] {1}, null)),
            one.with("i", new Column.Longs(DataType.INT8, new long[] {1, 2}, null)),
            one.with("v", new Column.FloatVectors(3, new float[] {1, 2, 3})),
            one.with("v", new Column.FloatVectors(2, new float[] {1, 2, 3, 4})),
            one.with(
                "j",
                new Column.Jsons(
                    new byte[][] {"{\"a\":".getBytes(java.nio.charset.StandardCharsets.UTF_8)})),
            one.with(
                "a",
                new Column.Arrays(
                    DataType.INT64,
                    new Column[] {new Column.Longs(DataType.INT64, new long[] {1}, null)})));
    for (RowBatch rows : bad) {
      refused(
          ErrorCode.INVALID_ROWS,
          () -> database().rows().insert(ME, new InsertRequest("c", "", rows)));
    }
    assertThat(c.keys("id >= 0")).containsExactly(1L);
  }

  @Test
  default void vectorsWithoutDirectionAreRefusedUnderCosine() {
    OpenCollection c = open(DatabaseUnderTest.plain("c"), Metric.COSINE);
    c.insert(DatabaseUnderTest.row(1, 1, 1, 0));
    refused(
        ErrorCode.INVALID_ROWS,
        () -> c.insert(DatabaseUnderTest.row(2, 2, 1, 1), DatabaseUnderTest.row(3, 3, 0, 0)));
    refused(ErrorCode.INVALID_ARGUMENT, () -> c.search(c.nearest(1, 0, 0)));
    assertThat(c.keys("id >= 0")).containsExactly(1L);
    OpenCollection l2 = open(DatabaseUnderTest.plain("l2"), Metric.L2);
    l2.insert(DatabaseUnderTest.row(3, 3, 0, 0));
    assertThat(l2.search(l2.nearest(1, 0, 0)).getFirst().score()).isZero();
  }

  @Test
  default void dynamicValuesMustBeObjects() {
    OpenCollection c =
        open(DatabaseUnderTest.schema("c", true, Field.named("n", DataType.INT64).build()));
    RowBatch row = Batches.of(c.schema(), List.of(DatabaseUnderTest.row(1, 1, 1, 1)));
    for (String bad : List.of("{", "{\"a\":}", "nothing", "")) {
      byte[] text = bad.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      RowBatch rows = row.with("$meta", new Column.Jsons(new byte[][] {text}));
      refused(ErrorCode.INVALID_ROWS, () -> c.insert("", rows));
    }
    Map<String, Column> swapped = new LinkedHashMap<>(row.columns());
    swapped.put("$meta", new Column.Longs(DataType.INT64, new long[] {1}, null));
    refused(ErrorCode.INVALID_ROWS, () -> c.insert("", new RowBatch(1, swapped)));
    assertThat(c.count("")).isZero();
  }
}
