package io.elanus.engine.filter;

import static io.elanus.engine.filter.FilterTable.refuses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a filter may not say; each refusal names the part, its place and the reason. */
class FilterRefusalTest {
  @Test
  void whatDoesNotParse() {
    refuses("a ==", "1:4", "<EOF>");
    refuses("a = 4", "1:2", "'='");
    refuses("a == 4 And b", "1:7", "'And'");
    refuses("a == 4 b", "1:7", "'b'");
    refuses("a\n  == 4 )", "2:7", "')'");
    refuses("(a == 4", "1:7", "<EOF>");
    refuses("a is  null", "1:2", "'is'");
    refuses("a Is null", "1:2", "'Is'");
    refuses("(a + 1) is null", "1:8", "'is null'");
    refuses("a == 'x", "1:5", "'x");
    refuses("a # 4", "1:2", "'#'");
    refuses("a == 09", "1:6", "'9'");
    refuses("a == 0x", "1:6", "'x'");
    refuses("a in [1,,2]", "1:8", "',,'");
    refuses("a in [,]", "1:6", "','");
    refuses("a == {4}", "1:6", "'4'");
    refuses("ai[-1] == 1", "1:3", "'ai[-'");
    refuses("j[k] == 1", "1:2", "'j[k'");
    refuses("a ! 4", "1:2", "'!'");
    refuses("like 'x'", "1:0", "'like'");
  }

  @Test
  void whatIsNoCondition() {
    refuses("a", "1:0", "`a`", "not a boolean expression");
    refuses("5", "1:0", "`5`", "not a boolean expression");
    refuses("'x'", "1:0", "`'x'`", "not a boolean expression");
    refuses("b and a + 1", "1:6", "`a + 1`", "not a boolean expression");
    refuses("b or b or\n  s", "2:2", "`s`", "not a boolean expression");
    // `not` binds tighter than a comparison, and a comparison tighter than bits.
    refuses("not a == 1", "1:4", "`a`", "not a boolean expression");
    refuses("a & 4 == 4", "1:4", "`4 == 4`", "a truth value stands where a value is needed");
    refuses("not b == true", "1:0", "`not b`", "a truth value stands");
    refuses("(a == 1) + 1 == 2", "1:1", "`a == 1`", "a truth value stands");
    refuses("exists tag == 1", "1:0", "`exists tag`", "a truth value stands");
    refuses("a < 3 == true", "1:0", "`a < 3`", "a truth value stands");
  }

  @Test
  void whatDoesNotCompare() {
    refuses("a == \"x\"", "1:0", "`a == \"x\"`", "comparison invalid type", "a (INTEGER)", "TEXT");
    refuses("b or s > 5", "1:5", "`s > 5`", "comparison invalid type", "s (TEXT)");
    refuses("b == 1", "1:0", "b (BOOL)", "INTEGER");
    refuses("f == true", "1:0", "f (FLOATING)", "BOOL");
    refuses("a == s", "1:0", "a (INTEGER)", "s (TEXT)");
    refuses("ai[0] == 'x'", "1:0", "ai[0] (INTEGER)", "TEXT");
    refuses("ai == [3]", "1:0", "ai (LIST)", "LIST");
    refuses("[1] == [1]", "1:0", "LIST cannot be compared with LIST");
    refuses("ai == 3", "1:0", "ai (LIST)", "INTEGER");
    refuses("1 == 'x'", "1:0", "comparison invalid type");
    refuses("j['l'] < [1]", "1:0", "`j['l'] < [1]`", "lists have no order");
    refuses("a in ['x']", "1:0", "`a in ['x']`", "a (INTEGER)", "TEXT");
    refuses("1 < s < 3", "1:0", "`1 < s < 3`", "s (TEXT)");
    refuses("a < f < d", "1:0", "`a < f < d`", "the bounds of a range must be constants");
    refuses("1 < a < id", "1:0", "the bounds of a range must be constants");
    refuses("1 < a > 0", "1:0", "`1 < a`", "a truth value stands");
  }

