package io.elanus.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.range.KeyRange;
import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.Segment;
import io.elanus.index.RowBitmap;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.Field;
import io.elanus.testkit.filter.FilterException;
import io.elanus.testkit.filter.RowFilter;
import io.elanus.testkit.fixture.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random filters over random rows against a second parser and a row-at-a-time evaluator that share
 * no code with this one; with and without scalar indexes; all rows and some.
 */
class FilterDifferentialTest {
  private static final int FILTERS = 6000;
  private static final int FILTERS_PER_BATCH = 100;
  private static final int ROWS = 150;
  private static final List<String> RANGED = List.of("id", "i8", "i32", "i64", "f", "d", "s", "t");

  @Test
  void everyFilterSelectsTheRowsThatTheOracleSelects() {
    Random random = new Random(Seeds.seed(20260817));
    RandomFilters filters = new RandomFilters(random);
    int refused = 0;
    int telling = 0;
    int ruledOut = 0;
    for (int i = 0; i < FILTERS / FILTERS_PER_BATCH; i++) {
      RowBatch rows = new RandomRows(random).batch(1 + random.nextInt(ROWS));
      Segment plain = HeapSegment.of(RandomRows.SCHEMA, rows);
      Segment indexed = indexed(rows, i % 2 == 0);
      for (int n = 0; n < FILTERS_PER_BATCH; n++) {
        Filter filter = filters.next();
        Optional<RowBitmap> expected = oracle(filter, rows);
        Optional<CompiledFilter> compiled = compile(filter);
        assertThat(compiled.isPresent())
            .as("%s is understood, as by the oracle", filter.expression())
            .isEqualTo(expected.isPresent());
        if (compiled.isEmpty() || expected.isEmpty()) {
          refused++;
          continue;
        }
        int matched = expected.get().cardinality();
        telling += matched > 0 && matched < rows.size() ? 1 : 0;
        RowBitmap some = sample(rows.size(), random);
        check(filter, compiled.get(), plain, some, expected.get());
        check(filter, compiled.get(), indexed, some, expected.get());
        checkNegation(filter, plain, expected.get());
        ruledOut += checkRanges(filter, compiled.get(), plain, expected.get(), random);
      }
    }
    assertThat(ruledOut).as("ranges that filters rule out").isGreaterThan(FILTERS / 10);
    assertThat(refused).as("filters without a meaning").isBetween(1, FILTERS / 3);
    assertThat(telling).as("filters that some rows pass").isGreaterThan(FILTERS / 4);
  }

  private static void check(
      Filter filter, CompiledFilter compiled, Segment segment, RowBitmap some, RowBitmap expected) {
    RowBitmap before = some.copy();
    assertThat(compiled.matches(segment, RowBitmap.full(expected.size())).toArray())
        .as(filter.expression())
        .isEqualTo(expected.toArray());
    assertThat(compiled.matches(segment, some).toArray())
        .as("%s among %s", filter.expression(), some)
        .isEqualTo(expected.copy().and(some).toArray());
    assertThat(some).as("candidates stay as they are").isEqualTo(before);
  }

  /** Of some rows, no range of a field's values rules a filter out that one of them passes. */
  private static int checkRanges(
      Filter filter, CompiledFilter compiled, Segment segment, RowBitmap passing, Random random) {
    RowBitmap some = new RowBitmap(passing.size());
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      some.set(random.nextInt(passing.size()));
    }
    boolean passed = some.copy().and(passing).next(0) >= 0;
    int ruledOut = 0;
    for (String name : RANGED) {
      Field field = RandomRows.SCHEMA.field(name).orElseThrow();
      KeyRange.Builder builder = new KeyRange.Builder(field);
      for (int row : some.toArray()) {
        builder.add(SealedSegment.clusteringValue(segment.column(field), row));
      }
      KeyRange range = builder.build();
      boolean may = compiled.mayMatch(range);
      assertThat(may || !passed).as("%s over %s", filter, range).isTrue();
      ruledOut += may ? 0 : 1;
    }
    return ruledOut;
  }

  /** No row passes a filter and its negation. */
  private static void checkNegation(Filter filter, Segment segment, RowBitmap matched) {
    RowBitmap others =
        Filters.compile(
                new Filter("not (" + filter.expression() + ")", filter.parameters()),
                RandomRows.SCHEMA)
            .matches(segment, RowBitmap.full(matched.size()));
    assertThat(others.and(matched).cardinality()).as(filter.expression()).isZero();
  }

  private static Segment indexed(RowBatch rows, boolean bitmaps) {
    HeapSegment sorted =
        HeapSegment.of(RandomRows.SCHEMA, rows)
            .indexed("INVERTED", "id", "i8", "i64", "f", "d", "s", "ai", "af", "at", "b", "ab");
    return bitmaps ? sorted.indexed("BITMAP", "i32", "i8", "b", "t", "at", "ai", "ab") : sorted;
  }

  private static RowBitmap sample(int rows, Random random) {
    RowBitmap some = new RowBitmap(rows);
    IntStream.range(0, rows).filter(row -> random.nextInt(3) == 0).forEach(some::set);
    return some;
  }

  private static Optional<CompiledFilter> compile(Filter filter) {
    try {
      return Optional.of(Filters.compile(filter, RandomRows.SCHEMA));
    } catch (ElanusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.INVALID_EXPRESSION);
      return Optional.empty();
    }
  }

  private static Optional<RowBitmap> oracle(Filter filter, RowBatch rows) {
    try {
      RowFilter oracle = RowFilter.of(filter, RandomRows.SCHEMA);
      RowBitmap passed = new RowBitmap(rows.size());
      for (int row = 0; row < rows.size(); row++) {
        if (oracle.passes(row(rows, row))) {
          passed.set(row);
        }
      }
      return Optional.of(passed);
    } catch (FilterException e) {
      return Optional.empty();
    }
  }

  private static Map<String, @Nullable Object> row(RowBatch rows, int row) {
    Map<String, @Nullable Object> values = new HashMap<>();
    rows.columns().forEach((name, column) -> values.put(name, column.get(row)));
    return values;
  }
}
