package io.elanus.engine.filter;

import static io.elanus.engine.filter.FilterTable.selects;

import io.elanus.model.query.Filter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every production of Filter.g4, in its accepted spellings, over {@link FilterTable}. */
class FilterGrammarTest {
  private static final int[] ALL = {0, 1, 2, 3, 4, 5};

  private static void allSelect(int[] rows, String... expressions) {
    Stream.of(expressions).forEach(expression -> selects(expression, rows));
  }

  private static int[] rows(int... rows) {
    return rows;
  }

  @Test
  void integers() {
    allSelect(rows(2), "a == 4", "a == 0x4", "a == 0X04", "a == 0b100", "a == 0B0100", "a == 04");
    allSelect(rows(4), "a == 6", "a == 006", "a == 0x0000000000000000000000006");
    allSelect(rows(0), "a == -3", "a == - 3", "id == 0", "id == 00", "id <= -0");
    allSelect(
        rows(0, 1, 2, 4, 5),
        "a > -9223372036854775808",
        "a >= -0x8000000000000000",
        "a < 9223372036854775807",
        "a < 2147483648",
        "a != 99999999999");
    selects("a == 4294967300");
  }

  @Test
  void floatings() {
    allSelect(
        rows(2),
        "d == 1.5",
        "d == 15e-1",
        "d == .15E+1",
        "d == 0x1.8p0",
        "d == 0x18P-4",
        "d == 0x.cp1",
        "d == 1.5e0",
        "f == 1.5",
        "a == 4.0",
        "a == 4e0");
    allSelect(rows(1), "d == 1.", "d == 1", "f == 1", "d == 1.e0");
    allSelect(rows(2, 4, 5), "a > 3.5", "a >= 3.5", "not (a <= 3.5)", "3.5 < a");
    allSelect(rows(0, 1), "a < 1.5", "a <= 1.5");
    allSelect(rows(4), "f == 0", "f == -0.0", "d == 0.0");
    allSelect(rows(0, 1, 2, 4, 5), "a < 1e300", "a > -1e300", "a != 0.5", "a < 1e999");
    selects("a == 0.5");
    // A constant is as precise as the field it meets.
    allSelect(rows(0), "f == 0.1", "d == 0.1", "f in [0.1]", "0.1 <= f <= 0.1", "af[0] == 0.1");
    allSelect(rows(5), "d == 9007199254740993", "d == 9007199254740992");
    selects("j[\"k\"] == 1.0000000000000001e0", 0);
  }

  @Test
  void booleans() {
    allSelect(
        rows(0, 3, 5),
        "b",
        "b == true",
        "b == True",
        "b == TRUE",
        "b != false",
        "b != False",
        "b != FALSE",
        "true == b",
        "b in [true]",
        "(b)",
        "b and true");
    allSelect(rows(1, 4), "!b", "not b", "NOT b", "b == false", "b != true", "b < true");
    allSelect(ALL, "true", "not false", "1 < 2", "'a' != 'b'", "1.0 == 1", "true or b");
    allSelect(rows(), "false", "1 > 2", "b and false", "'a' == 'b'");
  }

  @Test
  void texts() {
    allSelect(
        rows(0),
        "s == 'apple'",
        "s == \"apple\"",
        "s == u8\"apple\"",
        "s == u'apple'",
        "s == U\"apple\"",
        "s == L'apple'",
        "s == r\"apple\"",
        "s == R'apple'",
        "s == \"\\x61pple\"",
        "s == '\\u0061pple'",
        "s == '\\U00000061pple'",
        "s == '\\141pple'");
    allSelect(
        rows(4), "s == 'it\\'s \"x\"'", "s == \"it's \\\"x\\\"\"", "s == \"it's \\x22x\\42\"");
    allSelect(rows(5), "s == '日本'", "s == '\\u65e5\\u672c'", "s == \"\\U000065E5本\"");
    allSelect(rows(0, 1), "s < 'b' and s > 'A'", "s =~ '[Aa]'");
    selects("s == r'\\x61pple'");
  }

