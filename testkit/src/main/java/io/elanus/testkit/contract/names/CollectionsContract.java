package io.elanus.testkit.contract.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.Caller;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.info.LoadInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Collections: creation, description, names, load state. */
public interface CollectionsContract extends DatabaseUnderTest {
  @Test
  default void aCollectionIsDescribedAsItWasAskedFor() {
    Field text =
        Field.named("text", DataType.VARCHAR).maxLength(7).nullable(true).description("d").build();
    Schema schema = DatabaseUnderTest.schema("c", true, text);
    CollectionInfo created =
        database()
            .collections()
            .create(
                ME, new CollectionSpec(schema, Consistency.Level.STRONG, Map.of("a", "1"), 0, 2));
    CollectionInfo found = database().collections().describe(ME, "c");
    assertThat(found).isEqualTo(created);
    assertThat(found.name()).isEqualTo("c");
    assertThat(found.database()).isEqualTo("default");
    assertThat(found.consistencyLevel()).isEqualTo(Consistency.Level.STRONG);
    assertThat(found.properties()).isEqualTo(Map.of("a", "1"));
    assertThat(found.shardCount()).isEqualTo(2);
    assertThat(found.partitionCount()).isEqualTo(1);
    assertThat(found.aliases()).isEmpty();
    assertThat(found.createdTimestamp()).isPositive();
    assertThat(found.schema().dynamicFieldEnabled()).isTrue();
    assertThat(found.schema().fields()).extracting(Field::id).containsExactly(100L, 101L, 102L);
    assertThat(found.schema().field("text")).contains(text.withId(101));
    assertThat(database().collections().describe(ME, found.id())).isEqualTo(found);
  }

  @Test
  default void collectionsAreListedInOrderOfCreation() {
    for (String name : List.of("z", "a", "m")) {
      database().collections().create(ME, OpenCollection.spec(DatabaseUnderTest.plain(name)));
    }
    assertThat(database().collections().list(ME))
        .extracting(CollectionInfo::name)
        .containsExactly("z", "a", "m");
    database().collections().drop(ME, "a");
    assertThat(database().collections().list(ME))
        .extracting(CollectionInfo::name)
        .containsExactly("z", "m");
  }

  @Test
  default void creatingTheSameAgainAnswersTheExistingOne() {
    OpenCollection collection = filled("c", 3);
    CollectionInfo before = database().collections().describe(ME, "c");
    CollectionInfo again =
        database().collections().create(ME, OpenCollection.spec(DatabaseUnderTest.plain("c")));
    assertThat(again.id()).isEqualTo(before.id());
    assertThat(collection.count("")).isEqualTo(3);
    Field other = Field.named("n", DataType.INT32).build();
    refused(
        ErrorCode.COLLECTION_EXISTS,
        () ->
            database()
                .collections()
                .create(ME, OpenCollection.spec(DatabaseUnderTest.schema("c", false, other))));
    assertThat(collection.count("")).isEqualTo(3);
  }

