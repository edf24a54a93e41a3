package io.elanus.engine.filter;

import io.elanus.model.query.Filter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random expressions over {@link RandomRows#SCHEMA}; most of them make sense, some do not. */
final class RandomFilters {
  private static final List<String> NUMBERS =
      List.of("id", "i8", "i32", "i64", "f", "d", "ai[0]", "ai[1]", "af[0]", "array_length(ai)");
  private static final List<String> WHOLE_NUMBERS =
      List.of("id", "i8", "i32", "i64", "ai[0]", "j['b']", "array_length(ai)");
  private static final List<String> STRINGS = List.of("s", "t", "at[0]", "at[2]");
  private static final List<String> PATHS =
      List.of(
          "j[\"a\"]",
          "j['b']",
          "j[\"a\"][\"b\"]",
          "j[\"c\"][0]",
          "j[\"c\"][1][\"a\"]",
          "a",
          "c[0]",
          "c",
          "$meta[\"a\"]",
          "$meta['b'][\"c\"]");
  private static final List<String> ARRAYS = List.of("ai", "af", "ab", "at");
  private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=");
  private static final List<String> ARITHMETIC = List.of("+", "-", "*", "/", "%");

  private final Random random;
  private final Map<String, Object> parameters = new HashMap<>();

  RandomFilters(Random random) {
    this.random = random;
  }

  Filter next() {
    parameters.clear();
    return new Filter(predicate(3), parameters);
  }

  private String predicate(int depth) {
    if (depth == 0) {
      return leaf();
    }
    return switch (random.nextInt(8)) {
      case 0, 1 -> chain(depth, pick(List.of("and", "AND", "&&")));
      case 2, 3 -> chain(depth, pick(List.of("or", "OR", "||")));
      case 4 -> pick(List.of("not ", "NOT ", "!")) + "(" + predicate(depth - 1) + ")";
      case 5 -> predicate(depth - 1) + pick(List.of(" and ", " or ")) + predicate(depth - 1);
      default -> leaf();
    };
  }

  private String chain(int depth, String operator) {
    return IntStream.range(0, 2 + random.nextInt(3))
        .mapToObj(i -> "(" + predicate(depth - 1) + ")")
        .collect(Collectors.joining(" " + operator + " "));
  }

  private String leaf() {
    return switch (random.nextInt(17)) {
      case 16 ->
          pick(List.of(pick(STRINGS), pick(PATHS)))
              + pick(List.of(" =~ ", " !~ "))
              + pick(List.of("'^a'", "\"b|c\"", "'a.c$'", "r'^\\w+$'", "''", "'[日ä]'"));
      case 0, 1, 2 -> compared(number(), this::numberLiteral);
      case 3, 4 -> compared(pick(STRINGS), this::text);
      case 5, 6 -> compared(pick(PATHS), this::anyLiteral);
      case 7 -> in();
      case 8 -> pick(List.of(pick(STRINGS), pick(PATHS))) + " like " + pattern();
      case 9 -> pick(RandomRows.SCHEMA.fields()).name() + nullTest();
      case 10 -> pick(PATHS) + nullTest();
      case 11 -> "exists " + pick(PATHS);
      case 12 -> contains();
      case 13 -> range();
      case 14 ->
          pick(List.of(number(), pick(STRINGS), pick(PATHS)))
              + " "
              + pick(COMPARISONS)
              + " "
              + pick(List.of(number(), pick(PATHS), pick(PATHS)));
      default ->
          pick(List.of("b", "b == true", "b != false", "true", "ab[0]", "b < ab[1]", pick(PATHS)));
    };
  }

  private String nullTest() {
    return pick(List.of(" is null", " is not null"));
  }

  private String compared(String operand, Supplier<String> literal) {
    String operator = " " + pick(COMPARISONS) + " ";
    return random.nextInt(4) == 0
        ? literal.get() + operator + operand
        : operand + operator + literal.get();
  }

  private String number() {
    String operand = pick(NUMBERS);
    String whole = random.nextInt(8) == 0 ? operand : pick(WHOLE_NUMBERS);
    return switch (random.nextInt(9)) {
      case 8 ->
          pick(
              List.of(
                  operand + " ** 2",
                  "-" + operand + " ** -1",
                  "2 * " + operand + " - 1",
                  "~" + whole,
                  "(" + whole + pick(List.of(" << ", " >> ")) + random.nextInt(4) + ")"));
      case 0 -> operand + " " + pick(ARITHMETIC) + " " + nonZero();
      case 1 -> "(" + pick(PATHS) + " " + pick(ARITHMETIC) + " " + nonZero() + ")";
      case 2 -> "-" + operand;
      case 3 -> "(" + whole + pick(List.of(" & ", " | ", " ^ ")) + random.nextInt(8) + ")";
      case 4 -> operand + " + " + pick(NUMBERS);
      default -> operand;
    };
  }

  private String nonZero() {
    return pick(List.of("1", "2", "3", "0x10", "0.5", "-7", "100"));
  }

  private String range() {
    String operand =
        pick(List.of("id", "i8", "i32", "i64", "f", "d", "ai[0]", "j[\"a\"]", "a", "s", "at[1]"));
    boolean text = STRINGS.contains(operand) || operand.equals("at[1]") || random.nextInt(30) == 0;
    Supplier<String> bound = text ? this::text : this::numberLiteral;
    String sign = pick(List.of("<", ">"));
    return bound.get() + sign + either("", "=") + operand + sign + either("", "=") + bound.get();
  }

  private String in() {
    String operand = pick(List.of(pick(NUMBERS), pick(STRINGS), pick(PATHS), "b"));
    Supplier<String> literal =
        STRINGS.contains(operand)
            ? this::text
            : NUMBERS.contains(operand)
                ? this::numberLiteral
                : operand.equals("b") ? this::bool : this::anyLiteral;
    return operand + either(" in ", " not in ") + list(literal);
  }

  private String contains() {
    String array = pick(List.of(pick(ARRAYS), pick(PATHS), "j"));
    Supplier<String> literal =
        switch (array) {
          case "ai", "af" -> this::numberLiteral;
          case "ab" -> this::bool;
          case "at" -> this::text;
          default -> this::anyLiteral;
        };
    String function = pick(List.of("array_contains", "json_contains", "JSON_CONTAINS"));
    String suffix = pick(List.of("", "_all", "_any"));
    boolean upper = function.startsWith("J");
    return function
        + (upper ? suffix.toUpperCase(java.util.Locale.ROOT) : suffix)
        + "("
        + array
        + ", "
        + (suffix.isEmpty() ? literal.get() : list(literal))
        + ")";
  }

  private String list(Supplier<String> literal) {
    int size = random.nextInt(5);
    return IntStream.range(0, size)
        .mapToObj(i -> literal.get())
        .collect(Collectors.joining(", ", "[", size > 0 && random.nextInt(5) == 0 ? ",]" : "]"));
  }

  /** The value as it is spelled, or bound to a name. */
  private String bound(Object value, String spelled) {
    if (random.nextInt(10) > 0) {
      return spelled;
    }
    String name = "p" + parameters.size();
    parameters.put(name, value);
    return "{" + name + "}";
  }

  private String anyLiteral() {
    return switch (random.nextInt(6)) {
      case 0, 1, 2 -> numberLiteral();
      case 3 -> bool();
      default -> text();
    };
  }

  private String bool() {
    boolean value = random.nextBoolean();
    return bound(value, pick(value ? List.of("true", "True", "TRUE") : List.of("false", "FALSE")));
  }

  private String numberLiteral() {
    if (random.nextInt(3) == 0) {
      double value = pick(RandomRows.FLOATINGS);
      boolean hex = random.nextInt(8) == 0;
      return bound(value, hex ? Double.toHexString(value) : Double.toString(value));
    }
    long value = pick(RandomRows.INTEGERS);
    String digits =
        switch (value < 0 ? 9 : random.nextInt(10)) {
          case 0 -> "0x" + Long.toHexString(value);
          case 1 -> "0B" + Long.toBinaryString(value);
          case 2 -> "0" + Long.toOctalString(value);
          default -> Long.toString(value);
        };
    return bound(value, digits);
  }

  private String text() {
    String text = pick(RandomRows.TEXTS);
    String escaped = text.replace("\\", "\\\\").replace("\n", "\\n");
    boolean raw = text.indexOf('\n') < 0 && random.nextInt(8) == 0;
    String hex =
        text.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining("", "u8\"", "\""));
    return bound(
        text,
        switch (random.nextInt(9)) {
          case 0 -> raw ? "R\"" + text + '"' : hex;
          case 1, 2, 3, 4 -> '"' + escaped + '"';
          default -> "'" + escaped.replace("'", "\\'") + "'";
        });
  }

  private String pattern() {
    return pick(
        List.of(
            "\"a%\"",
            "\"%c\"",
            "'%b%'",
            "'_'",
            "'a_c'",
            "'a\\\\_c'",
            "'a\\\\%c'",
            "''",
            "'%'",
            "'日_'",
            "'abc'",
            "'%a%c%'"));
  }

  private String either(String a, String b) {
    return random.nextBoolean() ? a : b;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
