package io.elanus.testkit.contract.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import io.elanus.testkit.json.Json;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Filters over eight rows, each with the keys it must find; before and after the rows are sealed.
 */
public interface FilterContract extends DatabaseUnderTest {
  /**
   * Keys 0–7. {@code n} is the key, null for 3; {@code f} a quarter of it; {@code t} a text, null
   * for 5; {@code b} whether it is even; {@code a} is [key, 10 × key], null for 6; {@code j}
   * varies.
   */
  private OpenCollection eight() {
    OpenCollection c =
        open(
            DatabaseUnderTest.schema(
                "c",
                true,
                Field.named("n", DataType.INT32).nullable(true).build(),
                Field.named("f", DataType.FLOAT).build(),
                Field.named("t", DataType.VARCHAR).maxLength(30).nullable(true).build(),
                Field.named("b", DataType.BOOL).build(),
                Field.named("a", DataType.ARRAY)
                    .elementType(DataType.INT64)
                    .maxCapacity(4)
                    .nullable(true)
                    .build(),
                Field.named("j", DataType.JSON).nullable(true).build()));
    List<String> texts =
        Arrays.asList("apple", "Apple", "apple pie", "50%", "under_score", null, "ä", "");
    List<@Nullable Object> jsons =
        Arrays.asList(
            Map.of("k", 1L, "s", "x"),
            Map.of("k", 2.5, "l", List.of(1L, 2L, "x")),
            Map.of("k", "1", "o", Map.of("p", true)),
            Map.of("k", List.of(1L, 2L)),
            Map.of("k", true, "l", List.of()),
            nullKey(),
            null,
            Map.of());
    for (int i = 0; i < 8; i++) {
      Map<String, @Nullable Object> row = new HashMap<>();
      row.put("id", i);
      row.put("n", i == 3 ? null : i);
      row.put("f", i / 4.0);
      row.put("t", texts.get(i));
      row.put("b", i % 2 == 0);
      row.put("a", i == 6 ? null : List.of(i, 10 * i));
      row.put("j", jsons.get(i));
      row.put("v", List.of(i, i));
      if (i % 3 == 0) {
        row.put("extra", i);
      }
      c.insert(row);
    }
    return c;
  }

  private static Map<String, Object> nullKey() {
    Map<String, Object> map = new HashMap<>();
    map.put("k", Json.NULL);
    return map;
  }

  private void check(OpenCollection c, Map<String, String> table) {
    for (int pass = 0; pass < 2; pass++) {
      String state = pass == 0 ? "growing: " : "sealed: ";
      SoftAssertions all = new SoftAssertions();
      table.forEach(
          (filter, keys) ->
              all.assertThat(
                      c.keys(filter).stream().map(Object::toString).collect(Collectors.joining()))
                  .as(state + filter)
                  .isEqualTo(keys));
      all.assertAll();
      database().jobs().flush(ME, "c");
    }
  }

  @Test
  default void numbersCompareAndCompute() {
    Map<String, String> t = new LinkedHashMap<>();
    t.put("n == 2", "2");
    t.put("n != 2", "014567");
    t.put("n<2", "01");
    t.put("n <= 2.5", "012");
    t.put("n > 5", "67");
    t.put("5 < n", "67");
    t.put("n >= 6", "67");
    t.put("2 <= n < 5", "24");
    t.put("5 > n >= 2", "24");
    t.put("n == 2.0", "2");
    t.put("n == 2.5", "");
    t.put("n > 100000000000", "");
    t.put("n < 9223372036854775807", "0124567");
    t.put("n in [1, 3, 5]", "15");
    t.put("n not in [1, 3, 5]", "02467");
    t.put("n in []", "");
    t.put("n in [1.0, 2.5]", "1");
    t.put("n + 1 == 3", "2");
    t.put("n * 2 - 4 > 6", "67");
    t.put("n % 3 == 1", "147");
    t.put("n / 2 == 3", "67");
    t.put("1 + 2 * 3 == n", "7");
    t.put("(1 + 2) * 2 == n", "6");
    t.put("-n < -5", "67");
    t.put("n > -1", "0124567");
    t.put("n == 0x4", "4");
    t.put("f == 0.75", "3");
    t.put("f > 0.25 and f < 1", "23");
    t.put("f * 4 == n", "0124567");
    t.put("id == n", "0124567");
    t.put("f < n", "124567");
    t.put("n / 0.5 == 4", "2");
    check(eight(), t);
  }

