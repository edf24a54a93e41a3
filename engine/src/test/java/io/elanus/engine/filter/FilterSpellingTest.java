package io.elanus.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.segment.Segment;
import io.elanus.index.RowBitmap;
import io.elanus.index.scalar.ScalarIndexes;
import io.elanus.model.error.ElanusException;
import io.elanus.model.query.Filter;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.Field;
import io.elanus.testkit.fixture.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rows that a filter selects do not depend on how it is spelled, nor on any scalar index. */
class FilterSpellingTest {
  private static final List<String> INDEXES = List.of("INVERTED", "BITMAP", "STL_SORT", "TRIE");
  private static final int BATCHES = 25;
  private static final int ROWS = 200;

  private static final List<String> NUMBERS =
      List.of("id", "i8", "i32", "i64", "f", "d", "ai[0]", "af[0]", "i8 + 1", "array_length(ai)");
  private static final List<String> TEXTS = List.of("s", "t", "at[0]");
  private static final List<String> PATHS = List.of("j[\"a\"]", "j['c'][0]", "a", "$meta[\"b\"]");
  private static final List<String> BOOLEANS = List.of("b", "ab[0]");

  /**
   * Spellings of one filter, {@code x} for the operand and {@code c}, {@code e} for constants with
   * c &lt;= e. Constants are bound, so that they read the same in each.
   */
  private static final List<List<String>> ORDERED =
      List.of(
          List.of(
              "x > {c}",
              "{c} < x",
              "not (x <= {c})",
              "!({c} >= x)",
              "(x) > ({c})",
              "x > {c} or x > {e}",
              "x > {c} and true",
              "not not (x > {c})"),
          List.of("x >= {c}", "{c} <= x", "not (x < {c})", "x == {c} or x > {c}", "not ({c} > x)"),
          List.of(
              "x < {c}", "{c} > x", "not (x >= {c})", "x < {c} and x < {e}", "x < {c} or false"),
          List.of("x <= {c}", "{c} >= x", "not (x > {c})", "x < {c} or {c} == x"),
          List.of("x == {c}", "{c} <= x and x <= {c}", "not (x < {c} or x > {c})", "x in {cc}"),
          List.of("x != {c}", "x < {c} or x > {c}", "not (x >= {c} and x <= {c})"),
          List.of(
              "x >= {c} and x < {e}",
              "x < {e} && {c} <= x",
              "not (x < {c} or x >= {e})",
              "not (x < {c}) and not (x >= {e})",
              "not ({c} > x) AND {e} > x"));

  private static final List<List<String>> BETWEEN =
      List.of(
          List.of(
              "{c} <= x < {e}", "{e} > x >= {c}", "x >= {c} and x < {e}", "!(x < {c} || x >= {e})"),
          List.of("{c} < x <= {e}", "{e} >= x > {c}", "{c} < x < {e} or x == {e} and x != {c}"));

  /** These hold for JSON too, whose values of another kind are unequal and have no order. */
  private static final List<List<String>> EQUALITY =
      List.of(
          List.of(
              "x == {c}",
              "{c} == x",
              "not (x != {c})",
              "x in [{c}]",
              "x in {cc}",
              "x == {c} or x == {c}"),
          List.of("x != {c}", "{c} != x", "not (x == {c})", "x not in [{c}]", "not (x in {cc})"),
          List.of(
              "x in [{c}, {e}]",
              "x IN {ce}",
              "x in [{e}, {c}, {e},]",
              "x == {c} or x == {e}",
              "{e} == x || {c} == x",
              "not (x not in {ce})",
              "not (x != {c} and x != {e})",
              "x in {cc} or x in [{e}]",
              "x in {ce} and x in [{c}, {e}]"),
          List.of(
              "x not in {ce}",
              "not (x in [{c}, {e}])",
              "x != {c} and x != {e}",
              "not (x == {c} or x == {e})",
              "x not in [{e}] and x not in {cc}"),
          List.of("x in []", "x == {c} and x != {c}", "x in {cc} and x not in {cc}"),
          List.of("x not in []", "x == {c} or x != {c}", "not (x in [])"));

  private static final List<List<String>> CONTAINS =
      List.of(
          List.of(
              "array_contains(x, {c})",
              "json_contains(x, {c})",
              "array_contains_any(x, [{c}])",
              "array_contains_all(x, {cc})",
              "not not ARRAY_CONTAINS(x, {c})"),
          List.of(
              "array_contains_any(x, {ce})",
              "array_contains_any(x, [{e}, {c}])",
              "array_contains(x, {c}) or array_contains(x, {e})",
              "not (not array_contains(x, {c}) and not array_contains(x, {e}))"),
          List.of(
              "array_contains_all(x, {ce})",
              "array_contains_all(x, [{e}, {c}, {e}])",
              "array_contains(x, {c}) and array_contains(x, {e})"));

  private static final List<List<String>> NULLS =
      List.of(
          List.of(
              "x is null", "x IS NULL", "not (x is not null)", "x is null or x is null and true"),
          List.of("x is not null", "not (x is null)", "NOT x is null"));

