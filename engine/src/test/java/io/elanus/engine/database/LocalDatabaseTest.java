package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.Filter;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.Ranker;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.store.catalog.SqliteCatalog;
import io.elanus.store.log.LocalLogFiles;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.time.HybridTimestamps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The local database through its doors, on a real folder. */
class LocalDatabaseTest {
  private static final Caller ME = Caller.SYSTEM;

  @TempDir Path folder;
  private final ExecutorService search = Executors.newFixedThreadPool(2);
  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private SqliteCatalog catalog;
  private LocalDatabase database;

  @BeforeEach
  void open() {
    catalog = SqliteCatalog.open(folder.resolve("catalog.db"));
    Stores stores =
        new Stores(
            catalog,
            new LocalObjects(folder.resolve("objects")),
            new FolderLogs(folder.resolve("log"), 1 << 20, LocalLogFiles::new),
            new HybridTimestamps(InstantSource.system(), catalog));
    database =
        LocalDatabase.open(
            stores,
            new LocalDatabase.Setup(
                search, background, InstantSource.system(), WriteConfig.DEFAULT));
  }

  @AfterEach
  void close() {
    database.close();
    catalog.close();
    search.shutdownNow();
    background.shutdownNow();
  }

  private void reopen() {
    database.close();
    catalog.close();
    open();
  }

  private static CollectionSpec spec(String name) {
    Schema schema =
        new Schema(
            name,
            "",
            List.of(
                Field.named("id", DataType.INT64).primaryKey(true).build(),
                Field.named("n", DataType.INT32).build(),
                Field.named("v", DataType.FLOAT_VECTOR).dim(2).build()),
            true,
            0);
    return new CollectionSpec(schema, Consistency.Level.BOUNDED, Map.of(), 0, 0);
  }

  private void fill(String name, int rows) {
    database.collections().create(ME, spec(name));
    database
        .indexes()
        .create(ME, name, new IndexSpec("v", "", "HNSW", Metric.L2, Map.of(), Map.of()));
    database.collections().load(ME, name, List.of());
    insert(name, 0, rows);
  }

  private void insert(String name, int from, int rows) {
    float[] vectors = new float[2 * rows];
    List<Long> keys = LongStream.range(from, from + rows).boxed().toList();
    for (int i = 0; i < rows; i++) {
      vectors[2 * i] = from + i;
    }
    Map<String, Column> columns = new HashMap<>();
    columns.put("id", Columns.keys(DataType.INT64, keys));
    columns.put(
        "n",
        new Column.Longs(
            DataType.INT32, LongStream.range(from, from + rows).map(k -> k % 10).toArray(), null));
    columns.put("v", new Column.FloatVectors(2, vectors));
    database.rows().insert(ME, new InsertRequest(name, "", new RowBatch(rows, columns)));
  }

  private static QueryRequest query(String name, String filter, String... output) {
    return new QueryRequest(
        name, List.of(), Filter.of(filter), List.of(output), 10_000, 0, Consistency.STRONG, false);
  }

  private long count(String name, String filter) {
    QueryRequest request =
        new QueryRequest(
            name,
            List.of(),
            Filter.of(filter),
            List.of(QueryRequest.COUNT),
            QueryRequest.NO_LIMIT,
            0,
            Consistency.STRONG,
            false);
    return (Long) database.rows().query(ME, request).rows().require(QueryRequest.COUNT).get(0);
  }

  private static SearchRequest.Builder near(String name, float x, int limit) {
    return SearchRequest.of(name, new Column.FloatVectors(2, new float[] {x, 0}), limit);
  }

  private static List<Long> ids(SearchResult result) {
    return java.util.Arrays.stream(((Column.Longs) result.ids()).values()).boxed().toList();
  }