  @Test
  default void logicHasThreeValues() {
    Map<String, String> t = new LinkedHashMap<>();
    t.put("n is null", "3");
    t.put("n is not null", "0124567");
    t.put("N IS NULL".replace("N ", "n "), "3");
    t.put("not (n == 2)", "014567");
    t.put("not (n is null)", "0124567");
    t.put("!(n > 2)", "012");
    t.put("n > 2 or id == 3", "34567");
    t.put("n > 2 and id == 3", "");
    t.put("not (n > 2 and id == 3)", "0124567");
    t.put("not (n > 2 or id == 5)", "012");
    t.put("n < 2 or n > 5 and b", "016");
    t.put("(n < 2 or n > 5) and b", "06");
    t.put("n < 2 || n > 5 && b == true", "016");
    t.put("b", "0246");
    t.put("not b", "1357");
    t.put("b == false", "1357");
    t.put("true", "01234567");
    t.put("n >= 0 or n < 0", "0124567");
    t.put("id >= 0 and not (t == \"apple\")", "123467");
    t.put("id >= 0 AND NOT (t == 'apple')", "123467");
    check(eight(), t);
  }

  @Test
  default void textsCompareAndMatch() {
    Map<String, String> t = new LinkedHashMap<>();
    t.put("t == \"apple\"", "0");
    t.put("t == 'apple'", "0");
    t.put("t != \"apple\"", "123467");
    t.put("t in [\"apple\", \"ä\"]", "06");
    t.put("t not in [\"apple\", \"ä\"]", "12347");
    t.put("t > \"apple\"", "246");
    t.put("t >= \"apple\" and t < \"b\"", "02");
    t.put("\"apple\" == t", "0");
    t.put("t == \"\"", "7");
    t.put("t like \"apple%\"", "02");
    t.put("t like \"%pie\"", "2");
    t.put("t like \"%ppl%\"", "012");
    t.put("t like \"_pple\"", "01");
    t.put("t like \"_\"", "6");
    t.put("t like \"%\"", "0123467");
    t.put("t like \"50\\\\%\"", "3");
    t.put("t like \"under\\\\_score\"", "4");
    t.put("t like \"apple\"", "0");
    t.put("not (t like \"a%\")", "13467");
    t.put("t is null", "5");
    check(eight(), t);
  }

  @Test
  default void jsonIsReachedByPath() {
    Map<String, String> t = new LinkedHashMap<>();
    t.put("j[\"k\"] == 1", "0");
    t.put("j['k'] >= 1", "01");
    t.put("j[\"k\"] == \"1\"", "2");
    t.put("j[\"k\"] == true", "4");
    t.put("j[\"k\"] in [1, \"1\"]", "02");
    t.put("j[\"k\"] + 1 > 3", "1");
    t.put("j[\"o\"][\"p\"] == true", "2");
    t.put("j[\"l\"][0] == 1", "1");
    t.put("j[\"l\"][2] == \"x\"", "1");
    t.put("j[\"l\"][5] == 1", "");
    t.put("j[\"s\"] like \"x%\"", "0");
    t.put("exists j[\"k\"]", "01234");
    t.put("not exists j[\"k\"]", "567");
    t.put("exists j[\"o\"][\"p\"]", "2");
    t.put("j[\"k\"] is null", "567");
    t.put("j[\"k\"] is not null", "01234");
    t.put("j is null", "6");
    t.put("json_contains(j[\"k\"], 2)", "3");
    t.put("JSON_CONTAINS(j[\"l\"], \"x\")", "1");
    t.put("json_contains_all(j[\"l\"], [1, \"x\"])", "1");
    t.put("json_contains_any(j[\"k\"], [2, 99])", "3");
    t.put("array_length(j[\"l\"]) == 3", "1");
    t.put("array_length(j[\"l\"]) == 0", "4");
    t.put("extra >= 3", "36");
    t.put("$meta[\"extra\"] == 6", "6");
    t.put("exists extra", "036");
    t.put("nothing == 1", "");
    check(eight(), t);
  }

  @Test
  default void arraysAreAskedForTheirElements() {
    Map<String, String> t = new LinkedHashMap<>();
    t.put("array_contains(a, 20)", "2");
    t.put("ARRAY_CONTAINS(a, 20)", "2");
    t.put("array_contains_all(a, [3, 30])", "3");
    t.put("array_contains_all(a, [3, 31])", "");
    t.put("array_contains_any(a, [3, 40])", "34");
    t.put("not array_contains_any(a, [3, 40])", "01257");
    t.put("array_length(a) == 2", "0123457");
    t.put("array_length(a) > 2", "");
    t.put("a[0] == 4", "4");
    t.put("a[1] > 30", "457");
    t.put("a[9] == 1", "");
    t.put("a[0] + a[1] == 22", "2");
    t.put("a is null", "6");
    check(eight(), t);
  }