  @Test
  void nullTests() {
    allSelect(rows(3), "a is null", "a IS NULL", "not (a is not null)", "(a is null)");
    allSelect(rows(0, 1, 2, 4, 5), "a is not null", "a IS NOT NULL", "not (a is null)");
    allSelect(rows(2), "s is null", "ai is null");
    allSelect(rows(4), "j is null");
    // JSON null and an absent path are null too.
    allSelect(rows(3, 4, 5), "j[\"k\"] is null", "not exists j['k']");
    allSelect(rows(0, 1, 2), "j[\"k\"] is not null", "exists j['k']");
    allSelect(rows(2, 3, 4), "tag is null", "$meta[\"tag\"] is null");
    allSelect(rows(1, 2), "ai is null or array_length(ai) == 0", "ai[0] is null");
    allSelect(ALL, "A is null", "id is not null", "$meta is not null");
  }

  @Test
  void unknownIsNeitherTrueNorFalse() {
    allSelect(rows(2), "a == 4", "not (a != 4)", "not not (a == 4)", "!(!(a == 4))");
    allSelect(rows(0, 1, 4, 5), "not (a == 4)", "a != 4", "a not in [4]", "not (a in [4])");
    allSelect(rows(0, 1, 4, 5), "not (a == 4 and b)", "a != 4 or not b");
    allSelect(rows(0, 3, 5), "a is null or b", "a == 1000 or b");
    allSelect(rows(1, 4), "not (a == 1000 or b)");
    selects("a == 4 and not (a == 4)");
    allSelect(rows(0, 1, 2, 4, 5), "a == 4 or not (a == 4)");
  }

  @Test
  void calls() {
    allSelect(
        rows(0, 3),
        "array_contains(ai, 3)",
        "ARRAY_CONTAINS(ai, 3)",
        "json_contains(ai, 3)",
        "array_contains(ai, 3,)",
        "array_contains(ai, 3.0)",
        "array_contains_any(ai, [3, 100])");
    allSelect(rows(1, 4, 5), "not array_contains(ai, 3)", "!ARRAY_CONTAINS(ai, 3)");
    allSelect(rows(5), "array_contains_all(ai, [1, 9])", "JSON_CONTAINS_ALL(ai, [9, 1, 9])");
    allSelect(rows(0, 1, 3, 4, 5), "array_contains_all(ai, [])", "not array_contains_any(ai, [])");
    selects("array_contains_any(ai, [])");
    selects("array_contains(ai, 2.5)");
    allSelect(rows(0, 1), "array_contains(af, 0.1)", "array_contains_any(af, [0.1, 7])");
    allSelect(rows(0, 5), "array_contains(at, 'x')");
    allSelect(rows(0), "json_contains(j[\"l\"], 'x')", "json_contains_all(j[\"l\"], [1, 2, 1.0])");
    allSelect(
        rows(2), "json_contains(j[\"l\"], [1, 2])", "json_contains_any(j['l'], [[1, 2], 77])");
    allSelect(rows(0, 2), "JSON_CONTAINS_ANY(j[\"l\"], [3, 'x'])");
    allSelect(rows(5), "json_contains(j, 7)", "array_contains_all(j, [8, 7])");
    allSelect(
        rows(3), "json_contains(deep[\"list\"], 4)", "array_length($meta['deep']['list']) == 2");
    allSelect(rows(4, 5), "array_length(ai) == 2", "ARRAY_LENGTH(ai) in [2]");
    allSelect(rows(1), "array_length(ai) == 0", "array_length(ai) < 1");
    allSelect(rows(2, 5), "array_length(j['l']) == 2 or array_length(j) == 2");
  }

