package io.elanus.testkit.contract.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Filter;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.Ranker;
import io.elanus.model.query.SearchParams;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import io.elanus.testkit.contract.OpenCollection.Found;
import io.elanus.testkit.fixture.Batches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sparse vectors, in memory and on disk, alone and beside dense ones, with scores by hand. */
public interface SparseSearchContract extends DatabaseUnderTest {
  long LAST = 0xFFFF_FFFEL;

  private OpenCollection sparse(String type) {
    Field s = Field.named("s", DataType.SPARSE_FLOAT_VECTOR).build();
    var schema = DatabaseUnderTest.schema("c", false, s);
    database().collections().create(ME, OpenCollection.spec(schema));
    index("v", "FLAT", Metric.L2, Map.of());
    index("s", type, null, Map.of());
    database().collections().load(ME, "c", List.of());
    return new OpenCollection(database(), ME, schema);
  }

  private void index(
      String field,
      String type,
      @org.jspecify.annotations.Nullable Metric metric,
      Map<String, String> params) {
    database().indexes().create(ME, "c", new IndexSpec(field, "", type, metric, params, Map.of()));
  }

  private static Map<String, Object> row(int id, double... entries) {
    return Map.of("id", id, "v", List.of(id, 0), "s", Batches.sparse(entries));
  }

  private static void fill(OpenCollection c) {
    c.insert(
        row(1, 1, 0.5, 7, 2),
        row(2),
        row(3, 7, 1, LAST, 4),
        row(4, 1, 0.25),
        row(5, 2, 9),
        row(6, 1, 0));
  }

  private static SearchRequest.Builder by(int limit, double... entries) {
    return SearchRequest.of("c", Batches.queries(Batches.sparse(entries)), limit)
        .vectorField("s")
        .outputFields(List.of("s"))
        .consistency(Consistency.STRONG);
  }

  private void onDisk() {
    database().jobs().flush(ME, "c");
  }

  private static void expect(List<Found> found, List<Object> keys, double... scores) {
    assertThat(OpenCollection.keysOf(found)).isEqualTo(keys);
    for (int i = 0; i < scores.length; i++) {
      assertThat((double) found.get(i).score()).as("score " + i).isCloseTo(scores[i], within(1e-6));
    }
  }

  @Test
  default void findsRowsThatShareADimensionByTheirProduct() {
    OpenCollection c = sparse("SPARSE_INVERTED_INDEX");
    fill(c);
    for (int round = 0; round < 3; round++) {
      List<Found> found = c.search(by(10, 1, 2, 7, 1, LAST, 0.5));
      expect(found, List.of(1L, 3L, 4L), 3, 3, 0.5);
      assertThat(found.get(1).row()).isEqualTo(Map.of("s", Batches.sparse(7, 1, LAST, 4)));
      expect(c.search(by(1, LAST, 1)), List.of(3L), 4);
      assertThat(c.search(by(10, 3, 1))).isEmpty();
      assertThat(c.search(by(10))).as("a query without entries").isEmpty();
      expect(c.search(by(10, 1, 2, 7, 1).filter(Filter.of("id > 1"))), List.of(3L, 4L), 1, 0.5);
      if (round == 0) {
        onDisk();
      } else {
        reopen();
        c = c.on(database());
        database().collections().load(ME, "c", List.of());
      }
    }
  }

  @Test
  default void rowsWithoutEntriesAreKeptAndNeverFound() {
    OpenCollection c = sparse("AUTOINDEX");
    fill(c);
    onDisk();
    assertThat(c.query("id == 2", "s"))
        .isEqualTo(List.of(Map.of("id", 2L, "s", SparseVector.EMPTY)));
    assertThat(OpenCollection.keysOf(c.search(c.nearest(6, 0, 0).vectorField("v")))).hasSize(6);
    c.upsert(row(2, 1, 8), row(1));
    expect(c.search(by(10, 1, 1)), List.of(2L, 4L), 8, 0.25);
    c.delete("id == 2");
    expect(c.search(by(10, 1, 1)), List.of(4L), 0.25);
  }