  @Test
  void whatIsNoPlace() {
    refuses("v == 1", "1:0", "`v`", "vector field v cannot be filtered");
    refuses("b and a[0] == 1", "1:6", "`a[0]`", "INT32", "[]");
    refuses("ai['x'] == 1", "1:0", "`ai['x']`", "ARRAY");
    refuses("ai[0][1] == 1", "1:0", "`ai[0][1]`");
    refuses("exists a", "1:0", "`exists a`", "only supported on json key");
    refuses("exists j", "1:0", "`exists j`", "only supported on json key");
    refuses("exists 5", "1:0", "`exists 5`");
    Schema fixed =
        new Schema(
            "fixed",
            "",
            List.of(Field.named("id", DataType.INT64).id(100).primaryKey(true).build()),
            false,
            0);
    assertThatThrownBy(() -> Filters.compile(Filter.of("id > 3 and nothing == 1"), fixed))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("error: field nothing not exist (line 1:11, `nothing`)");
  }

  @Test
  void listsAndPatterns() {
    refuses("a in 3", "1:0", "`a in 3`", "the right-hand side of 'in' must be a list");
    refuses("a in b", "1:0", "must be a list");
    refuses("a not in 'x'", "1:0", "must be a list");
    refuses("3 in [3]", "1:0", "non-const");
    refuses("a in [1, b]", "1:5", "`[1, b]`", "array element type must be constant");
    refuses("a like 'x'", "1:0", "`a like 'x'`", "a (INTEGER)");
    refuses("s like 5", "1:0", "`s like 5`", "the pattern of 'like' must be a string");
    refuses("s like tag", "1:0", "must be constant");
    refuses("'x' like 'x'", "1:0", "'like' can only be used on strings");
    refuses("a =~ 'x'", "1:0", "'=~' can only be used on strings", "a (INTEGER)");
    refuses("s !~ 5", "1:0", "a regular expression must be a string");
    refuses("s =~ '('", "1:0", "`s =~ '('`", "bad regular expression");
    refuses("s =~ '(a)\\\\1'", "1:0", "bad regular expression");
  }

  @Test
  void arithmeticAndNumbers() {
    refuses("s + 1 == 2", "1:0", "`s + 1`", "numbers", "s (TEXT)");
    refuses("1 + b == 2", "1:0", "`1 + b`", "b (BOOL)");
    refuses("ai * 2 == 2", "1:0", "ai (LIST)");
    refuses("-s == 1", "1:0", "`-s`", "s (TEXT)");
    refuses("s == -'x'", "1:5", "`-'x'`", "unary - cannot be applied to TEXT");
    refuses("a == ~1.5", "1:5", "`~1.5`", "unary ~ cannot be applied to FLOATING");
    refuses("b == -true", "1:5", "`-true`");
    refuses("a == 1 / 0", "1:5", "`1 / 0`", "division or modulus by zero");
    refuses("a == 5 % 0", "1:5", "`5 % 0`", "division or modulus by zero");
    refuses("(f & 1) == 1", "1:1", "`f & 1`", "bitwise");
    refuses("~f == 1", "1:0", "`~f`", "bitwise");
    refuses("(a << 1.5) == 1", "1:1", "`a << 1.5`", "bitwise");
    refuses("(1 | 1.5) == 1", "1:1", "`1 | 1.5`", "bitwise");
    refuses("id == 9223372036854775808", "1:0", "9223372036854775808 is out of the range");
    refuses("id == -9223372036854775809", "1:6", "out of the range of 64 bits");
    refuses("id in [1, 9223372036854775808]", "1:6", "9223372036854775808 is out of the range");
    refuses("id + 0x10000000000000000 == 1", "1:0", "out of the range of 64 bits");
    refuses("j[99999999999999999999] == 1", "1:0", "out of the range of 64 bits");
    refuses("s == '\\uD800'", "1:5", "an escape in a string names no character");
    refuses("s == '\\U00110000'", "1:5", "names no character");
  }

