package io.elanus.testkit.contract.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.elanus.model.query.Filter;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchRequest.Range;
import io.elanus.model.query.SearchResult;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import io.elanus.testkit.contract.OpenCollection.Found;
import io.elanus.testkit.fixture.Batches;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nearest neighbours, exactly. */
public interface SearchContract extends DatabaseUnderTest {
  /** The points (1,0) (2,0) (0,1) (−1,0) (3,4) by keys 1–5, half of them sealed. */
  private OpenCollection points(Metric metric) {
    OpenCollection c = open(DatabaseUnderTest.plain("c"), metric);
    c.insert(
        DatabaseUnderTest.row(1, 10, 1, 0),
        DatabaseUnderTest.row(2, 20, 2, 0),
        DatabaseUnderTest.row(3, 30, 0, 1));
    database().jobs().flush(ME, "c");
    c.insert(DatabaseUnderTest.row(4, 40, -1, 0), DatabaseUnderTest.row(5, 50, 3, 4));
    return c;
  }

  private static void expect(List<Found> found, List<Object> keys, double... scores) {
    assertThat(OpenCollection.keysOf(found)).isEqualTo(keys);
    for (int i = 0; i < scores.length; i++) {
      assertThat((double) found.get(i).score()).as("score " + i).isCloseTo(scores[i], within(1e-5));
    }
  }

  @Test
  default void squaredDistancesComeSmallestFirst() {
    OpenCollection c = points(Metric.L2);
    expect(
        c.search(c.nearest(9, 2, 0.5f)),
        List.of(2L, 1L, 3L, 4L, 5L),
        0.25,
        1.25,
        4.25,
        9.25,
        13.25);
    expect(c.search(c.nearest(2, 3, 4)), List.of(5L, 2L), 0, 17);
  }

  @Test
  default void innerProductsComeLargestFirst() {
    OpenCollection c = points(Metric.IP);
    expect(c.search(c.nearest(9, 1, 0.5f)), List.of(5L, 2L, 1L, 3L, 4L), 5, 2, 1, 0.5, -1);
  }

  @Test
  default void cosinesComeLargestFirst() {
    OpenCollection c = points(Metric.COSINE);
    List<Found> found = c.search(c.nearest(9, 10, 1));
    double length = Math.sqrt(101);
    expect(found.subList(2, 5), List.of(5L, 3L, 4L), 34 / (5 * length), 1 / length, -10 / length);
    assertThat(OpenCollection.keysOf(found.subList(0, 2))).containsExactlyInAnyOrder(1L, 2L);
    assertThat((double) found.getFirst().score()).isCloseTo(10 / length, within(1e-5));
  }

  @Test
  default void severalQueriesAreAnsweredInOrder() {
    OpenCollection c = points(Metric.L2);
    SearchRequest request =
        SearchRequest.of(
                "c",
                Batches.queries(new float[] {3, 4}, new float[] {-1, 0}, new float[] {2, 0}),
                2)
            .consistency(io.elanus.model.query.Consistency.STRONG)
            .outputFields(List.of("n"))
            .build();
    SearchResult result = database().rows().search(ME, request);
    assertThat(result.hitCounts()).containsExactly(2, 2, 2);
    assertThat(result.limit()).isEqualTo(2);
    List<Found> found = OpenCollection.found(result);
    assertThat(OpenCollection.keysOf(found)).startsWith(5L, 2L, 4L).endsWith(2L, 1L);
    assertThat(found.get(2).row()).isEqualTo(Map.of("n", 40L));
  }

  @Test
  default void limitAndOffsetCutAWindow() {
    OpenCollection c = points(Metric.L2);
    expect(c.search(c.nearest(2, 2, 0.5f).offset(1)), List.of(1L, 3L));
    expect(c.search(c.nearest(5, 2, 0.5f).offset(3)), List.of(4L, 5L));
    expect(c.search(c.nearest(5, 2, 0.5f).offset(5)), List.of());
  }

  @Test
  default void onlyRowsThatPassTheFilterAreFound() {
    OpenCollection c = points(Metric.L2);
    expect(
        c.search(c.nearest(2, 2, 0.5f).filter(Filter.of("n != 20 and n < 50"))), List.of(1L, 3L));
    expect(c.search(c.nearest(2, 2, 0.5f).filter(Filter.of("n == 50"))), List.of(5L));
    SearchResult none =
        database().rows().search(ME, c.nearest(2, 2, 0.5f).filter(Filter.of("n > 99")).build());
    assertThat(none.hitCounts()).containsExactly(0);
    assertThat(none.scores()).isEmpty();
    assertThat(none.ids().size()).isZero();
    assertThat(none.primaryField()).isEqualTo("id");
  }

  @Test
  default void anEmptyCollectionAnswersNothing() {
    OpenCollection c = open(DatabaseUnderTest.plain("c"));
    assertThat(c.search(c.nearest(3, 1, 1))).isEmpty();
    c.insert(DatabaseUnderTest.row(1, 1, 1, 1));
    c.delete("id == 1");
    assertThat(c.search(c.nearest(3, 1, 1))).isEmpty();
  }