  @Test
  void references() {
    allSelect(rows(0), "ai[0] == 1", "ai[0x0] == 1", "at[1] == 'y'", "ai[2] > 0");
    allSelect(rows(0, 4), "ai[1] == 2", "2 == ai[1]");
    selects("ai[100] != 1");
    allSelect(rows(0), "j[\"k\"] == 1", "j['k'] == 1.0", "j[\"l\"][0] == 1", "j['l']['0'] == 1");
    allSelect(rows(2), "j[\"k\"] == '1'", "j[\"l\"][0] == [1, 2]", "j['l'][0][1] == 2");
    allSelect(rows(1), "j[\"o\"][\"p\"]", "j['o']['p'] == true", "j['o'][\"q\"][1]['r'] == 5");
    allSelect(rows(5), "j[0] == 7", "j == [7, 8]", "tag == 5", "$meta[\"a\"] == 1");
    allSelect(rows(0), "tag == \"red\"", "$meta['tag'] == 'red'", "n == 1");
    allSelect(rows(3), "deep[\"list\"][1] == 5", "n == 3", "$meta['deep'][\"list\"] == [4, 5]");
    // A JSON value of another kind is unequal, and neither below nor above.
    allSelect(rows(1, 2), "j[\"k\"] != 1", "not (j['k'] == 1)");
    allSelect(rows(0, 1), "j[\"k\"] > 0");
    allSelect(rows(2), "not (j[\"k\"] > 0)", "not (j['k'] <= 100)");
    allSelect(rows(1, 5), "tag != \"red\"", "not (tag == 'red')");
    selects("missing == 1");
    selects("missing != 1");
  }

  @Test
  void fieldsAgainstFields() {
    allSelect(rows(1, 2, 3, 4), "f == d", "d == f", "not (f != d)");
    allSelect(rows(2, 4, 5), "a > id", "id < a", "a - id > 0");
    allSelect(rows(0), "j[\"k\"] > f and j['k'] < 2", "j['s'] == at[0]");
    allSelect(rows(4), "ai[0] == ai[1]");
    selects("$meta['a'] == j[0]");
  }

  @Test
  void parenthesesAndLists() {
    allSelect(rows(2), "(a) == 4", "((a)) == ((4))", "(a == 4)", "((a == (4)))", "a in ([4])");
    allSelect(rows(1, 2), "a in [1, 4]", "a in [1, 4,]", "a in [ 1 ,4 ]", "a in [4, 4, 1, 1 + 0]");
    selects("a in []");
    allSelect(rows(0, 1, 2, 4, 5), "a not in []", "not (a in [])");
    allSelect(rows(2), "\n a\t==\r\n4 ", "a==4", "a\u0020== 4");
  }

  @Test
  void exists() {
    allSelect(rows(0, 1, 2), "exists j[\"k\"]", "EXISTS j['k']", "exists (j['k'])");
    allSelect(rows(0, 1, 5), "exists tag", "exists $meta[\"tag\"]");
    allSelect(rows(0, 2), "exists j[\"l\"][1]", "exists j['l'] and exists j['k']");
    allSelect(rows(3), "exists deep", "exists deep[\"list\"][0]");
    allSelect(rows(3, 4, 5), "not exists j[\"k\"]");
  }

  @Test
  void like() {
    allSelect(rows(0), "s like \"app%\"", "s LIKE 'appl_'", "s like 'apple'", "s like 'a%pl%e'");
    allSelect(rows(0, 1), "s like '%p%'", "s like '_pple%'");
    allSelect(rows(3), "s like '50\\\\%'", "s like '50\\%'", "s like r'50\\%'", "s like '%\\%'");
    allSelect(rows(5), "s like '__'", "s like '日_'", "s like '_本'");
    allSelect(rows(0, 1, 3, 4, 5), "s like '%'", "s like '%%'", "not (s like '')");
    allSelect(rows(1, 3, 4, 5), "not (s like 'a%')", "!(s like 'a%')");
    allSelect(rows(0, 1), "at[0] like 'x%'", "tag like '%e%'");
    allSelect(rows(2), "j['k'] like '1'");
    allSelect(rows(1, 5), "not (tag like 'r%')");
  }