  @Test
  default void theSmallestEntriesOfAQueryCanBeDropped() {
    OpenCollection c = sparse("SPARSE_WAND");
    fill(c);
    SearchParams half = new SearchParams(Map.of("drop_ratio_search", "0.5"));
    expect(c.search(by(10, 1, 2, 7, 1).params(half)), List.of(1L, 4L), 1, 0.5);
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () -> c.search(by(10, 1, 2).params(new SearchParams(Map.of("drop_ratio_search", "1")))));
  }

  @Test
  default void scoresOutsideTheRangeAreLeftOut() {
    OpenCollection c = sparse("SPARSE_INVERTED_INDEX");
    fill(c);
    SearchRequest.Builder request = by(10, 1, 2, 7, 1, LAST, 0.25);
    expect(c.search(request), List.of(1L, 3L, 4L), 3, 2, 0.5);
    expect(c.search(request.range(new SearchRequest.Range(0.5f, null))), List.of(1L, 3L));
    expect(c.search(request.range(new SearchRequest.Range(0.4f, 2f))), List.of(3L, 4L));
  }

  @Test
  default void pagesHoldEveryHitOnce() {
    OpenCollection c = sparse("SPARSE_INVERTED_INDEX");
    List<Map<String, ?>> rows = new ArrayList<>();
    for (int id = 1; id <= 60; id++) {
      rows.add(row(id, 1, id / 3, 2, 1));
    }
    c.insert(rows);
    onDisk();
    List<Object> keys = new ArrayList<>();
    SearchRequest.Page page = new SearchRequest.Page(7, null, "");
    while (true) {
      SearchResult result = database().rows().search(ME, by(7, 1, 1).iterator(page).build());
      if (result.scores().length == 0) {
        break;
      }
      OpenCollection.found(result).forEach(f -> keys.add(f.key()));
      SearchResult.NextPage next = java.util.Objects.requireNonNull(result.page());
      page = new SearchRequest.Page(7, next.lastBound(), next.token());
    }
    // Rows 1 and 2 have a zero where the query asks.
    assertThat(keys).hasSize(58).doesNotHaveDuplicates();
  }

  @Test
  default void sparseAndDenseSearchesAreFused() {
    OpenCollection c = sparse("SPARSE_INVERTED_INDEX");
    fill(c);
    SearchRequest.Builder dense = c.nearest(3, 4, 0).vectorField("v");
    SearchRequest.Builder sparse = by(3, 1, 2, 7, 1);
    // v: 4, then 3 and 5 as far; s: 1 (3), 3 (1), 4 (0.5).
    List<Found> ranked = fused(new Ranker.Rrf(60), dense, sparse);
    assertThat(ranked.getFirst().key()).isEqualTo(4L);
    assertThat((double) ranked.getFirst().score()).isCloseTo(1 / 61.0 + 1 / 63.0, within(1e-6));
    List<Found> weighted = fused(new Ranker.Weighted(List.of(0.0, 1.0), false), dense, sparse);
    expect(weighted.subList(0, 3), List.of(1L, 3L, 4L), 3, 1, 0.5);
  }

  private List<Found> fused(Ranker ranker, SearchRequest.Builder... searches) {
    HybridSearchRequest request =
        new HybridSearchRequest(
            "c",
            List.of(),
            java.util.Arrays.stream(searches).map(SearchRequest.Builder::build).toList(),
            ranker,
            6,
            0,
            List.of("s"),
            Consistency.STRONG,
            -1);
    return OpenCollection.found(database().rows().hybridSearch(ME, request));
  }

  @Test
  default void badEntriesAreRefused() {
    OpenCollection c = sparse("SPARSE_INVERTED_INDEX");
    List<SparseVector> bad =
        List.of(
            Batches.sparse(3, 1, 3, 1),
            Batches.sparse(3, 1, 2, 1),
            Batches.sparse(LAST + 1, 1),
            Batches.sparse(LAST, 1, 3, 1),
            Batches.sparse(1, Double.NaN),
            Batches.sparse(1, Double.POSITIVE_INFINITY),
            Batches.sparse(1, -1));
    for (SparseVector vector : bad) {
      refused(
          ErrorCode.INVALID_ROWS, () -> c.insert(Map.of("id", 1, "v", List.of(1, 0), "s", vector)));
      SearchRequest.Builder query =
          SearchRequest.of("c", Batches.queries(vector), 1).vectorField("s");
      refused(ErrorCode.INVALID_ARGUMENT, () -> c.search(query));
    }
    assertThat(c.count("")).isZero();
    refused(ErrorCode.INVALID_ARGUMENT, () -> c.search(c.nearest(1, 1, 0).vectorField("s")));
    refused(ErrorCode.INVALID_ARGUMENT, () -> c.search(by(1, 1, 1).vectorField("v")));
  }

  @Test
  default void aSparseFieldHasNoDimensionAndItsOwnIndexes() {
    Field dim = Field.named("s", DataType.SPARSE_FLOAT_VECTOR).dim(8).build();
    refused(
        ErrorCode.INVALID_SCHEMA,
        () ->
            database()
                .collections()
                .create(ME, OpenCollection.spec(DatabaseUnderTest.schema("d", false, dim))));
    sparse("SPARSE_INVERTED_INDEX");
    assertThat(database().indexes().describe(ME, "c", "s").getFirst().spec().metric())
        .isEqualTo(Metric.IP);
    database().collections().release(ME, "c", List.of());
    database().indexes().drop(ME, "c", "s");
    refused(ErrorCode.INDEX_NOT_SUPPORTED, () -> index("s", "HNSW", Metric.IP, Map.of()));
    refused(
        ErrorCode.INVALID_ARGUMENT, () -> index("s", "SPARSE_INVERTED_INDEX", Metric.L2, Map.of()));
    refused(
        ErrorCode.INDEX_NOT_SUPPORTED,
        () -> {
          database().indexes().drop(ME, "c", "v");
          index("v", "SPARSE_INVERTED_INDEX", Metric.IP, Map.of());
        });
  }
}
