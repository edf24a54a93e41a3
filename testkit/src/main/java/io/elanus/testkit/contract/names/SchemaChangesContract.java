package io.elanus.testkit.contract.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import io.elanus.testkit.fixture.Batches;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Fields that come later, limits that grow, and rows that all go at once. */
public interface SchemaChangesContract extends DatabaseUnderTest {
  @Test
  default void rowsThatExistReadAnAddedFieldsDefaultOrNull() {
    OpenCollection old = filled("c", 3);
    database()
        .collections()
        .addField(ME, "c", Field.named("a", DataType.INT32).nullable(true).build());
    database()
        .collections()
        .addField(
            ME,
            "c",
            Field.named("b", DataType.VARCHAR)
                .maxLength(9)
                .nullable(true)
                .defaultValue("x")
                .build());
    OpenCollection c = old.refreshed();
    assertThat(c.schema().field("b").orElseThrow().id()).isEqualTo(104);
    c.insert(
        Map.of("id", 3, "n", 3, "v", List.of(3, 3), "a", 30, "b", "y"),
        Map.of("id", 4, "n", 4, "v", List.of(4, 4)));
    assertThat(c.query("id >= 0", "a"))
        .extracting(row -> row.get("a"))
        .isEqualTo(Arrays.asList(null, null, null, 30L, null));
    assertThat(c.query("id >= 0", "b"))
        .extracting(row -> row.get("b"))
        .containsExactly("x", "x", "x", "y", "x");
    assertThat(c.keys("a is null")).containsExactly(0L, 1L, 2L, 4L);
    assertThat(c.keys("a > 0")).containsExactly(3L);
    assertThat(c.keys("b == \"x\" and n > 0")).containsExactly(1L, 2L, 4L);
    database().jobs().flush(ME, "c");
    assertThat(c.keys("a is null")).containsExactly(0L, 1L, 2L, 4L);
    assertThat(c.keys("b == \"x\"")).containsExactly(0L, 1L, 2L, 4L);
  }

  @Test
  default void fieldsThatCannotBeAddedAreRefused() {
    filled("c", 1);
    List<Field> bad =
        List.of(
            Field.named("a", DataType.INT32).build(),
            Field.named("n", DataType.INT32).nullable(true).build(),
            Field.named("w", DataType.FLOAT_VECTOR).dim(2).nullable(true).build(),
            Field.named("a", DataType.INT64).primaryKey(true).build(),
            Field.named("a", DataType.VARCHAR).nullable(true).build());
    for (Field field : bad) {
      refused(ErrorCode.INVALID_SCHEMA, () -> database().collections().addField(ME, "c", field));
    }
    assertThat(database().collections().describe(ME, "c").schema().fields()).hasSize(3);
  }

  @Test
  default void theLimitsOfAFieldMayOnlyGrow() {
    Field text = Field.named("t", DataType.VARCHAR).maxLength(3).build();
    OpenCollection c = open(DatabaseUnderTest.schema("c", false, text));
    Map<String, Object> longer = Map.of("id", 1, "t", "longer", "v", List.of(1, 1));
    refused(ErrorCode.INVALID_ROWS, () -> c.insert(longer));
    database().collections().alterField(ME, "c", "t", Map.of("max_length", "10"), Set.of());
    c.refreshed().insert(longer);
    assertThat(c.keys("t == \"longer\"")).containsExactly(1L);
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            database().collections().alterField(ME, "c", "t", Map.of("max_length", "5"), Set.of()));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () -> database().collections().alterField(ME, "c", "v", Map.of("dim", "4"), Set.of()));
    refused(
        ErrorCode.FIELD_NOT_FOUND,
        () ->
            database()
                .collections()
                .alterField(ME, "c", "none", Map.of("max_length", "5"), Set.of()));
    assertThat(
            database()
                .collections()
                .describe(ME, "c")
                .schema()
                .field("t")
                .orElseThrow()
                .maxLength())
        .isEqualTo(10);
  }

  @Test
  default void rowsWrittenForAnOlderSchemaAreRefused() {
    OpenCollection c = filled("c", 1);
    long known = database().collections().describe(ME, "c").updatedTimestamp();
    var rows = Batches.of(c.schema(), List.of(DatabaseUnderTest.row(1, 1, 1, 1)));
    database().rows().insert(ME, new InsertRequest("c", "", rows, known));
    database()
        .collections()
        .addField(ME, "c", Field.named("a", DataType.INT32).nullable(true).build());
    var more = Batches.of(c.schema(), List.of(DatabaseUnderTest.row(2, 2, 2, 2)));
    refused(
        ErrorCode.SCHEMA_STALE,
        () -> database().rows().insert(ME, new InsertRequest("c", "", more, known)));
    refused(
        ErrorCode.SCHEMA_STALE,
        () -> database().rows().upsert(ME, new InsertRequest("c", "", more, known)));
    assertThat(c.count("")).isEqualTo(2);
    database().rows().insert(ME, new InsertRequest("c", "", more));
    assertThat(c.count("")).isEqualTo(3);
  }

  @Test
  default void truncatingKeepsEverythingButTheRows() {
    OpenCollection c = filled("c", 20);
    database().partitions().create(ME, "c", "p");
    database().aliases().create(ME, "nick", "c");
    database().jobs().flush(ME, "c");
    c.insert(DatabaseUnderTest.rows(20, 30));
    database().collections().truncate(ME, "c");
    assertThat(c.count("")).isZero();
    assertThat(database().collections().rowCount(ME, "c")).isZero();
    assertThat(c.search(c.nearest(5, 1, 1))).isEmpty();
    assertThat(database().partitions().exists(ME, "c", "p")).isTrue();
    assertThat(database().aliases().describe(ME, "nick")).isEqualTo("c");
    assertThat(database().indexes().describe(ME, "c", "v")).hasSize(1);
    c.insert(DatabaseUnderTest.row(7, 7, 7, 7));
    assertThat(c.keys("id >= 0")).containsExactly(7L);
  }
}