  private static void refused(ErrorCode code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(ElanusException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void keepsEverythingAcrossRestarts() {
    fill("c", 2_000);
    database.aliases().create(ME, "a", "c");
    database.jobs().flush(ME, "c");
    insert("c", 2_000, 500);
    database.rows().delete(ME, new DeleteRequest("c", "", Filter.of("n == 3"), Consistency.STRONG));
    for (int i = 0; i < 2; i++) {
      assertThat(count("a", "")).isEqualTo(2_250);
      assertThat(count("a", "n == 3")).isZero();
      SearchResult found = database.rows().search(ME, near("c", 2_100.2f, 3).build());
      assertThat(ids(found)).containsExactly(2_100L, 2_101L, 2_099L);
      assertThat(found.scores()[0]).isCloseTo(0.04f, org.assertj.core.data.Offset.offset(0.001f));
      reopen();
    }
  }

  @Test
  void searchesByRangeOffsetAndPage() {
    fill("c", 300);
    SearchRequest ranged = near("c", 100, 50).range(new SearchRequest.Range(9.5f, 1f)).build();
    assertThat(ids(database.rows().search(ME, ranged)))
        .containsExactly(99L, 101L, 98L, 102L, 97L, 103L);
    assertThat(ids(database.rows().search(ME, near("c", 100, 2).offset(1).build())))
        .containsExactly(99L, 101L);
    Set<Long> seen = new java.util.HashSet<>();
    Float last = null;
    String token = "";
    while (true) {
      SearchRequest page =
          near("c", 100, 7).iterator(new SearchRequest.Page(7, last, token)).build();
      SearchResult found = database.rows().search(ME, page);
      if (ids(found).isEmpty()) {
        break;
      }
      for (long id : ids(found)) {
        assertThat(seen.add(id)).isTrue();
      }
      last = found.page().lastBound();
      token = found.page().token();
    }
    assertThat(seen).hasSize(300);
  }

  @Test
  void fusesSearches() {
    fill("c", 100);
    SearchRequest first = near("c", 10, 5).build();
    SearchRequest second = near("c", 12, 5).build();
    HybridSearchRequest hybrid =
        new HybridSearchRequest(
            "c",
            List.of(),
            List.of(first, second),
            new Ranker.Rrf(60),
            3,
            0,
            List.of("n"),
            Consistency.STRONG,
            -1);
    SearchResult fused = database.rows().hybridSearch(ME, hybrid);
    // Ranks: 10, 9, 11, 8, 12 and 12, 11, 13, 10, 14.
    assertThat(ids(fused)).containsExactly(10L, 11L, 12L);
    assertThat(fused.scores()[0])
        .isCloseTo(1 / 61f + 1 / 64f, org.assertj.core.data.Offset.offset(1e-6f));
    assertThat(fused.fields().require("n").get(0)).isEqualTo(0L);
  }

  @Test
  void refusesWithTheRightCodeAndChangesNothing() {
    fill("c", 10);
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> count("nothing", ""));
    refused(ErrorCode.INVALID_EXPRESSION, () -> count("c", "n == \"x\""));
    refused(ErrorCode.INVALID_EXPRESSION, () -> count("c", "(".repeat(70_000) + "n"));
    refused(
        ErrorCode.INVALID_ARGUMENT, () -> database.rows().search(ME, near("c", 1, 16_385).build()));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () -> database.rows().search(ME, near("c", 1, 1).metric(Metric.IP).build()));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            database.rows().delete(ME, new DeleteRequest("c", "", Filter.ALL, Consistency.STRONG)));
    refused(ErrorCode.INVALID_NAME, () -> database.collections().create(ME, spec("1c")));
    refused(
        ErrorCode.INDEX_CONFLICT,
        () ->
            database
                .indexes()
                .create(ME, "c", new IndexSpec("v", "", "FLAT", Metric.L2, Map.of(), Map.of())));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> database.collections().list(Caller.in("none")));
    database.collections().release(ME, "c", List.of());
    refused(ErrorCode.COLLECTION_NOT_LOADED, () -> count("c", ""));
    database.collections().load(ME, "c", List.of());
    assertThat(count("c", "")).isEqualTo(10);
  }

  @Test
  void setsADamagedCollectionAsideAndServesTheOthers() throws IOException {
    fill("bad", 100);
    fill("good", 100);
    long bad = database.collections().describe(ME, "bad").id();
    database.jobs().flush(ME, "bad");
    database.close();
    catalog.close();
    try (Stream<Path> files = Files.walk(folder.resolve("objects/collection/" + bad))) {
      Path data = files.filter(f -> f.endsWith("data.arrow")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(data);
      Files.write(data, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    }
    open();
    assertThat(database.damaged()).hasSize(1);
    assertThat(count("good", "")).isEqualTo(100);
    refused(ErrorCode.DATA_CORRUPT, () -> count("bad", ""));
    database.collections().drop(ME, "bad");
    assertThat(database.damaged()).isEmpty();
  }

  @Test
  void pagesQueriesByKey() {
    fill("c", 50);
    QueryRequest page =
        new QueryRequest(
            "c", List.of(), Filter.of("n < 5"), List.of("n"), 3, 2, Consistency.STRONG, false);
    Column.Longs found = (Column.Longs) database.rows().query(ME, page).rows().require("id");
    assertThat(found.values()).containsExactly(2, 3, 4);
    assertThat(database.rows().query(ME, query("c", "id in [7, 9]", "*")).rows().size())
        .isEqualTo(2);
  }
}
