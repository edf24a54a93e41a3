package io.elanus.testkit.contract.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.IndexInfo;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Indexes: what is asked for, what is answered, and that answers do not depend on them. */
public interface IndexesContract extends DatabaseUnderTest {
  static IndexSpec flat(String field) {
    return vector(field, "FLAT", Map.of());
  }

  private static IndexSpec vector(String field, String type, Map<String, String> parameters) {
    return new IndexSpec(field, "", type, Metric.L2, parameters, Map.of());
  }

  private static IndexSpec scalar(String field, String type) {
    return new IndexSpec(field, "", type, null, Map.of(), Map.of());
  }

  /** Two vectors {@code v} and {@code w}, a number, a text, a JSON and an array. */
  private OpenCollection unindexed() {
    var schema =
        DatabaseUnderTest.schema(
            "c",
            false,
            Field.named("n", DataType.INT64).build(),
            Field.named("t", DataType.VARCHAR).maxLength(20).build(),
            Field.named("f", DataType.FLOAT).build(),
            Field.named("j", DataType.JSON).build(),
            Field.named("a", DataType.ARRAY).elementType(DataType.INT64).maxCapacity(5).build(),
            Field.named("w", DataType.FLOAT_VECTOR).dim(3).build());
    database().collections().create(ME, OpenCollection.spec(schema));
    return new OpenCollection(database(), ME, schema);
  }

  @Test
  default void indexesAreDescribedAsAskedFor() {
    unindexed();
    refused(ErrorCode.INDEX_NOT_FOUND, () -> database().indexes().describe(ME, "c", ""));
    Map<String, String> parameters = Map.of("M", "8", "efConstruction", "64");
    database().indexes().create(ME, "c", vector("v", "HNSW", parameters));
    database()
        .indexes()
        .create(ME, "c", new IndexSpec("n", "by_n", "STL_SORT", null, Map.of(), Map.of()));
    List<IndexInfo> all = database().indexes().describe(ME, "c", "");
    assertThat(all).extracting(i -> i.spec().field()).containsExactlyInAnyOrder("v", "n");
    IndexInfo v = database().indexes().describe(ME, "c", "v").getFirst();
    assertThat(v.spec().type()).isEqualTo("HNSW");
    assertThat(v.spec().metric()).isEqualTo(Metric.L2);
    assertThat(v.spec().params()).isEqualTo(parameters);
    assertThat(v.spec().name()).isNotEmpty();
    assertThat(v.state()).isEqualTo(IndexInfo.State.FINISHED);
    assertThat(database().indexes().describe(ME, "c", "by_n"))
        .isEqualTo(database().indexes().describe(ME, "c", "n"));
    refused(ErrorCode.INDEX_NOT_FOUND, () -> database().indexes().describe(ME, "c", "none"));
  }

  @Test
  default void theSameIndexAgainDoesNothingAndAnotherIsRefused() {
    unindexed();
    database().indexes().create(ME, "c", flat("v"));
    long id = database().indexes().describe(ME, "c", "v").getFirst().id();
    database().indexes().create(ME, "c", flat("v"));
    assertThat(database().indexes().describe(ME, "c", "v").getFirst().id()).isEqualTo(id);
    refused(
        ErrorCode.INDEX_CONFLICT,
        () -> database().indexes().create(ME, "c", vector("v", "HNSW", Map.of())));
    refused(
        ErrorCode.INDEX_CONFLICT,
        () ->
            database()
                .indexes()
                .create(ME, "c", new IndexSpec("w", "v", "FLAT", Metric.L2, Map.of(), Map.of())));
    assertThat(database().indexes().describe(ME, "c", "")).hasSize(1);
  }

  @Test
  default void wrongIndexesAreRefused() {
    unindexed();
    ErrorCode unsupported = ErrorCode.INDEX_NOT_SUPPORTED;
    refused(
        unsupported, () -> database().indexes().create(ME, "c", vector("v", "MAGIC", Map.of())));
    refused(unsupported, () -> database().indexes().create(ME, "c", scalar("t", "HNSW")));
    refused(unsupported, () -> database().indexes().create(ME, "c", flat("t")));
    refused(unsupported, () -> database().indexes().create(ME, "c", scalar("n", "TRIE")));
    refused(unsupported, () -> database().indexes().create(ME, "c", scalar("f", "BITMAP")));
    refused(unsupported, () -> database().indexes().create(ME, "c", scalar("id", "BITMAP")));
    refused(ErrorCode.FIELD_NOT_FOUND, () -> database().indexes().create(ME, "c", flat("none")));
    refused(
        ErrorCode.COLLECTION_NOT_FOUND, () -> database().indexes().create(ME, "none", flat("v")));
    for (String bad : List.of("0", "-1", "many", "99999999")) {
      refused(
          ErrorCode.INVALID_ARGUMENT,
          () -> database().indexes().create(ME, "c", vector("v", "HNSW", Map.of("M", bad))));
      refused(
          ErrorCode.INVALID_ARGUMENT,
          () ->
              database().indexes().create(ME, "c", vector("v", "IVF_FLAT", Map.of("nlist", bad))));
    }
    refused(
        ErrorCode.INVALID_NAME,
        () ->
            database()
                .indexes()
                .create(ME, "c", new IndexSpec("v", "a b", "FLAT", Metric.L2, Map.of(), Map.of())));
    refused(ErrorCode.INDEX_NOT_FOUND, () -> database().indexes().describe(ME, "c", ""));
  }