  @Test
  void calls() {
    refuses("b and frobnicate(a)", "1:6", "`frobnicate(a)`", "function frobnicate not found");
    refuses("Array_Contains(ai, 1)", "1:0", "function Array_Contains not found");
    refuses("array_contains(ai)", "1:0", "takes a field and a value");
    refuses("array_contains(ai, 1, 2)", "1:0", "takes a field and a value");
    refuses("array_contains(a, 1)", "1:0", "`array_contains(a, 1)`", "a (INTEGER)");
    refuses("array_contains(ai[0], 1)", "1:0", "ai[0] (INTEGER)");
    refuses("array_contains(ai, 'x')", "1:0", "TEXT", "the elements of ai are INTEGER");
    refuses("array_contains_any(ai, [1, 'x'])", "1:0", "TEXT", "the elements of ai are INTEGER");
    refuses("array_contains_all(ai, 1)", "1:0", "must be an array");
    refuses("json_contains(j['l'], a)", "1:0", "must be constant");
    refuses("array_contains(ai, value=1)", "1:0", "there is no option value");
    refuses("array_length(a) > 0", "1:0", "`array_length(a)`", "a (INTEGER)");
    refuses("array_length() > 0", "1:0", "array_length takes one field");
    refuses("array_length(ai)", "1:0", "not a boolean expression");
  }

  @Test
  void whatComesLater() {
    for (String call :
        List.of(
            "random_sample(0.5)",
            "element_filter(people, $[age] > 3 and $[name] == 'x')",
            "match_all(people, $[age] > 3)",
            "match_any(people, $[age] > 3)",
            "match_least(people, $[age] > 3, threshold=2)",
            "match_most(people, $[age] > 3, threshold=2)",
            "MATCH_EXACT(people, $[age] > 3, threshold=2)",
            "st_equals(geo, 'POINT (1 1)')",
            "st_dwithin(geo, 'POINT (1 1)', 100)",
            "ST_CONTAINS(geo, 'POINT (1 1)')",
            "st_isvalid(geo)",
            "empty(s)",
            "starts_with(s, 'a')",
            "bloom_match(s, {bloom})")) {
      String name = call.substring(0, call.indexOf('('));
      Filter filter = Filter.of("b and " + call);
      refuses(filter, ErrorCode.UNSUPPORTED, "1:6", "function " + name, "not offered yet");
    }
    Filter time = Filter.of("ts > ISO '2025-01-01T00:00:00+08:00'");
    refuses(time, ErrorCode.UNSUPPORTED, "1:5", "time zone", "not offered yet");
    Filter interval = Filter.of("ts + interval 'P1D' < iso '2025-01-01T00:00:00Z'");
    refuses(interval, ErrorCode.UNSUPPORTED, "1:5", "time zone", "not offered yet");
    refuses(Filter.of("$ > 3"), ErrorCode.UNSUPPORTED, "1:0", "`$`", "struct array");
    refuses(Filter.of("$[age] > 3"), ErrorCode.UNSUPPORTED, "1:0", "`$[age]`", "struct array");
  }

  @Test
  void templates() {
    Map<String, Object> values = Map.of("n", 4L, "s", "x", "l", List.of(1L, "x"));
    refuse(values, "a == {missing}", "1:5", "{missing} is not found");
    refuse(values, "a == {s}", "1:0", "a (INTEGER)", "TEXT");
    refuse(values, "a in {n}", "1:0", "must be a list");
    refuse(values, "a in {l}", "1:0", "a (INTEGER)", "TEXT");
    refuse(values, "array_contains_any(ai, {l})", "1:0", "TEXT", "the elements of ai are INTEGER");
    refuse(values, "s like {n}", "1:0", "must be a string");
    refuse(values, "{n}", "1:0", "`{n}`", "not a boolean expression");
    refuse(values, "{field} == 4", "1:0", "{field} is not found");
  }

  private static void refuse(
      Map<String, Object> values, String expression, String at, String... words) {
    refuses(new Filter(expression, values), ErrorCode.INVALID_EXPRESSION, at, words);
  }
}
