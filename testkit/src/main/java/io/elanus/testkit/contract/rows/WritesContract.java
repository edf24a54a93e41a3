package io.elanus.testkit.contract.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.MutationResult;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import io.elanus.testkit.contract.names.IndexesContract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Inserts, upserts, deletes, and that what was written is read. */
public interface WritesContract extends DatabaseUnderTest {
  /** A nullable field of every type, and a key of texts. */
  static Schema everyType(String name) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.named("key", DataType.VARCHAR).primaryKey(true).maxLength(40).build());
    for (DataType type : DataType.values()) {
      if (type != DataType.ARRAY && !type.isVector()) {
        int length = type == DataType.VARCHAR ? 60 : 0;
        fields.add(
            Field.named(type.name().toLowerCase(java.util.Locale.ROOT), type)
                .nullable(true)
                .maxLength(length)
                .build());
      }
      if (type.isArrayElement()) {
        fields.add(
            Field.named(type.name().toLowerCase(java.util.Locale.ROOT) + "s", DataType.ARRAY)
                .elementType(type)
                .nullable(true)
                .maxCapacity(4)
                .maxLength(type == DataType.VARCHAR ? 10 : 0)
                .build());
      }
    }
    fields.add(Field.named("v", DataType.FLOAT_VECTOR).dim(3).build());
    return new Schema(name, "", fields, false, 0);
  }

  /** Edges of every type in one row. */
  static Map<String, Object> fullRow(String key) {
    Map<String, Object> row = new HashMap<>();
    row.put("key", key);
    row.put("bool", true);
    row.put("int8", -128L);
    row.put("int16", 32_767L);
    row.put("int32", -2_147_483_648L);
    row.put("int64", Long.MAX_VALUE);
    row.put("float", 1.5f);
    row.put("double", 0.1);
    row.put("varchar", "ä 漢 \uD83E\uDD85 \"quoted\" \\ \n");
    row.put("json", Map.of("a", List.of(1L, "x", Map.of("b", true)), "c", 2.5));
    row.put("bools", List.of(true, false));
    row.put("int8s", List.of(-128L, 127L));
    row.put("int16s", List.of());
    row.put("int32s", List.of(5L));
    row.put("int64s", List.of(Long.MIN_VALUE, 0L));
    row.put("floats", List.of(0.5f, -0.25f));
    row.put("doubles", List.of(1e300));
    row.put("varchars", List.of("", "ü"));
    row.put("v", List.of(1f, -2f, 0.25f));
    return row;
  }

  @Test
  default void everyTypeIsReadAsItWasWritten() {
    OpenCollection c = open(everyType("c"));
    Map<String, Object> full = fullRow("full");
    Map<String, Object> empty = Map.of("key", "empty", "v", List.of(0f, 0f, 0f));
    c.insert(full, empty);
    Map<String, @Nullable Object> nulls = new HashMap<>(full);
    nulls.replaceAll((field, value) -> null);
    nulls.putAll(empty);
    for (int pass = 0; pass < 2; pass++) {
      assertThat(c.query("key == \"full\"", "*").getFirst()).isEqualTo(full);
      assertThat(c.query("key == \"empty\"", "*").getFirst()).isEqualTo(nulls);
      var hit = c.search(c.nearest(1, 1, -2, 0.25f).outputFields(List.of("*"))).getFirst();
      assertThat(hit.row()).isEqualTo(full);
      database().jobs().flush(ME, "c");
    }
  }

  @Test
  default void fieldsLeftOutTakeTheirDefaults() {
    OpenCollection c =
        open(
            DatabaseUnderTest.schema(
                "c",
                false,
                Field.named("b", DataType.BOOL).defaultValue(true).build(),
                Field.named("i", DataType.INT8).defaultValue(-7L).build(),
                Field.named("f", DataType.FLOAT).defaultValue(0.5f).nullable(true).build(),
                Field.named("d", DataType.DOUBLE).defaultValue(0.25).build(),
                Field.named("s", DataType.VARCHAR).maxLength(9).defaultValue("none").build()));
    c.insert(Map.of("id", 1, "v", List.of(1, 1)));
    Map<String, @Nullable Object> nulls = new HashMap<>();
    nulls.put("id", 2);
    nulls.put("v", List.of(2, 2));
    for (String field : List.of("b", "i", "f", "d", "s")) {
      nulls.put(field, null);
    }
    c.insert(nulls, Map.of("id", 3, "v", List.of(3, 3), "b", false, "i", 1, "s", "x", "d", 1));
    Map<String, Object> defaults = Map.of("b", true, "i", -7L, "f", 0.5f, "d", 0.25, "s", "none");
    assertThat(c.query("id == 1", "*").getFirst()).containsAllEntriesOf(defaults);
    assertThat(c.query("id == 2", "*").getFirst()).containsAllEntriesOf(defaults);
    assertThat(c.query("id == 3", "*").getFirst())
        .containsEntry("b", false)
        .containsEntry("f", 0.5f)
        .containsEntry("s", "x");
    assertThat(c.keys("s == \"none\"")).containsExactly(1L, 2L);
  }

  @Test
  default void keysThatNoFieldDeclaresAreKept() {
    OpenCollection c =
        open(DatabaseUnderTest.schema("c", true, Field.named("n", DataType.INT64).build()));
    c.insert(
        Map.of("id", 1, "n", 1, "v", List.of(1, 1), "color", "red", "deep", Map.of("a", 1L)),
        Map.of("id", 2, "n", 2, "v", List.of(2, 2), "size", 5L));
    c.insert(Map.of("id", 3, "n", 3, "v", List.of(3, 3)));
    assertThat(c.query("id == 1", "*").getFirst())
        .containsEntry("$meta", Map.of("color", "red", "deep", Map.of("a", 1L)));
    assertThat(c.query("id >= 1", "color"))
        .extracting(row -> row.get("$meta"))
        .containsExactly(Map.of("color", "red"), Map.of(), Map.of());
    assertThat(c.query("id >= 1", "$meta"))
        .extracting(row -> row.get("$meta"))
        .containsExactly(
            Map.of("color", "red", "deep", Map.of("a", 1L)), Map.of("size", 5L), Map.of());
    assertThat(c.keys("color == \"red\"")).containsExactly(1L);
    assertThat(c.keys("$meta[\"size\"] > 4")).containsExactly(2L);
    assertThat(c.keys("deep[\"a\"] == 1")).containsExactly(1L);
  }

  // --- keys -----------------------------------------------------------------------------------

  @Test
  default void writesAnswerTheirKeysAndCounts() {
    OpenCollection c = open(DatabaseUnderTest.plain("c"));
    MutationResult inserted = c.insert(DatabaseUnderTest.rows(5, 8));
    assertThat(keys(inserted)).containsExactly(5L, 6L, 7L);
    assertThat(inserted.insertCount()).isEqualTo(3);
    MutationResult upserted = c.upsert(DatabaseUnderTest.rows(7, 9));
    assertThat(keys(upserted)).containsExactly(7L, 8L);
    assertThat(upserted.upsertCount()).isEqualTo(2);
    assertThat(upserted.timestamp()).isGreaterThan(inserted.timestamp());
    MutationResult deleted = c.delete("id in [5, 8]");
    assertThat(keys(deleted)).containsExactlyInAnyOrder(5L, 8L);
    assertThat(deleted.deleteCount()).isEqualTo(2);
    assertThat(deleted.timestamp()).isGreaterThan(upserted.timestamp());
    assertThat(c.keys("id >= 0")).containsExactly(6L, 7L);
  }

  private static List<Object> keys(MutationResult result) {
    List<Object> keys = new ArrayList<>();
    Column ids = result.ids();
    for (int i = 0; i < ids.size(); i++) {
      keys.add(java.util.Objects.requireNonNull(ids.get(i)));
    }
    return keys;
  }

  @Test
  default void madeKeysAreAllDifferentAndOfTheFieldsType() {
    for (DataType type : List.of(DataType.INT64, DataType.VARCHAR)) {
      Field key = Field.named("id", type).primaryKey(true).autoId(true).maxLength(40).build();
      Field vector = Field.named("v", DataType.FLOAT_VECTOR).dim(2).build();
      OpenCollection c = open(new Schema("c_" + type, "", List.of(key, vector), false, 0));
      Set<Object> all = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        List<Object> made = keys(c.insert(Map.of("v", List.of(i, 0)), Map.of("v", List.of(i, 1))));
        assertThat(made)
            .hasSize(2)
            .allMatch(k -> type == DataType.INT64 ? k instanceof Long : k instanceof String);
        all.addAll(made);
      }
      assertThat(all).hasSize(6);
      assertThat(new HashSet<>(keys(c.insert(Map.of("v", List.of(9, 9))))))
          .doesNotContainAnyElementsOf(all);
      refused(
          ErrorCode.INVALID_ROWS,
          () -> c.insert(Map.of("id", type == DataType.INT64 ? 1 : "a", "v", List.of(0, 0))));
      assertThat(c.count("")).isEqualTo(7);
    }
  }

  @Test
  default void keysAreTakenForAnAutoIdWhereTheCollectionAllowsIt() {
    Field key = Field.named("id", DataType.INT64).primaryKey(true).autoId(true).build();
    Field vector = Field.named("v", DataType.FLOAT_VECTOR).dim(2).build();
    Schema schema = new Schema("c", "", List.of(key, vector), false, 0);
    database()
        .collections()
        .create(
            ME,
            new CollectionSpec(
                schema, Consistency.Level.BOUNDED, Map.of("allow_insert_auto_id", "true"), 0, 0));
    OpenCollection c = open(schema, "true");
    c.insert(Map.of("id", 77, "v", List.of(0, 0)));
    assertThat(c.keys("id == 77")).containsExactly(77L);
  }

  private OpenCollection open(Schema schema, String ignored) {
    database().indexes().create(ME, schema.name(), IndexesContract.flat("v"));
    database().collections().load(ME, schema.name(), List.of());
    return new OpenCollection(database(), ME, schema);
  }

  // --- upsert and delete ----------------------------------------------------------------------

  @Test
  default void anUpsertReplacesOrInserts() {
    OpenCollection c = filled("c", 5);
    for (int pass = 0; pass < 2; pass++) {
      c.upsert(DatabaseUnderTest.row(2, 100 + pass, 7, 7), DatabaseUnderTest.row(9, 9, 9, 9));
      assertThat(c.keys("id >= 0")).containsExactly(0L, 1L, 2L, 3L, 4L, 9L);
      assertThat(c.keys("n >= 100")).containsExactly(2L);
      assertThat(c.count("")).isEqualTo(6);
      assertThat(c.search(c.nearest(1, 7, 7)).getFirst().key()).isEqualTo(2L);
      assertThat(c.search(c.nearest(1, 2, 1)).getFirst().key()).isNotEqualTo(2L);
      database().jobs().flush(ME, "c");
    }
  }

  @Test
  default void ofTwoRowsWithOneKeyInAnUpsertTheLastOneStays() {
    OpenCollection c = filled("c", 3);
    c.upsert(
        DatabaseUnderTest.row(1, 10, 0, 0),
        DatabaseUnderTest.row(5, 50, 5, 5),
        DatabaseUnderTest.row(1, 11, 1, 1));
    assertThat(c.query("id == 1", "n").getFirst()).containsEntry("n", 11L);
    assertThat(c.count("")).isEqualTo(4);
    assertThat(c.keys("n == 10")).isEmpty();
  }

  @Test
  default void anUpsertWithMadeKeysAnswersTheNewOnes() {
    Field key = Field.named("id", DataType.INT64).primaryKey(true).autoId(true).build();
    Field n = Field.named("n", DataType.INT64).build();
    Field vector = Field.named("v", DataType.FLOAT_VECTOR).dim(2).build();
    OpenCollection c = open(new Schema("c", "", List.of(key, n, vector), false, 0));
    Object before = keys(c.insert(Map.of("n", 1, "v", List.of(1, 1)))).getFirst();
    Object after = keys(c.upsert(Map.of("id", before, "n", 2, "v", List.of(2, 2)))).getFirst();
    assertThat(after).isNotEqualTo(before);
    assertThat(c.keys("n > 0")).containsExactly(after);
    refused(ErrorCode.INVALID_ROWS, () -> c.upsert(Map.of("n", 3, "v", List.of(3, 3))));
    assertThat(c.count("")).isEqualTo(1);
  }

  @Test
  default void deletesTakeEveryFilter() {
    OpenCollection c = filled("c", 20);
    database().jobs().flush(ME, "c");
    c.insert(DatabaseUnderTest.rows(20, 40));
    assertThat(c.delete("id in [1, 21, 99]").deleteCount()).isEqualTo(2);
    assertThat(c.delete("n >= 15 and n < 25 and not (n == 20)").deleteCount()).isEqualTo(8);
    assertThat(c.delete("n > 1000").deleteCount()).isZero();
    assertThat(c.count("")).isEqualTo(30);
    assertThat(c.keys("id >= 14 and id < 26")).containsExactly(14L, 20L, 25L);
    assertThat(OpenCollection.keysOf(c.search(c.nearest(40, 21, 1))))
        .hasSize(30)
        .doesNotContain(21L);
    assertThat(database().collections().rowCount(ME, "c")).isEqualTo(30);
    refused(ErrorCode.INVALID_ARGUMENT, () -> c.delete(""));
    refused(ErrorCode.INVALID_ARGUMENT, () -> c.delete("  "));
    refused(ErrorCode.INVALID_EXPRESSION, () -> c.delete("nothing == 1"));
    refused(ErrorCode.INVALID_EXPRESSION, () -> c.delete("id =="));
    assertThat(c.count("")).isEqualTo(30);
  }

  @Test
  default void aDeletedKeyMayComeBack() {
    OpenCollection c = filled("c", 3);
    for (int pass = 0; pass < 3; pass++) {
      c.delete("id == 1");
      assertThat(c.keys("id >= 0")).containsExactly(0L, 2L);
      c.insert(DatabaseUnderTest.row(1, 10 + pass, 1, 1));
      assertThat(c.query("id == 1", "n").getFirst()).containsEntry("n", 10L + pass);
      database().jobs().flush(ME, "c");
    }
    assertThat(c.count("")).isEqualTo(3);
  }

  @Test
  default void noAnswerHoldsAKeyTwice() {
    OpenCollection c = filled("c", 3);
    for (int copy = 0; copy < 3; copy++) {
      c.insert(DatabaseUnderTest.row(1, 10 + copy, 1, 1 + copy), DatabaseUnderTest.row(7, 7, 7, 7));
      assertThat(c.keys("id >= 0")).containsExactly(0L, 1L, 2L, 7L);
      assertThat(c.query("id == 1", "n").getFirst()).containsEntry("n", 10L + copy);
      assertThat(OpenCollection.keysOf(c.search(c.nearest(10, 1, 1))))
          .containsExactlyInAnyOrder(0L, 1L, 2L, 7L);
      assertThat(OpenCollection.keysOf(c.search(c.nearest(2, 1, 1)))).doesNotHaveDuplicates();
      database().jobs().flush(ME, "c");
    }
    c.delete("id == 1");
    assertThat(c.keys("id >= 0")).containsExactly(0L, 2L, 7L);
    c.upsert(DatabaseUnderTest.row(7, 70, 7, 7));
    assertThat(c.count("id == 7")).isEqualTo(1);
    assertThat(c.count("")).isEqualTo(3);
  }

  @Test
  default void textKeysAreOrderedByCodePoint() {
    Field key = Field.named("id", DataType.VARCHAR).primaryKey(true).maxLength(20).build();
    Field vector = Field.named("v", DataType.FLOAT_VECTOR).dim(2).build();
    OpenCollection c = open(new Schema("c", "", List.of(key, vector), false, 0), Metric.IP);
    List<String> sorted = List.of("", "A", "B", "a", "aa", "b", "ä", "漢", "\uFFFD", "\uD83E\uDD85");
    List<String> shuffled = new ArrayList<>(sorted);
    java.util.Collections.shuffle(shuffled, new java.util.Random(1));
    for (String each : shuffled) {
      c.insert(Map.of("id", each, "v", List.of(1, 1)));
    }
    assertThat(c.keys("id >= \"\"")).isEqualTo(sorted);
    database().jobs().flush(ME, "c");
    assertThat(c.keys("id >= \"\"")).isEqualTo(sorted);
    assertThat(c.keys("id > \"a\" and id <= \"ä\"")).containsExactly("aa", "b", "ä");
    c.delete("id in [\"a\", \"漢\"]");
    c.upsert(Map.of("id", "ä", "v", List.of(5, 5)));
    assertThat(c.count("")).isEqualTo(8);
    assertThat(c.search(c.nearest(1, 1, 1)).getFirst().key()).isEqualTo("ä");
  }
}