  @Test
  default void aVectorIndexIsDroppedOnceReleased() {
    OpenCollection c = filled("c", 3);
    refused(ErrorCode.INVALID_ARGUMENT, () -> database().indexes().drop(ME, "c", "v"));
    assertThat(c.search(c.nearest(1, 1, 1))).hasSize(1);
    database().collections().release(ME, "c", List.of());
    database().indexes().drop(ME, "c", "v");
    database().indexes().drop(ME, "c", "v");
    refused(ErrorCode.INDEX_NOT_FOUND, () -> database().indexes().describe(ME, "c", ""));
    database()
        .indexes()
        .create(ME, "c", new IndexSpec("v", "", "FLAT", Metric.IP, Map.of(), Map.of()));
    database().collections().load(ME, "c", List.of());
    assertThat(c.search(c.nearest(1, 1, 1)).getFirst().score()).isEqualTo(3f);
  }

  @Test
  default void settingsOfAnIndexAreAltered() {
    filled("c", 3);
    database().indexes().alter(ME, "c", "v", Map.of("mmap.enabled", "true"), Set.of());
    assertThat(database().indexes().describe(ME, "c", "v").getFirst().spec().properties())
        .containsEntry("mmap.enabled", "true");
    database().indexes().alter(ME, "c", "v", Map.of(), Set.of("mmap.enabled"));
    assertThat(database().indexes().describe(ME, "c", "v").getFirst().spec().properties())
        .isEmpty();
    refused(
        ErrorCode.INDEX_NOT_FOUND,
        () -> database().indexes().alter(ME, "c", "none", Map.of(), Set.of()));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () -> database().indexes().alter(ME, "c", "v", Map.of("M", "4"), Set.of()));
  }

  @Test
  default void aBuildCoversAllRowsInTheEnd() throws InterruptedException {
    filled("c", 100);
    database().jobs().flush(ME, "c");
    IndexInfo info = database().indexes().describe(ME, "c", "v").getFirst();
    for (int i = 0; i < 1_000 && info.state() != IndexInfo.State.FINISHED; i++) {
      Thread.sleep(10);
      info = database().indexes().describe(ME, "c", "v").getFirst();
    }
    assertThat(info.state()).isEqualTo(IndexInfo.State.FINISHED);
    assertThat(info.totalRows()).isEqualTo(100);
    assertThat(info.indexedRows()).isEqualTo(100);
    assertThat(info.pendingRows()).isZero();
    assertThat(info.failure()).isEmpty();
  }

  @Test
  default void answersDoNotDependOnScalarIndexes() {
    OpenCollection c = unindexed();
    for (int i = 0; i < 40; i++) {
      c.insert(
          Map.of(
              "id",
              i,
              "n",
              i % 7,
              "t",
              "t" + i % 5,
              "f",
              i / 4.0,
              "j",
              Map.of("k", i),
              "a",
              List.of(i % 3, i),
              "v",
              List.of(i, i),
              "w",
              List.of(i, i, i)));
      if (i == 20) {
        database().jobs().flush(ME, "c");
      }
    }
    database().indexes().create(ME, "c", flat("v"));
    database().indexes().create(ME, "c", flat("w"));
    database().collections().load(ME, "c", List.of());
    List<String> filters =
        List.of(
            "n == 3",
            "n in [1, 5, 99]",
            "n > 2 and n <= 5",
            "not (n == 3)",
            "t == \"t2\"",
            "t > \"t2\"",
            "t like \"t%\"",
            "t in [\"t1\", \"zz\"]",
            "f >= 2.5 and f < 7.75",
            "array_contains(a, 2)",
            "array_contains_any(a, [30, 1])",
            "array_contains_all(a, [1, 4])");
    List<List<Object>> before = filters.stream().map(c::keys).toList();
    assertThat(before).noneMatch(List::isEmpty);
    database().indexes().create(ME, "c", scalar("n", "BITMAP"));
    database().indexes().create(ME, "c", scalar("t", "INVERTED"));
    database().indexes().create(ME, "c", scalar("f", "STL_SORT"));
    database().indexes().create(ME, "c", scalar("a", "INVERTED"));
    database().jobs().flush(ME, "c");
    assertThat(filters.stream().map(c::keys).toList()).isEqualTo(before);
    database().indexes().drop(ME, "c", "n");
    assertThat(filters.stream().map(c::keys).toList()).isEqualTo(before);
  }
}
