package io.elanus.testkit.contract.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Filter;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.Ranker;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import io.elanus.testkit.contract.OpenCollection.Found;
import io.elanus.testkit.fixture.Batches;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Searches over two vector fields, fused, with scores worked out by hand. */
public interface HybridSearchContract extends DatabaseUnderTest {
  /**
   * By {@code v} under this metric from (0,0)/(1,0): keys 1, 2, 3; by {@code w} (IP) from (1,0,0):
   * keys 3, 1, 2 with products 3, 2, 1.
   */
  private OpenCollection two(Metric metric) {
    Field n = Field.named("n", DataType.INT64).build();
    Field w = Field.named("w", DataType.FLOAT_VECTOR).dim(3).build();
    var schema = DatabaseUnderTest.schema("c", false, n, w);
    database().collections().create(ME, OpenCollection.spec(schema));
    database()
        .indexes()
        .create(ME, "c", new IndexSpec("v", "", "FLAT", metric, Map.of(), Map.of()));
    database()
        .indexes()
        .create(ME, "c", new IndexSpec("w", "", "FLAT", Metric.IP, Map.of(), Map.of()));
    database().collections().load(ME, "c", List.of());
    OpenCollection c = new OpenCollection(database(), ME, schema);
    c.insert(
        Map.of("id", 1, "n", 10, "v", List.of(1, 0), "w", List.of(2, 0, 0)),
        Map.of("id", 2, "n", 20, "v", List.of(1, 1), "w", List.of(1, 0, 0)),
        Map.of("id", 3, "n", 30, "v", List.of(0, 2), "w", List.of(3, 0, 0)));
    return c;
  }

  private static HybridSearchRequest request(
      Ranker ranker, int limit, int offset, SearchRequest.Builder... searches) {
    return new HybridSearchRequest(
        "c",
        List.of(),
        java.util.Arrays.stream(searches).map(SearchRequest.Builder::build).toList(),
        ranker,
        limit,
        offset,
        List.of("n"),
        Consistency.STRONG,
        -1);
  }

  private List<Found> fused(HybridSearchRequest request) {
    return OpenCollection.found(database().rows().hybridSearch(ME, request));
  }

  private static void expect(List<Found> found, List<Object> keys, double... scores) {
    assertThat(OpenCollection.keysOf(found)).isEqualTo(keys);
    for (int i = 0; i < scores.length; i++) {
      assertThat((double) found.get(i).score()).as("score " + i).isCloseTo(scores[i], within(1e-6));
    }
  }

  private static SearchRequest.Builder byV(OpenCollection c, int limit) {
    return c.nearest(limit, 1, 0).vectorField("v");
  }

  private static SearchRequest.Builder byW(OpenCollection c, int limit) {
    return c.nearest(limit, 1, 0, 0).vectorField("w");
  }

  @Test
  default void ranksAreFusedReciprocally() {
    OpenCollection c = two(Metric.L2);
    List<Found> found = fused(request(new Ranker.Rrf(60), 3, 0, byV(c, 3), byW(c, 3)));
    expect(
        found, List.of(1L, 3L, 2L), 1 / 61.0 + 1 / 62.0, 1 / 63.0 + 1 / 61.0, 1 / 62.0 + 1 / 63.0);
    assertThat(found.getFirst().row()).isEqualTo(Map.of("n", 10L));
    expect(
        fused(request(new Ranker.Rrf(1), 2, 1, byV(c, 3), byW(c, 1))),
        List.of(1L, 2L),
        1 / 2.0,
        1 / 3.0);
  }

  @Test
  default void scoresAreWeightedAsTheyAre() {
    OpenCollection c = two(Metric.IP);
    // v: products 1, 1, 0; w: products 2, 1, 3.
    List<Found> found =
        fused(request(new Ranker.Weighted(List.of(0.5, 0.25), false), 3, 0, byV(c, 3), byW(c, 3)));
    expect(found.subList(0, 1), List.of(1L), 1.0);
    assertThat(OpenCollection.keysOf(found)).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat((double) found.get(1).score()).isCloseTo(0.75, within(1e-6));
    assertThat((double) found.get(2).score()).isCloseTo(0.75, within(1e-6));
  }