  @Test
  void regularExpressions() {
    allSelect(rows(0, 1), "s =~ '^[aA]pple'", "s =~ \"pp\"", "s =~ '(?i)APPLE'");
    allSelect(rows(3, 4, 5), "s !~ 'pp'", "not (s =~ 'pp')");
    allSelect(rows(3), "s =~ r'\\d'", "s =~ '\\\\d+%$'", "s =~ '[[:digit:]]{2}'");
    allSelect(rows(1), "tag =~ 'l.e$'", "s =~ '\\\\QApple pie\\\\E'");
  }

  @Test
  void arithmetic() {
    allSelect(rows(2), "a ** 2 == 16", "a * 2 == 8", "2 * a == 8", "a + 1 == 5", "a - 1 == 3");
    allSelect(rows(2), "10 - a == 6", "a + id == 6", "-a == -4", "+a == 4", "~a == -5", "a == ~-5");
    allSelect(rows(2), "-a ** 2 == -16", "a == -(-(4))", "a * 2 + 1 == 9", "(a + 1) * 2 == 10");
    allSelect(rows(4, 5), "a / 2 == 3", "a >> 1 == 3", "3 == a / 2");
    allSelect(rows(2, 4), "a % 2 == 0");
    allSelect(rows(1, 5), "a % 2 == 1");
    allSelect(rows(0), "a % 2 == -1", "j['k'] + 1 == 2");
    allSelect(rows(2), "f * 2 == 3", "a << 1 == 8", "f + 0.25 == 1.75", "a - 1 in [3]");
    allSelect(rows(1), "j[\"k\"] * 2 == 5", "2 ** a == 2");
    allSelect(
        ALL, "2 ** 3 ** 2 == 64", "2 + 3 * 2 == 8", "7 / 2 == 3", "7.0 / 2 == 3.5", "-7 % 3 == -1");
    // A division by zero has no value.
    selects("a / 0 == 1");
    selects("not (a % 0 == 1)");
  }

  @Test
  void bits() {
    allSelect(rows(0, 2, 4, 5), "(a & 4) == 4", "4 == (4 & a)");
    allSelect(rows(2, 4, 5), "(a & 4) == 4 and a > 0", "(a & 0b100) != 0 and a > 0");
    allSelect(rows(4, 5), "(a | 1) == 7");
    allSelect(rows(2), "(a ^ 1) == 5");
    allSelect(rows(0, 2, 4, 5), "(a & 4 | 1 ^ 2) == 7");
    // Tightest first: shifts, and, exclusive or, or.
    allSelect(ALL, "(1 | 2 ^ 3 & 1 << 1) == 1", "(6 & 3 ^ 1 | 8) == 11");
  }

  @Test
  void membership() {
    allSelect(rows(1, 2), "a in [1, 4]", "a IN [1, 4]");
    allSelect(rows(0, 4, 5), "a not in [1, 4]", "a NOT IN [1, 4]", "not (a in [1, 4])");
    allSelect(rows(0, 3), "s in [\"apple\", '50%']");
    allSelect(rows(0, 1), "f in [0.1, 1]", "id in [0, 1.0]");
    allSelect(rows(2), "a in [4.0, 1.5]", "a + 1 in [5]");
    allSelect(rows(0, 5), "tag in [\"red\", 5]", "tag in ['red', 5.0]", "ai[0] in [1, 9]");
    allSelect(rows(1, 5), "tag not in ['red']");
    allSelect(rows(0, 2), "j['k'] in [1, '1']");
    allSelect(rows(2, 5), "j['l'] in [[[1, 2], 3]] or j in [[7, 8]]");
  }

  @Test
  void ranges() {
    allSelect(rows(1, 2), "1 <= a < 6", "6 > a >= 1", "0 < a <= 4", "4 >= a > 0");
    allSelect(rows(0, 4, 5), "not (1 <= a < 6)");
    allSelect(rows(0, 1, 2), "0 < f <= 1.5", "0 < d < 2");
    allSelect(rows(0, 1), "'A' <= s < 'b'", "'b' > s >= 'A'");
    allSelect(rows(0), "0 < j['k'] < 2", "0 < $meta[\"n\"] <= 1", "0 < n < 2");
    allSelect(rows(3, 4, 5), "1 < ai[0] <= 9");
    selects("6 < a < 1");
  }