  @Test
  default void templatesAreBound() {
    OpenCollection c = eight();
    assertThat(c.keys(new Filter("n in {wanted}", Map.of("wanted", List.of(1L, 5L)))))
        .containsExactly(1L, 5L);
    assertThat(
            c.keys(
                new Filter(
                    "n > {low} and t == {text} or f == {float} or b == {bool} and n == 4",
                    Map.of("low", -1L, "text", "apple", "float", 0.25, "bool", true))))
        .containsExactly(0L, 1L, 4L);
    assertThat(c.keys(new Filter("array_contains_any(a, {any})", Map.of("any", List.of(10L, 20L)))))
        .containsExactly(1L, 2L);
    assertThat(c.keys(new Filter("t == {text}", Map.of("text", "\" or 1 == 1 or t == \""))))
        .isEmpty();
    refused(ErrorCode.INVALID_EXPRESSION, () -> c.keys("n in {wanted}"));
    refused(
        ErrorCode.INVALID_EXPRESSION,
        () -> c.keys(new Filter("n == {text}", Map.of("text", "one"))));
  }

  @Test
  default void expressionsThatMeanNothingAreRefused() {
    OpenCollection c = filled("c", 3);
    List<String> bad =
        List.of(
            "n ==",
            "== 3",
            "n = 3",
            "n == 3 and",
            "(n == 3",
            "n == 3)",
            "n === 3",
            "n 3",
            "n in 3",
            "n in [1, ",
            "n in [n]",
            "other == 3",
            "other is null",
            "n == \"3\"",
            "n > true",
            "n like \"a%\"",
            "v == 1",
            "n + \"a\" == 3",
            "n and id == 1",
            "n",
            "not n",
            "3",
            "\"a\"",
            "n == 'a",
            "n == 3 3",
            "array_contains(n, 1)",
            "array_length(n) == 1",
            "exists n",
            "n[\"a\"] == 1",
            "n[0] == 1",
            "n is  null",
            "n == 99999999999999999999",
            "n / 0 == 1 % 0",
            "@",
            "n == 3;",
            "in",
            "(",
            "[1]");
    for (String filter : bad) {
      Throwable thrown = catchThrowable(() -> c.keys(filter));
      assertThat(thrown).as(filter).isInstanceOf(ElanusException.class);
      refused(ErrorCode.INVALID_EXPRESSION, () -> c.keys(filter));
      refused(ErrorCode.INVALID_EXPRESSION, () -> c.delete(filter));
      refused(
          ErrorCode.INVALID_EXPRESSION,
          () -> c.search(c.nearest(1, 1, 1).filter(Filter.of(filter))));
    }
    assertThat(c.count("")).isEqualTo(3);
  }

  @Test
  default void depthIsLimitedAndWidthIsNot() {
    OpenCollection c = filled("c", 5);
    int deep = 100_000;
    for (String filter :
        List.of(
            "(".repeat(deep) + "n == 1" + ")".repeat(deep),
            "not ".repeat(deep) + "(n == 1)",
            "n == " + "-".repeat(deep) + "1",
            "n in " + "[".repeat(deep) + "]".repeat(deep),
            "(".repeat(deep))) {
      refused(ErrorCode.INVALID_EXPRESSION, () -> c.keys(filter));
    }
    assertThat(c.keys("((((((((n == 1))))))))")).containsExactly(1L);
    String or =
        IntStream.range(1, 3_000).mapToObj(i -> "n == " + i).collect(Collectors.joining(" or "));
    assertThat(c.keys(or)).containsExactly(1L, 2L, 3L, 4L);
    String and =
        IntStream.range(3, 3_000).mapToObj(i -> "n != " + i).collect(Collectors.joining(" and "));
    assertThat(c.keys(and)).containsExactly(0L, 1L, 2L);
    String sum = "n == 0" + " + 1 - 1".repeat(2_000) + " + 2";
    assertThat(c.keys(sum)).containsExactly(2L);
    String in =
        IntStream.range(2, 20_000).mapToObj(Integer::toString).collect(Collectors.joining(","));
    assertThat(c.keys("n in [" + in + "]")).containsExactly(2L, 3L, 4L);
  }
}