  @Test
  default void hitsBringTheFieldsAskedFor() {
    OpenCollection c = points(Metric.L2);
    assertThat(c.search(c.nearest(1, 3, 4)).getFirst().row()).isEmpty();
    assertThat(c.search(c.nearest(1, 3, 4).outputFields(List.of("n", "v"))).getFirst().row())
        .isEqualTo(Map.of("n", 50L, "v", List.of(3f, 4f)));
    assertThat(c.search(c.nearest(1, 3, 4).outputFields(List.of("*"))).getFirst().row())
        .isEqualTo(Map.of("id", 5L, "n", 50L, "v", List.of(3f, 4f)));
  }

  @Test
  default void scoresAreRoundedOnDemand() {
    OpenCollection c = points(Metric.COSINE);
    float cosine = c.search(c.nearest(1, 1, 1).filter(Filter.of("id == 1"))).getFirst().score();
    assertThat(cosine).isCloseTo(0.70710f, within(1e-4f));
    assertThat(
            c.search(c.nearest(1, 1, 1).filter(Filter.of("id == 1")).roundDecimal(2))
                .getFirst()
                .score())
        .isEqualTo(0.71f);
    assertThat(
            c.search(c.nearest(1, 1, 1).filter(Filter.of("id == 1")).roundDecimal(0))
                .getFirst()
                .score())
        .isEqualTo(1f);
  }

  @Test
  default void rangesOfDistanceIncludeTheNearBoundOnly() {
    OpenCollection c = points(Metric.L2);
    // Distances of (1,0): 0, 1, 2, 4, 20 for keys 1, 2, 3, 4, 5.
    expect(c.search(c.nearest(9, 1, 0).range(new Range(4f, null))), List.of(1L, 2L, 3L));
    expect(c.search(c.nearest(9, 1, 0).range(new Range(4.5f, null))), List.of(1L, 2L, 3L, 4L));
    expect(c.search(c.nearest(9, 1, 0).range(new Range(20f, 1f))), List.of(2L, 3L, 4L));
    expect(c.search(c.nearest(1, 1, 0).range(new Range(20f, 1.5f))), List.of(3L));
    expect(c.search(c.nearest(9, 1, 0).range(new Range(0f, null))), List.of());
  }

  @Test
  default void rangesOfSimilarityIncludeTheNearBoundOnly() {
    OpenCollection ip = points(Metric.IP);
    // Products with (1,0): 1, 2, 0, −1, 3 for keys 1, 2, 3, 4, 5.
    expect(ip.search(ip.nearest(9, 1, 0).range(new Range(0f, null))), List.of(5L, 2L, 1L));
    expect(ip.search(ip.nearest(9, 1, 0).range(new Range(0f, 2f))), List.of(2L, 1L));
    expect(ip.search(ip.nearest(9, 1, 0).range(new Range(-5f, 0f))), List.of(3L, 4L));
    database().collections().drop(ME, "c");
    OpenCollection cosine = points(Metric.COSINE);
    expect(cosine.search(cosine.nearest(9, 0, 1).range(new Range(0.5f, null))), List.of(3L, 5L));
    expect(cosine.search(cosine.nearest(9, 0, 1).range(new Range(0.5f, 0.9f))), List.of(5L));
  }

  /** Many rows of one key hide others of their segment, whatever other segments answer. */
  @Test
  default void aKeyInsertedManyTimesHidesNoOther() {
    OpenCollection c = open(DatabaseUnderTest.plain("c"));
    for (int i = 0; i < 6; i++) {
      c.insert(DatabaseUnderTest.row(1, 10, i / 10.0, 0));
    }
    c.insert(DatabaseUnderTest.row(2, 20, 1, 0));
    database().jobs().flush(ME, "c");
    c.insert(
        DatabaseUnderTest.row(3, 30, 2, 0),
        DatabaseUnderTest.row(4, 40, 3, 0),
        DatabaseUnderTest.row(5, 50, 4, 0));
    expect(c.search(c.nearest(3, 0, 0)), List.of(1L, 2L, 3L), 0, 1, 4);
    expect(c.search(c.nearest(9, 0, 0)), List.of(1L, 2L, 3L, 4L, 5L), 0, 1, 4, 9, 16);
  }

  @Test
  default void eachVectorFieldIsSearchedByItself() {
    Field second = Field.named("w", DataType.FLOAT_VECTOR).dim(3).build();
    OpenCollection c = open(DatabaseUnderTest.schema("c", false, second));
    c.insert(
        Map.of("id", 1, "v", List.of(0, 0), "w", List.of(5, 5, 5)),
        Map.of("id", 2, "v", List.of(9, 9), "w", List.of(0, 0, 0)));
    expect(c.search(c.nearest(1, 0, 0).vectorField("v")), List.of(1L), 0);
    expect(c.search(c.nearest(1, 0, 0, 0).vectorField("w")), List.of(2L), 0);
  }

  @Test
  default void manyRowsAreSearchedExactly() {
    OpenCollection c = open(DatabaseUnderTest.plain("c"));
    for (int batch = 0; batch < 5; batch++) {
      c.insert(DatabaseUnderTest.rows(batch * 400, batch * 400 + 400));
      if (batch % 2 == 0) {
        database().jobs().flush(ME, "c");
      }
    }
    c.delete("id % 2 == 1");
    List<Found> found = c.search(c.nearest(5, 777.1f, 1).filter(Filter.of("n < 780 or n > 1000")));
    expect(found, List.of(778L, 776L, 774L, 772L, 770L));
    assertThat(c.search(c.nearest(2_000, 0, 0))).hasSize(1_000);
  }
}