  @Test
  void comparisons() {
    allSelect(rows(2, 4, 5), "a > 3", "a >= 4", "3 < a", "4 <= a", "not (a <= 3)", "not (a < 4)");
    allSelect(rows(0, 1), "a < 4", "a <= 1", "4 > a", "1 >= a");
    allSelect(rows(0, 1, 4, 5), "a != 4", "4 != a");
    allSelect(rows(0, 1), "s < 'b' and s >= 'A'");
  }

  @Test
  void logic() {
    allSelect(rows(5), "a > 3 and b", "a > 3 AND b", "a > 3 && b", "a > 3&&b", "b and a > 3");
    allSelect(rows(1, 2), "a == 1 or a == 4", "a == 1 OR a == 4", "a == 1 || a == 4");
    // `and` binds tighter than `or`; `not` tighter than both.
    allSelect(rows(1), "a == 1 or a == 4 and b", "a == 1 || a == 4 && b");
    allSelect(rows(), "(a == 1 or a == 4) and b");
    allSelect(rows(1, 4), "not b and a > 0", "not (b) and (a > 0)");
    allSelect(rows(0, 1, 3, 4, 5), "not b or b");
  }

  @Test
  void templates() {
    Map<String, Object> values =
        Map.ofEntries(
            Map.entry("yes", true),
            Map.entry("four", 4L),
            Map.entry("half", 1.5),
            Map.entry("tenth", 0.1),
            Map.entry("word", "apple"),
            Map.entry("quote", "it's \"x\""),
            Map.entry("pattern", "%pp%"),
            Map.entry("none", List.of()),
            Map.entry("bools", List.of(true)),
            Map.entry("longs", List.of(1L, 4L)),
            Map.entry("doubles", List.of(0.1, 1.0)),
            Map.entry("words", List.of("apple", "50%")),
            Map.entry("mixed", List.of(1L, "1", 2.5, true)),
            Map.entry("nested", List.of(List.of(1L, 2L), 3L)));
    Map<String, int[]> expected =
        Map.ofEntries(
            Map.entry("b == {yes}", rows(0, 3, 5)),
            Map.entry("{yes}", ALL),
            Map.entry("a == {four}", rows(2)),
            Map.entry("{ four } == a", rows(2)),
            Map.entry("a == -{four} + 8", rows(2)),
            Map.entry("a + {four} == 8", rows(2)),
            Map.entry("f == {half} and d == {half}", rows(2)),
            Map.entry("f == {tenth}", rows(0)),
            Map.entry("{half} < a <= {four}", rows(2)),
            Map.entry("s == {word}", rows(0)),
            Map.entry("s == {quote}", rows(4)),
            Map.entry("s like {pattern}", rows(0, 1)),
            Map.entry("s =~ {word}", rows(0)),
            Map.entry("a in {none}", rows()),
            Map.entry("b in {bools}", rows(0, 3, 5)),
            Map.entry("a in {longs}", rows(1, 2)),
            Map.entry("a not in {longs}", rows(0, 4, 5)),
            Map.entry("a in [{four}, 1]", rows(1, 2)),
            Map.entry("f in {doubles}", rows(0, 1)),
            Map.entry("s in {words}", rows(0, 3)),
            Map.entry("j['k'] in {mixed}", rows(0, 1, 2)),
            Map.entry("j['l'] == {nested}", rows(2)),
            Map.entry("json_contains_all(j['l'], {nested})", rows(2)),
            Map.entry("array_contains_any(ai, {longs})", rows(0, 5)),
            Map.entry("array_contains(at, {word})", rows()),
            Map.entry("tag == {word} or tag in {words}", rows()));
    expected.forEach((expression, rows) -> selects(new Filter(expression, values), rows));
  }
}
