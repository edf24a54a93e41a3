package io.elanus.testkit.contract.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Filter;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.QueryResult;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import io.elanus.testkit.fixture.Batches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Rows by filter: which, in what order, with what fields. */
public interface QueryContract extends DatabaseUnderTest {
  private List<Object> page(OpenCollection c, String filter, int limit, int offset) {
    QueryRequest request = c.queryRequest(Filter.of(filter), limit, offset, List.of());
    List<Object> keys = new ArrayList<>();
    Batches.rows(database().rows().query(ME, request).rows())
        .forEach(row -> keys.add(Objects.requireNonNull(row.get("id"))));
    return keys;
  }

  @Test
  default void rowsComeAscendingByKeyWhereverTheyLie() {
    OpenCollection c = open(DatabaseUnderTest.plain("c"));
    List<Integer> keys = new ArrayList<>(List.of(5, -3, 8, 0, 12, -20, 7, 1));
    for (int i = 0; i < keys.size(); i++) {
      c.insert(DatabaseUnderTest.row(keys.get(i), i, i, i));
      if (i == 3) {
        database().jobs().flush(ME, "c");
      }
    }
    assertThat(page(c, "", 100, 0)).containsExactly(-20L, -3L, 0L, 1L, 5L, 7L, 8L, 12L);
    assertThat(page(c, "", 3, 0)).containsExactly(-20L, -3L, 0L);
    assertThat(page(c, "", 3, 2)).containsExactly(0L, 1L, 5L);
    assertThat(page(c, "", 3, 7)).containsExactly(12L);
    assertThat(page(c, "", 3, 8)).isEmpty();
    assertThat(page(c, "n >= 2", 2, 1)).containsExactly(0L, 1L);
    assertThat(c.keys("n >= 2")).containsExactly(-20L, 0L, 1L, 7L, 8L, 12L);
  }

  @Test
  default void countingCountsWhatPasses() {
    OpenCollection c = filled("c", 10);
    assertThat(c.count("")).isEqualTo(10);
    assertThat(c.count("n < 4")).isEqualTo(4);
    assertThat(c.count("n > 100")).isZero();
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () -> database().rows().query(ME, c.queryRequest(Filter.ALL, 5, 0, List.of("count(*)"))));
    refused(ErrorCode.INVALID_ARGUMENT, () -> c.query("n < 4", "count(*)", "n"));
  }

  @Test
  default void onlyTheFieldsAskedForAreAnswered() {
    OpenCollection c = filled("c", 2);
    assertThat(c.query("id == 1")).containsExactly(Map.of("id", 1L));
    assertThat(c.query("id == 1", "n")).containsExactly(Map.of("id", 1L, "n", 1L));
    assertThat(c.query("id == 1", "v", "id"))
        .containsExactly(Map.of("id", 1L, "v", List.of(1f, 1f)));
    assertThat(c.query("id == 1", "*"))
        .containsExactly(Map.of("id", 1L, "n", 1L, "v", List.of(1f, 1f)));
    assertThat(c.query("id == 7", "*")).isEmpty();
    refused(ErrorCode.FIELD_NOT_FOUND, () -> c.query("id == 1", "none"));
    QueryResult result =
        database().rows().query(ME, c.queryRequest(Filter.of("id > 5"), 3, 0, List.of("*")));
    assertThat(result.outputFields()).containsExactlyInAnyOrder("id", "n", "v");
    assertThat(result.primaryField()).isEqualTo("id");
    assertThat(result.rows().columns()).containsOnlyKeys("id", "n", "v");
  }

  @Test
  default void dynamicKeysAreAnsweredByName() {
    OpenCollection c =
        open(DatabaseUnderTest.schema("c", true, Field.named("n", DataType.INT64).build()));
    c.insert(Map.of("id", 1, "n", 1, "v", List.of(1, 1), "color", "red", "size", 2L));
    QueryResult result =
        database()
            .rows()
            .query(ME, c.queryRequest(Filter.of("id == 1"), 3, 0, List.of("n", "size")));
    assertThat(result.outputFields()).contains("n", "size", "id");
    assertThat(Batches.rows(result.rows()).getFirst())
        .isEqualTo(Map.of("id", 1L, "n", 1L, "$meta", Map.of("size", 2L)));
    assertThat(c.query("id == 1", "*").getFirst())
        .containsEntry("$meta", Map.of("color", "red", "size", 2L));
  }

  @Test
  default void aTimestampInThePastReadsThePast() {
    OpenCollection c = filled("c", 10);
    long then = database().rows().query(ME, of(Consistency.STRONG)).sessionTimestamp();
    c.insert(DatabaseUnderTest.row(100, 1, 1, 1));
    QueryResult past = database().rows().query(ME, of(Consistency.customized(then)));
    assertThat(past.rows().size()).isEqualTo(10);
    assertThat(past.sessionTimestamp()).isEqualTo(then);
    assertThat(database().rows().query(ME, of(Consistency.STRONG)).rows().size()).isEqualTo(11);
  }

  private static QueryRequest of(Consistency consistency) {
    return new QueryRequest(
        "c", List.of(), Filter.of("id >= 0"), List.of(), -1, 0, consistency, false);
  }

  @Test
  default void everyConsistencyLevelSeesWhatWasAcknowledged() {
    OpenCollection c = open(DatabaseUnderTest.plain("c"));
    long last = 0;
    for (int i = 0; i < 5; i++) {
      long written = c.insert(DatabaseUnderTest.row(i, i, i, i)).timestamp();
      assertThat(written).isGreaterThan(last);
      List<Consistency> levels =
          List.of(Consistency.STRONG, Consistency.session(written), Consistency.BOUNDED);
      for (Consistency level : levels) {
        QueryResult result = database().rows().query(ME, of(level));
        assertThat(result.rows().size()).as(level.toString()).isEqualTo(i + 1);
        assertThat(result.sessionTimestamp()).isGreaterThanOrEqualTo(written);
      }
      var found = database().rows().search(ME, c.nearest(10, 0, 0).build());
      assertThat(found.sessionTimestamp()).isGreaterThanOrEqualTo(written);
      assertThat(found.scores()).hasSize(i + 1);
      last = written;
    }
    assertThat(database().allocateTimestamp()).isGreaterThan(last);
  }

  @Test
  default void windowsThatAreTooWideAreRefused() {
    OpenCollection c = filled("c", 3);
    assertThat(page(c, "", 16_384, 0)).hasSize(3);
    assertThat(page(c, "", 1, 16_383)).isEmpty();
    refused(ErrorCode.INVALID_ARGUMENT, () -> page(c, "", 16_385, 0));
    refused(ErrorCode.INVALID_ARGUMENT, () -> page(c, "", 16_384, 1));
    refused(ErrorCode.INVALID_ARGUMENT, () -> page(c, "", 1, 16_384));
    refused(ErrorCode.INVALID_ARGUMENT, () -> page(c, "", 0, 0));
    refused(ErrorCode.INVALID_ARGUMENT, () -> page(c, "", -5, 0));
    refused(ErrorCode.INVALID_ARGUMENT, () -> page(c, "", 5, -1));
    refused(ErrorCode.INVALID_ARGUMENT, () -> page(c, "", 5, Integer.MAX_VALUE));
    refused(ErrorCode.INVALID_ARGUMENT, () -> page(c, "", QueryRequest.NO_LIMIT, 0));
  }
}