  @Test
  default void aDroppedCollectionIsGoneWithItsRows() {
    OpenCollection collection = filled("c", 3);
    database().collections().drop(ME, "c");
    database().collections().drop(ME, "c");
    assertThat(database().collections().exists(ME, "c")).isFalse();
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> collection.keys("id >= 0"));
    assertThat(open(DatabaseUnderTest.plain("c")).count("")).isZero();
  }

  @Test
  default void missingCollectionsAreSaidToBeMissing() {
    OpenCollection none = new OpenCollection(database(), ME, DatabaseUnderTest.plain("none"));
    assertThat(database().collections().exists(ME, "none")).isFalse();
    assertThat(database().collections().loadState(ME, "none", List.of()).state())
        .isEqualTo(LoadInfo.State.NOT_EXIST);
    ErrorCode code = ErrorCode.COLLECTION_NOT_FOUND;
    refused(code, () -> database().collections().describe(ME, "none"));
    refused(code, () -> database().collections().describe(ME, 123_456_789L));
    refused(code, () -> database().collections().alter(ME, "none", Map.of(), Set.of()));
    refused(code, () -> database().collections().rename(ME, "none", "other", ""));
    refused(code, () -> database().collections().truncate(ME, "none"));
    refused(code, () -> database().collections().load(ME, "none", List.of()));
    refused(code, () -> database().collections().release(ME, "none", List.of()));
    refused(code, () -> database().collections().rowCount(ME, "none"));
    refused(code, () -> database().collections().segments(ME, "none"));
    refused(code, () -> none.insert(DatabaseUnderTest.row(1, 1, 1, 1)));
    refused(code, () -> none.upsert(DatabaseUnderTest.row(1, 1, 1, 1)));
    refused(code, () -> none.delete("id == 1"));
    refused(code, () -> none.count(""));
    refused(code, () -> none.search(none.nearest(1, 1, 1)));
    refused(code, () -> database().jobs().flush(ME, "none"));
    refused(code, () -> database().jobs().compact(ME, "none"));
    refused(code, () -> database().jobs().cluster(ME, "none"));
    refused(code, () -> database().jobs().isFlushed(ME, "none", 1));
  }

  @Test
  default void badNamesAreRefused() {
    for (String bad : List.of("", "1a", "a b", "a-b", "a.b", "ä", "x".repeat(256))) {
      refused(
          ErrorCode.INVALID_NAME,
          () ->
              database()
                  .collections()
                  .create(ME, OpenCollection.spec(DatabaseUnderTest.plain(bad))));
      refused(
          ErrorCode.INVALID_NAME,
          () ->
              database()
                  .collections()
                  .create(
                      ME,
                      OpenCollection.spec(
                          DatabaseUnderTest.schema(
                              "c", false, Field.named(bad, DataType.INT64).build()))));
    }
    assertThat(database().collections().list(ME)).isEmpty();
    database()
        .collections()
        .create(ME, OpenCollection.spec(DatabaseUnderTest.plain("x".repeat(255))));
  }

  @Test
  default void schemasThatCannotBeAreRefused() {
    Field key = Field.named("id", DataType.INT64).primaryKey(true).build();
    Field vector = Field.named("v", DataType.FLOAT_VECTOR).dim(2).build();
    Field text = Field.named("t", DataType.VARCHAR).build();
    Field array = Field.named("a", DataType.ARRAY).maxCapacity(3).build();
    Field defaulted = Field.named("d", DataType.INT8).defaultValue(300L).build();
    List<List<Field>> bad = new ArrayList<>();
    bad.add(List.of());
    bad.add(List.of(key));
    bad.add(List.of(vector));
    bad.add(List.of(key, key, vector));
    bad.add(List.of(key, Field.named("k", DataType.INT64).primaryKey(true).build(), vector));
    bad.add(List.of(Field.named("id", DataType.FLOAT).primaryKey(true).build(), vector));
    bad.add(List.of(key.toBuilder().nullable(true).build(), vector));
    bad.add(List.of(key.toBuilder().defaultValue(1L).build(), vector));
    bad.add(List.of(key, vector.toBuilder().dim(1).build()));
    bad.add(List.of(key, vector.toBuilder().dim(40_000).build()));
    bad.add(List.of(key, vector, text));
    bad.add(List.of(key, vector, text.toBuilder().maxLength(70_000).build()));
    bad.add(List.of(key, vector, array));
    bad.add(List.of(key, vector, array.toBuilder().elementType(DataType.JSON).build()));
    bad.add(
        List.of(
            key, vector, array.toBuilder().elementType(DataType.INT8).maxCapacity(5_000).build()));
    bad.add(List.of(key, vector, defaulted));
    bad.add(List.of(key, vector, Field.named("n", DataType.INT64).autoId(true).build()));
    bad.add(List.of(key, vector, Field.named("n", DataType.FLOAT).partitionKey(true).build()));
    for (List<Field> fields : bad) {
      Schema schema = new Schema("c", "", fields, false, 0);
      refused(
          ErrorCode.INVALID_SCHEMA,
          () -> database().collections().create(ME, OpenCollection.spec(schema)));
    }
    assertThat(database().collections().list(ME)).isEmpty();
  }

  @Test
  default void aRenamedCollectionKeepsItsIdRowsAndAliases() {
    OpenCollection collection = filled("before", 3);
    long id = database().collections().describe(ME, "before").id();
    database().aliases().create(ME, "nick", "before");
    database().collections().rename(ME, "before", "after", "");
    assertThat(database().collections().exists(ME, "before")).isFalse();
    CollectionInfo after = database().collections().describe(ME, "after");
    assertThat(after.id()).isEqualTo(id);
    assertThat(after.name()).isEqualTo("after");
    assertThat(after.aliases()).containsExactly("nick");
    assertThat(database().aliases().describe(ME, "nick")).isEqualTo("after");
    OpenCollection renamed = new OpenCollection(database(), ME, after.schema());
    assertThat(renamed.keys("id >= 0")).containsExactly(0L, 1L, 2L);
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> collection.count(""));
    assertThat(filled("before", 1).count("")).isEqualTo(1);
    assertThat(renamed.count("")).isEqualTo(3);
  }

  @Test
  default void aCollectionWithAliasesStaysInItsDatabase() {
    filled("c", 3);
    database().databases().create(ME, "other", Map.of());
    database().aliases().create(ME, "nick", "c");
    refused(
        ErrorCode.INVALID_ARGUMENT, () -> database().collections().rename(ME, "c", "d", "other"));
    assertThat(database().aliases().describe(ME, "nick")).isEqualTo("c");
    database().collections().rename(ME, "c", "d", "default");
    assertThat(database().aliases().describe(ME, "nick")).isEqualTo("d");
    database().aliases().drop(ME, "nick");
    database().collections().rename(ME, "d", "e", "other");
    assertThat(database().collections().exists(ME, "d")).isFalse();
    assertThat(database().collections().rowCount(Caller.in("other"), "e")).isEqualTo(3);
  }

  @Test
  default void wrongRenamesAreRefused() {
    filled("a", 1);
    filled("b", 2);
    database().aliases().create(ME, "nick", "b");
    refused(ErrorCode.COLLECTION_EXISTS, () -> database().collections().rename(ME, "a", "b", ""));
    refused(
        ErrorCode.COLLECTION_EXISTS, () -> database().collections().rename(ME, "a", "nick", ""));
    refused(ErrorCode.INVALID_NAME, () -> database().collections().rename(ME, "a", "a b", ""));
    refused(
        ErrorCode.DATABASE_NOT_FOUND, () -> database().collections().rename(ME, "a", "c", "none"));
    assertThat(database().collections().list(ME))
        .extracting(CollectionInfo::name)
        .containsExactly("a", "b");
  }

  @Test
  default void propertiesOfACollectionAreSetAndDeleted() {
    database().collections().create(ME, OpenCollection.spec(DatabaseUnderTest.plain("c")));
    database().collections().alter(ME, "c", Map.of("a", "1", "b", "2"), Set.of());
    CollectionInfo before = database().collections().describe(ME, "c");
    database().collections().alter(ME, "c", Map.of("c", "3"), Set.of("a"));
    CollectionInfo after = database().collections().describe(ME, "c");
    assertThat(after.properties()).isEqualTo(Map.of("b", "2", "c", "3"));
    assertThat(after.updatedTimestamp()).isGreaterThan(before.updatedTimestamp());
    assertThat(after.createdTimestamp()).isEqualTo(before.createdTimestamp());
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            database()
                .collections()
                .alter(ME, "c", Map.of("collection.ttl.seconds", "soon"), Set.of()));
    assertThat(database().collections().describe(ME, "c")).isEqualTo(after);
  }

  // --- load state -----------------------------------------------------------------------------

  @Test
  default void onlyLoadedCollectionsAnswer() {
    OpenCollection collection = filled("c", 5);
    assertThat(database().collections().loadState(ME, "c", List.of()))
        .isEqualTo(new LoadInfo(LoadInfo.State.LOADED, 100));
    database().collections().release(ME, "c", List.of());
    assertThat(database().collections().loadState(ME, "c", List.of()).state())
        .isEqualTo(LoadInfo.State.NOT_LOADED);
    refused(ErrorCode.COLLECTION_NOT_LOADED, () -> collection.keys("id >= 0"));
    refused(ErrorCode.COLLECTION_NOT_LOADED, () -> collection.count(""));
    refused(ErrorCode.COLLECTION_NOT_LOADED, () -> collection.search(collection.nearest(1, 1, 1)));
    collection.insert(DatabaseUnderTest.row(5, 5, 5, 1));
    assertThat(database().collections().rowCount(ME, "c")).isEqualTo(6);
    database().collections().load(ME, "c", List.of());
    database().collections().load(ME, "c", List.of());
    assertThat(collection.count("")).isEqualTo(6);
  }

  @Test
  default void loadingNeedsAnIndexOnEveryVector() {
    Field second = Field.named("w", DataType.FLOAT_VECTOR).dim(3).build();
    database()
        .collections()
        .create(ME, OpenCollection.spec(DatabaseUnderTest.schema("c", false, second)));
    refused(ErrorCode.INDEX_NOT_FOUND, () -> database().collections().load(ME, "c", List.of()));
    database().indexes().create(ME, "c", IndexesContract.flat("v"));
    refused(ErrorCode.INDEX_NOT_FOUND, () -> database().collections().load(ME, "c", List.of()));
    database().indexes().create(ME, "c", IndexesContract.flat("w"));
    database().collections().load(ME, "c", List.of());
    assertThat(database().collections().loadState(ME, "c", List.of()).state())
        .isEqualTo(LoadInfo.State.LOADED);
  }
}
