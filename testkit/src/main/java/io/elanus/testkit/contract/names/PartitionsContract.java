package io.elanus.testkit.contract.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.info.LoadInfo;
import io.elanus.model.info.PartitionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.Filter;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import io.elanus.testkit.fixture.Batches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Partitions, by hand and by key. */
public interface PartitionsContract extends DatabaseUnderTest {
  private List<Object> keysIn(OpenCollection c, String... partitions) {
    QueryRequest request =
        new QueryRequest(
            c.name(),
            List.of(partitions),
            Filter.of("id >= 0"),
            List.of(),
            QueryRequest.NO_LIMIT,
            0,
            Consistency.STRONG,
            false);
    List<Object> keys = new ArrayList<>();
    Batches.rows(database().rows().query(ME, request).rows())
        .forEach(row -> keys.add(Objects.requireNonNull(row.get("id"))));
    return keys;
  }

  /** Rows 0–2 in the default partition, 10 and 11 in {@code p}, 20 in {@code q}. */
  private OpenCollection parted() {
    OpenCollection c = filled("c", 3);
    database().partitions().create(ME, "c", "p");
    database().partitions().create(ME, "c", "q");
    c.insertInto("p", DatabaseUnderTest.rows(10, 12));
    c.insertInto("q", DatabaseUnderTest.rows(20, 21));
    return c;
  }

  @Test
  default void partitionsAreListedInOrderOfCreation() {
    parted();
    database().partitions().create(ME, "c", "p");
    List<PartitionInfo> all = database().partitions().list(ME, "c");
    assertThat(all).extracting(PartitionInfo::name).containsExactly("_default", "p", "q");
    assertThat(all).extracting(PartitionInfo::rowCount).containsExactly(3L, 2L, 1L);
    assertThat(all).allMatch(PartitionInfo::loaded);
    assertThat(database().partitions().exists(ME, "c", "p")).isTrue();
    assertThat(database().partitions().exists(ME, "c", "none")).isFalse();
    assertThat(database().collections().describe(ME, "c").partitionCount()).isEqualTo(3);
  }

  @Test
  default void readsKeepToThePartitionsNamed() {
    OpenCollection c = parted();
    assertThat(keysIn(c)).containsExactly(0L, 1L, 2L, 10L, 11L, 20L);
    assertThat(keysIn(c, "p")).containsExactly(10L, 11L);
    assertThat(keysIn(c, "_default", "q")).containsExactly(0L, 1L, 2L, 20L);
    assertThat(OpenCollection.keysOf(c.search(c.nearest(10, 0, 1).partitions(List.of("q", "p")))))
        .containsExactly(10L, 11L, 20L);
  }

  @Test
  default void deletesKeepToThePartitionNamed() {
    OpenCollection c = parted();
    database()
        .rows()
        .delete(ME, new DeleteRequest("c", "p", Filter.of("id >= 0"), Consistency.STRONG));
    assertThat(keysIn(c)).containsExactly(0L, 1L, 2L, 20L);
  }

  @Test
  default void aDeleteInOnePartitionLeavesTheKeyInOthers() {
    OpenCollection c = parted();
    c.insertInto("p", DatabaseUnderTest.rows(1, 3));
    database()
        .rows()
        .delete(ME, new DeleteRequest("c", "p", Filter.of("id in [1, 10]"), Consistency.STRONG));
    assertThat(keysIn(c, "_default")).containsExactly(0L, 1L, 2L);
    assertThat(keysIn(c, "p")).containsExactly(2L, 11L);
    assertThat(database().collections().rowCount(ME, "c")).isEqualTo(6);
    c.delete("id == 2");
    assertThat(keysIn(c)).containsExactly(0L, 1L, 11L, 20L);
  }

  @Test
  default void anUpsertMovesARowBetweenPartitions() {
    OpenCollection c = parted();
    c.upsert(DatabaseUnderTest.row(10, 99, 0, 0));
    assertThat(keysIn(c, "p")).containsExactly(11L);
    assertThat(keysIn(c, "_default")).containsExactly(0L, 1L, 2L, 10L);
    assertThat(c.keys("n == 99")).containsExactly(10L);
  }

  @Test
  default void partitionsAreLoadedAndReleasedOneByOne() {
    OpenCollection c = parted();
    database().collections().release(ME, "c", List.of("p"));
    assertThat(keysIn(c)).containsExactly(0L, 1L, 2L, 20L);
    refused(ErrorCode.PARTITION_NOT_LOADED, () -> keysIn(c, "p"));
    assertThat(database().collections().loadState(ME, "c", List.of("p")).state())
        .isEqualTo(LoadInfo.State.NOT_LOADED);
    assertThat(database().collections().loadState(ME, "c", List.of("q")).state())
        .isEqualTo(LoadInfo.State.LOADED);
    database().collections().load(ME, "c", List.of("p"));
    assertThat(keysIn(c, "p")).containsExactly(10L, 11L);
    database().collections().release(ME, "c", List.of());
    database().collections().load(ME, "c", List.of("q"));
    assertThat(keysIn(c)).containsExactly(20L);
  }

