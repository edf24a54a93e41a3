package io.elanus.testkit.workload;

import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.fixture.Batches;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Rows over small domains, so that filters hit often; with nulls, texts, arrays, JSON. */
final class RandomRows {
  static final int DIM = 8;
  static final int KEYS = 300;
  static final List<String> TEXTS =
      List.of("", "a", "ab", "abc", "b", "B", "x y", "50%", "ä", "漢字", "under_score");

  private final Random random;

  RandomRows(Random random) {
    this.random = random;
  }

  static Schema schema(String name, boolean textKeys, DataType vectors) {
    DataType key = textKeys ? DataType.VARCHAR : DataType.INT64;
    return new Schema(
        name,
        "",
        List.of(
            Field.named("id", key).primaryKey(true).maxLength(textKeys ? 20 : 0).build(),
            Field.named("n", DataType.INT32).nullable(true).build(),
            Field.named("f", DataType.DOUBLE).build(),
            Field.named("g", DataType.FLOAT).nullable(true).build(),
            Field.named("t", DataType.VARCHAR).maxLength(40).nullable(true).build(),
            Field.named("b", DataType.BOOL).build(),
            Field.named("d", DataType.INT8).defaultValue(7L).build(),
            Field.named("a", DataType.ARRAY)
                .elementType(DataType.INT64)
                .maxCapacity(5)
                .nullable(true)
                .build(),
            Field.named("j", DataType.JSON).nullable(true).build(),
            Field.named("v", vectors).dim(DIM).build(),
            Field.named("s", DataType.SPARSE_FLOAT_VECTOR).build()),
        true,
        0);
  }

  Object key(boolean text) {
    int number = random.nextInt(KEYS);
    return text ? (Object) ("k" + number) : (Object) (long) number;
  }

  Map<String, @Nullable Object> row(Object key) {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("id", key);
    row.put("n", seldom(8) ? null : (Object) (random.nextInt(21) - 10));
    row.put("f", (random.nextInt(41) - 20) / 4.0);
    row.put("g", seldom(6) ? null : (Object) (float) ((random.nextInt(41) - 20) / 4.0));
    row.put("t", seldom(8) ? null : text());
    row.put("b", random.nextBoolean());
    row.put("d", seldom(3) ? null : (Object) random.nextInt(10));
    row.put("a", seldom(8) ? null : array());
    row.put("j", seldom(6) ? null : json());
    row.put("v", vector());
    row.put("s", sparse());
    if (seldom(2)) {
      row.put("x", random.nextInt(10));
    }
    if (seldom(3)) {
      row.put("y", text());
    }
    return row;
  }

  private boolean seldom(int in) {
    return random.nextInt(in) == 0;
  }

  String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private List<Object> array() {
    List<Object> array = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      array.add((long) random.nextInt(10));
    }
    return array;
  }

  private Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    Object value =
        switch (random.nextInt(5)) {
          case 0 -> (Object) (long) random.nextInt(10);
          case 1 -> random.nextInt(20) / 2.0;
          case 2 -> text();
          case 3 -> random.nextBoolean();
          default -> array();
        };
    json.put("k", value);
    if (random.nextBoolean()) {
      json.put("o", Map.of("p", (long) random.nextInt(5)));
    }
    return json;
  }

  /** Of a dozen dimensions, some of them the largest there are; halves, so that sums are exact. */
  SparseVector sparse() {
    List<Double> entries = new ArrayList<>();
    for (long dimension = 0; dimension < 12; dimension++) {
      if (seldom(3)) {
        entries.add((double) (dimension < 6 ? dimension : 0xFFFF_FFFEL - 12 + dimension));
        entries.add(random.nextInt(9) / 2.0);
      }
    }
    return Batches.sparse(entries.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /**
   * Small integers, as all types hold them (of bits, whether they are positive); never all zero,
   * which has no direction.
   */
  List<Integer> vector() {
    List<Integer> vector = new ArrayList<>();
    for (int i = 0; i < DIM - 1; i++) {
      vector.add(random.nextInt(9) - 4);
    }
    vector.add(1 + random.nextInt(3));
    return vector;
  }
}