  @Test
  default void scoresAreNormalizedByArctanOnDemand() {
    OpenCollection c = two(Metric.L2);
    // v: distances 0, 1, 5; w: products 2, 1, 3.
    Ranker ranker = new Ranker.Weighted(List.of(0.6, 0.4), true);
    List<Found> found = fused(request(ranker, 3, 0, byV(c, 3), byW(c, 3)));
    double one = 0.6 * l2(0) + 0.4 * ip(2);
    double two = 0.6 * l2(1) + 0.4 * ip(1);
    double three = 0.6 * l2(5) + 0.4 * ip(3);
    expect(found, List.of(1L, 2L, 3L), one, two, three);
    database().collections().drop(ME, "c");
    OpenCollection cosine = two(Metric.COSINE);
    found = fused(request(ranker, 3, 0, byV(cosine, 3), byW(cosine, 3)));
    expect(
        found,
        List.of(1L, 2L, 3L),
        0.6 * (1 + 1) / 2 + 0.4 * ip(2),
        0.6 * (1 + Math.sqrt(0.5)) / 2 + 0.4 * ip(1),
        0.6 * 0.5 + 0.4 * ip(3));
  }

  private static double l2(double distance) {
    return 1 - 2 * Math.atan(distance) / Math.PI;
  }

  private static double ip(double product) {
    return 0.5 + Math.atan(product) / Math.PI;
  }

  @Test
  default void eachSearchHasItsOwnFilterLimitAndQueries() {
    OpenCollection c = two(Metric.L2);
    expect(
        fused(request(new Ranker.Rrf(60), 3, 0, byV(c, 1), byW(c, 3).filter(Filter.of("n == 20")))),
        List.of(1L, 2L),
        1 / 61.0,
        1 / 61.0);
    Column.FloatVectors v = Batches.queries(new float[] {1, 0}, new float[] {0, 2});
    Column.FloatVectors w = Batches.queries(new float[] {1, 0, 0}, new float[] {-1, 0, 0});
    SearchResult result =
        database()
            .rows()
            .hybridSearch(
                ME,
                request(
                    new Ranker.Rrf(60),
                    1,
                    0,
                    SearchRequest.of("c", v, 3).vectorField("v"),
                    SearchRequest.of("c", w, 3).vectorField("w")));
    assertThat(result.hitCounts()).containsExactly(1, 1);
    assertThat(OpenCollection.found(result).getFirst().key()).isEqualTo(1L);
  }

  @Test
  default void wrongHybridSearchesAreRefused() {
    OpenCollection c = two(Metric.L2);
    ErrorCode invalid = ErrorCode.INVALID_ARGUMENT;
    Ranker rrf = new Ranker.Rrf(60);
    refused(invalid, () -> fused(request(rrf, 3, 0)));
    refused(invalid, () -> fused(request(rrf, 16_385, 0, byV(c, 3))));
    refused(invalid, () -> fused(request(rrf, 0, 0, byV(c, 3))));
    refused(invalid, () -> fused(request(rrf, 3, 0, byV(c, 3).vectorField(""))));
    refused(invalid, () -> fused(request(rrf, 3, 0, byV(c, 3), byW(c, 3).vectorField("v"))));
    SearchRequest.Builder pairs =
        SearchRequest.of("c", new Column.FloatVectors(2, new float[4]), 3).vectorField("v");
    refused(invalid, () -> fused(request(rrf, 3, 0, pairs, byW(c, 3))));
    refused(
        ErrorCode.FIELD_NOT_FOUND, () -> fused(request(rrf, 3, 0, byV(c, 3).vectorField("none"))));
    refused(
        ErrorCode.INVALID_EXPRESSION,
        () -> fused(request(rrf, 3, 0, byV(c, 3).filter(Filter.of("none > 1")))));
    refused(
        invalid,
        () -> fused(request(rrf, 3, 0, byV(c, 3).iterator(new SearchRequest.Page(1, null, "")))));
  }

  @Test
  default void rankersMustFitTheSearches() {
    OpenCollection c = two(Metric.L2);
    List<Ranker> bad =
        List.of(
            new Ranker.Rrf(0),
            new Ranker.Rrf(-1),
            new Ranker.Rrf(16_384),
            new Ranker.Rrf(Double.NaN),
            new Ranker.Weighted(List.of(), true),
            new Ranker.Weighted(List.of(0.5), true),
            new Ranker.Weighted(List.of(0.5, 0.5, 0.5), true),
            new Ranker.Weighted(List.of(0.5, 1.5), true),
            new Ranker.Weighted(List.of(-0.5, 0.5), true),
            new Ranker.Weighted(List.of(0.5, Double.NaN), true));
    for (Ranker ranker : bad) {
      refused(ErrorCode.INVALID_ARGUMENT, () -> fused(request(ranker, 3, 0, byV(c, 3), byW(c, 3))));
    }
  }
}