  @Test
  default void aDroppedPartitionTakesItsRowsAlong() {
    OpenCollection c = parted();
    refused(ErrorCode.INVALID_ARGUMENT, () -> database().partitions().drop(ME, "c", "p"));
    assertThat(keysIn(c, "p")).containsExactly(10L, 11L);
    database().collections().release(ME, "c", List.of("p"));
    database().partitions().drop(ME, "c", "p");
    database().partitions().drop(ME, "c", "p");
    assertThat(keysIn(c)).containsExactly(0L, 1L, 2L, 20L);
    assertThat(database().collections().rowCount(ME, "c")).isEqualTo(4);
    database().partitions().create(ME, "c", "p");
    assertThat(keysIn(c)).containsExactly(0L, 1L, 2L, 20L);
  }

  @Test
  default void wrongUseOfPartitionsIsRefused() {
    OpenCollection c = parted();
    refused(ErrorCode.PARTITION_NOT_FOUND, () -> keysIn(c, "none"));
    refused(
        ErrorCode.PARTITION_NOT_FOUND, () -> c.insertInto("none", DatabaseUnderTest.rows(30, 31)));
    refused(
        ErrorCode.PARTITION_NOT_FOUND,
        () -> c.search(c.nearest(1, 1, 1).partitions(List.of("none"))));
    refused(
        ErrorCode.PARTITION_NOT_FOUND,
        () -> database().collections().load(ME, "c", List.of("none")));
    refused(ErrorCode.INVALID_ARGUMENT, () -> database().partitions().drop(ME, "c", "_default"));
    for (String bad : List.of("", "1a", "a b", "x".repeat(256))) {
      refused(ErrorCode.INVALID_NAME, () -> database().partitions().create(ME, "c", bad));
    }
    ErrorCode missing = ErrorCode.COLLECTION_NOT_FOUND;
    refused(missing, () -> database().partitions().create(ME, "none", "p"));
    refused(missing, () -> database().partitions().drop(ME, "none", "p"));
    refused(missing, () -> database().partitions().exists(ME, "none", "p"));
    refused(missing, () -> database().partitions().list(ME, "none"));
    assertThat(keysIn(c)).hasSize(6);
    assertThat(database().partitions().list(ME, "c")).hasSize(3);
  }

  // --- partition keys -------------------------------------------------------------------------

  private OpenCollection tenants(int partitions) {
    Field tenant = Field.named("tenant", DataType.VARCHAR).maxLength(10).partitionKey(true).build();
    Schema schema = DatabaseUnderTest.schema("t", false, tenant);
    database()
        .collections()
        .create(ME, new CollectionSpec(schema, Consistency.Level.BOUNDED, Map.of(), partitions, 0));
    database().indexes().create(ME, "t", IndexesContract.flat("v"));
    database().collections().load(ME, "t", List.of());
    return new OpenCollection(database(), ME, schema);
  }

  @Test
  default void aPartitionKeySpreadsRowsAndKeepsEachKeyTogether() {
    OpenCollection c = tenants(8);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      rows.add(Map.of("id", i, "tenant", "t" + i % 20, "v", List.of(i, i)));
    }
    c.insert(rows);
    List<PartitionInfo> parts = database().partitions().list(ME, "t");
    assertThat(parts)
        .hasSize(8)
        .extracting(PartitionInfo::name)
        .contains("_default_0", "_default_7");
    assertThat(parts.stream().mapToLong(PartitionInfo::rowCount).sum()).isEqualTo(200);
    assertThat(parts.stream().filter(p -> p.rowCount() > 0).count()).isGreaterThan(1);
    assertThat(parts).allMatch(p -> p.rowCount() % 10 == 0);
    for (int t = 0; t < 20; t++) {
      assertThat(c.count("tenant == \"t%d\"".formatted(t))).isEqualTo(10);
    }
    var hits = c.search(c.nearest(50, 3, 3).filter(Filter.of("tenant in [\"t3\", \"t4\"]")));
    assertThat(hits).hasSize(20).first().extracting(h -> h.key()).isEqualTo(3L);
    c.upsert(Map.of("id", 3, "tenant", "t4", "v", List.of(3, 3)));
    assertThat(c.count("tenant == \"t3\"")).isEqualTo(9);
    assertThat(c.count("id == 3")).isEqualTo(1);
  }

  @Test
  default void partitionsOfAKeyAreNotHandledByHand() {
    OpenCollection c = tenants(0);
    assertThat(database().partitions().list(ME, "t")).hasSize(16);
    refused(ErrorCode.INVALID_ARGUMENT, () -> database().partitions().create(ME, "t", "p"));
    refused(ErrorCode.INVALID_ARGUMENT, () -> database().partitions().drop(ME, "t", "_default_1"));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            c.insertInto(
                "_default_1", List.of(Map.of("id", 1, "tenant", "a", "v", List.of(1, 1)))));
    assertThat(c.count("")).isZero();
    Field tenant = Field.named("k", DataType.INT64).partitionKey(true).build();
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            database()
                .collections()
                .create(
                    ME,
                    new CollectionSpec(
                        DatabaseUnderTest.schema("u", false, tenant),
                        Consistency.Level.BOUNDED,
                        Map.of(),
                        5_000,
                        0)));
    assertThat(database().collections().exists(ME, "u")).isFalse();
  }
}