  private final Random random = new Random(Seeds.seed(20260818));
  private int telling;
  private int groups;

  @Test
  void everySpellingSelectsTheSameRows() {
    for (int i = 0; i < BATCHES; i++) {
      RowBatch rows = new RandomRows(random).batch(1 + random.nextInt(ROWS));
      List<Segment> segments = segments(rows);
      for (String x : NUMBERS) {
        List<Object> pair = random.nextBoolean() ? twoOf(RandomRows.INTEGERS) : twoNumbers();
        ordered(segments, x, pair);
      }
      for (String x : TEXTS) {
        ordered(segments, x, twoOf(RandomRows.TEXTS));
      }
      for (String x : PATHS) {
        List<Object> pair = random.nextBoolean() ? twoNumbers() : twoOf(RandomRows.TEXTS);
        check(segments, EQUALITY, x, pair);
        check(segments, CONTAINS, x, pair);
        check(segments, NULLS, x, pair);
      }
      for (String x : BOOLEANS) {
        check(segments, EQUALITY, x, twoOf(List.of(true, false)));
        check(segments, NULLS, x, List.of(true, true));
      }
      check(segments, CONTAINS, "ai", twoNumbers());
      check(segments, CONTAINS, "af", twoNumbers());
      check(segments, CONTAINS, "at", twoOf(RandomRows.TEXTS));
      check(segments, CONTAINS, "ab", twoOf(List.of(true, false)));
      check(segments, NULLS, "j", List.of(true, true));
    }
    assertThat(telling).as("filters that some rows pass").isGreaterThan(groups / 3);
  }

  private void ordered(List<Segment> segments, String x, List<Object> pair) {
    check(segments, ORDERED, x, pair);
    check(segments, EQUALITY, x, pair);
    if (x.matches("[a-z0-9]+(\\[0\\])?")) {
      check(segments, BETWEEN, x, pair);
      check(segments, NULLS, x, pair);
    }
  }

  /** The rows without an index, and with an index of each kind wherever it fits. */
  private static List<Segment> segments(RowBatch rows) {
    List<Segment> segments = new ArrayList<>();
    segments.add(HeapSegment.of(RandomRows.SCHEMA, rows));
    Map<String, String[]> fitting = new LinkedHashMap<>();
    for (String type : INDEXES) {
      fitting.put(
          type,
          RandomRows.SCHEMA.fields().stream()
              .filter(field -> fits(type, field))
              .map(Field::name)
              .toArray(String[]::new));
      segments.add(HeapSegment.of(RandomRows.SCHEMA, rows).indexed(type, fitting.get(type)));
    }
    assertThat(fitting.get("INVERTED")).contains("id", "i64", "f", "d", "b", "s", "ai", "at");
    assertThat(fitting.get("BITMAP")).contains("i8", "b", "s", "t", "ai", "ab");
    assertThat(fitting.get("STL_SORT")).contains("id", "f", "d", "s");
    assertThat(fitting.get("TRIE")).containsExactly("s", "t");
    return segments;
  }

  private static boolean fits(String type, Field field) {
    try {
      ScalarIndexes.check(type, field);
      return true;
    } catch (ElanusException e) {
      return false;
    }
  }

  private void check(
      List<Segment> segments, List<List<String>> spellings, String x, List<Object> pair) {
    Object c = pair.get(0);
    Object e = pair.get(1);
    Map<String, Object> constants =
        Map.of("c", c, "e", e, "cc", List.of(c, c), "ce", List.of(c, e));
    int rows = segments.getFirst().rowCount();
    for (List<String> group : spellings) {
      String first = group.getFirst();
      RowBitmap wanted = selected(segments.getFirst(), first, x, constants);
      groups++;
      telling += wanted.cardinality() > 0 && wanted.cardinality() < rows ? 1 : 0;
      for (String spelling : group) {
        for (Segment segment : segments) {
          assertThat(selected(segment, spelling, x, constants).toArray())
              .as(
                  "%s as %s for x = %s, %s, segment %d",
                  spelling, first, x, constants, segments.indexOf(segment))
              .isEqualTo(wanted.toArray());
        }
      }
    }
  }

  private static RowBitmap selected(
      Segment segment, String spelling, String x, Map<String, Object> constants) {
    Filter filter =
        new Filter(spelling.replaceAll("\\bx\\b", Matcher.quoteReplacement(x)), constants);
    return Filters.compile(filter, RandomRows.SCHEMA)
        .matches(segment, RowBitmap.full(segment.rowCount()));
  }

  private List<Object> twoNumbers() {
    return twoOf(
        Stream.concat(RandomRows.INTEGERS.stream(), RandomRows.FLOATINGS.stream())
            .collect(Collectors.toList()));
  }

  /** In their order. */
  private List<Object> twoOf(List<?> values) {
    Object a = values.get(random.nextInt(values.size()));
    Object b = values.get(random.nextInt(values.size()));
    Integer order = Values.compare(a, b);
    return order != null && order > 0 ? List.of(b, a) : List.of(a, b);
  }
}
