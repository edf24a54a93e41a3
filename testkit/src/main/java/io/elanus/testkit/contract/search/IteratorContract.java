package io.elanus.testkit.contract.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Filter;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import io.elanus.testkit.contract.OpenCollection.Found;
import io.elanus.testkit.fixture.Batches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Everything, page by page, exactly once. */
public interface IteratorContract extends DatabaseUnderTest {
  /** Pages until none comes; the way clients do it, a probe for one row first. */
  private List<Found> iterate(OpenCollection c, SearchRequest.Builder request, int batch) {
    SearchResult probe =
        database().rows().search(ME, request.iterator(new SearchRequest.Page(1, null, "")).build());
    String token = Objects.requireNonNull(probe.page()).token();
    assertThat(token).isNotEmpty();
    List<Found> all = new ArrayList<>();
    @Nullable Float last = null;
    for (int pages = 0; pages < 1_000; pages++) {
      SearchResult page =
          database()
              .rows()
              .search(
                  ME,
                  request
                      .iterator(new SearchRequest.Page(batch, last, token))
                      .consistency(Consistency.customized(probe.sessionTimestamp()))
                      .build());
      List<Found> found = OpenCollection.found(page);
      if (found.isEmpty()) {
        return all;
      }
      SearchResult.NextPage next = Objects.requireNonNull(page.page());
      assertThat(next.token()).isEqualTo(token);
      assertThat(next.lastBound()).isEqualTo(found.getLast().score());
      all.addAll(found);
      last = next.lastBound();
    }
    throw new AssertionError("the pages do not end");
  }

  private OpenCollection ring(Metric metric, int rows) {
    OpenCollection c = open(DatabaseUnderTest.plain("c"), metric);
    List<Map<String, Object>> batch = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      batch.add(DatabaseUnderTest.row(i, i % 10, Math.cos(i), Math.sin(i) * (1 + i % 3)));
      if (i == rows / 2) {
        c.insert(batch);
        batch.clear();
        database().jobs().flush(ME, "c");
      }
    }
    c.insert(batch);
    return c;
  }

  @Test
  default void aSearchIteratorVisitsEveryRowOnceBestFirst() {
    for (Metric metric : Metric.of(DataType.FLOAT_VECTOR)) {
      OpenCollection c = ring(metric, 237);
      for (int batch : new int[] {1, 10, 50, 1_000}) {
        List<Found> all = iterate(c, c.nearest(batch, 1, 0.5f), batch);
        assertThat(OpenCollection.keysOf(all))
            .as("%s by %d", metric, batch)
            .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 237).boxed().toList());
        for (int i = 1; i < all.size(); i++) {
          float better = metric == Metric.L2 ? all.get(i).score() : all.get(i - 1).score();
          float worse = metric == Metric.L2 ? all.get(i - 1).score() : all.get(i).score();
          assertThat(better).isGreaterThanOrEqualTo(worse);
        }
      }
      database().collections().drop(ME, "c");
    }
  }

  @Test
  default void rowsWithEqualScoresAreNotLostBetweenPages() {
    OpenCollection c = open(DatabaseUnderTest.plain("c"));
    for (int i = 0; i < 60; i++) {
      c.insert(DatabaseUnderTest.row(i, i, i / 20, 0));
    }
    List<Found> all = iterate(c, c.nearest(7, 0, 0), 7);
    assertThat(OpenCollection.keysOf(all))
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 60).boxed().toList());
  }

  @Test
  default void aSearchIteratorKeepsToItsFilterAndItsTime() {
    OpenCollection c = ring(Metric.L2, 100);
    SearchRequest.Builder request = c.nearest(9, 1, 0).filter(Filter.of("n < 3"));
    List<Found> all = iterate(c, request, 9);
    assertThat(all).hasSize(30).allMatch(f -> ((Long) f.key()) % 10 < 3);
  }

  @Test
  default void aSearchIteratorTakesOneQuery() {
    OpenCollection c = filled("c", 3);
    SearchRequest request =
        SearchRequest.of("c", Batches.queries(new float[] {1, 1}, new float[] {2, 2}), 1)
            .iterator(new SearchRequest.Page(1, null, ""))
            .build();
    refused(ErrorCode.INVALID_ARGUMENT, () -> database().rows().search(ME, request));
  }

  /** As clients do: ascending keys, each page beyond the last key of the one before. */
  @Test
  default void aQueryIteratorVisitsEveryRowOnce() {
    OpenCollection c = ring(Metric.L2, 237);
    List<Object> all = new ArrayList<>();
    String last = "id > -1";
    while (true) {
      QueryRequest request = c.queryRequest(Filter.of("n != 4 and " + last), 20, 0, List.of("n"));
      var page = Batches.rows(database().rows().query(ME, request).rows());
      if (page.isEmpty()) {
        break;
      }
      page.forEach(row -> all.add(Objects.requireNonNull(row.get("id"))));
      last = "id > " + all.getLast();
    }
    assertThat(all).isEqualTo(LongStream.range(0, 237).filter(i -> i % 10 != 4).boxed().toList());
  }
}
