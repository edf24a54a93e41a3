package io.elanus.testkit.workload;

import io.elanus.model.query.Filter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Filters over the fields of {@link RandomRows}; a few of them mean nothing, and must be refused.
 */
final class RandomFilters {
  private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=");
  private static final List<String> NUMBERS = List.of("n", "f", "g", "d", "a[0]", "a[2]", "x");
  private static final List<String> NONSENSE =
      List.of("n ==", "t > 5", "other_than[\"a\"", "n in n", "v == 1", "b + 1 == 2", "(n == 1");

  private final Random random;
  private final boolean textKeys;
  private final Map<String, Object> parameters = new HashMap<>();

  private RandomFilters(Random random, boolean textKeys) {
    this.random = random;
    this.textKeys = textKeys;
  }

  static Filter next(Random random, boolean textKeys) {
    RandomFilters filters = new RandomFilters(random, textKeys);
    String expression =
        random.nextInt(60) == 0 ? filters.pick(NONSENSE) : filters.condition(1 + random.nextInt(3));
    return new Filter(expression, filters.parameters);
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private String condition(int depth) {
    if (depth == 0) {
      return leaf();
    }
    return switch (random.nextInt(6)) {
      case 0 -> "not (" + condition(depth - 1) + ")";
      case 1 -> condition(depth - 1) + " and " + condition(depth - 1);
      case 2 -> condition(depth - 1) + " or " + condition(depth - 1);
      case 3 -> "(" + condition(depth - 1) + " or " + condition(depth - 1) + ") and " + leaf();
      default -> leaf();
    };
  }

  private String leaf() {
    return switch (random.nextInt(15)) {
      case 0, 1 -> number() + " " + pick(COMPARISONS) + " " + constant();
      case 2 -> constant() + " " + pick(COMPARISONS) + " " + number();
      case 3 -> number() + pick(List.of(" in ", " not in ")) + list(false);
      case 4 -> "t " + pick(COMPARISONS) + " " + text();
      case 5 -> "t" + pick(List.of(" in ", " not in ")) + list(true);
      case 6 -> pick(List.of("t", "y", "j[\"k\"]")) + " like " + pattern();
      case 7 -> pick(List.of("n", "t", "a", "j", "g", "j[\"k\"]", "x")) + nullTest();
      case 8 -> array();
      case 9 -> pick(List.of("b", "not b", "b == true", "b != false", "true", "false"));
      case 10 -> json();
      case 11 -> key();
      case 12 -> (random.nextInt(5) - 3) + " <= n < " + random.nextInt(8);
      case 13 -> pick(List.of("exists x", "exists j[\"o\"][\"p\"]", "not exists y"));
      default -> template();
    };
  }

  private String nullTest() {
    return random.nextBoolean() ? " is null" : " is not null";
  }

  private String number() {
    String field = pick(NUMBERS);
    return switch (random.nextInt(6)) {
      case 0 -> field + " + " + random.nextInt(5);
      case 1 -> field + " * 2 - 3";
      case 2 -> "d % " + (2 + random.nextInt(3));
      case 3 -> "n / " + (random.nextInt(4) - 1 == 0 ? "d" : "2");
      default -> field;
    };
  }

  private String constant() {
    return random.nextBoolean()
        ? Integer.toString(random.nextInt(21) - 10)
        : Double.toString((random.nextInt(41) - 20) / 4.0);
  }

  private String text() {
    return "\"" + pick(RandomRows.TEXTS) + "\"";
  }

  private String pattern() {
    return "\""
        + pick(List.of("a%", "%b", "%b%", "_", "a_", "%", "", "ab", "50\\\\%", "%\\\\_%", "_b%"))
        + "\"";
  }

  private String list(boolean texts) {
    List<String> items = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      items.add(texts ? text() : constant());
    }
    return "[" + String.join(", ", items) + "]";
  }

  private String array() {
    return switch (random.nextInt(5)) {
      case 0 -> "array_contains(a, " + random.nextInt(10) + ")";
      case 1 -> "array_contains_all(a, [" + random.nextInt(10) + ", " + random.nextInt(10) + "])";
      case 2 -> "array_contains_any(a, [" + random.nextInt(10) + ", " + random.nextInt(10) + "])";
      case 3 -> "json_contains(j[\"k\"], " + random.nextInt(10) + ")";
      default -> "array_length(a) " + pick(COMPARISONS) + " " + random.nextInt(5);
    };
  }

  private String json() {
    return switch (random.nextInt(4)) {
      case 0 -> "j[\"k\"] " + pick(COMPARISONS) + " " + constant();
      case 1 -> "j[\"k\"] " + pick(List.of("==", "!=")) + " " + text();
      case 2 -> "j[\"o\"][\"p\"] in [1, 2, 3.0]";
      default -> "x " + pick(COMPARISONS) + " " + random.nextInt(10);
    };
  }

  private String key() {
    List<String> keys = new ArrayList<>();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      int number = random.nextInt(RandomRows.KEYS);
      keys.add(textKeys ? "\"k" + number + "\"" : Integer.toString(number));
    }
    return random.nextBoolean()
        ? "id in [" + String.join(",", keys) + "]"
        : "id " + pick(COMPARISONS) + " " + keys.getFirst();
  }

  private String template() {
    String name = "p" + parameters.size();
    if (random.nextBoolean()) {
      parameters.put(name, List.of((long) random.nextInt(10), (long) random.nextInt(10)));
      return switch (random.nextInt(3)) {
        case 0 -> "n in {" + name + "}";
        case 1 -> "d not in {" + name + "}";
        default -> "array_contains_any(a, {" + name + "})";
      };
    }
    parameters.put(name, (random.nextInt(41) - 20) / 4.0);
    return "f " + pick(COMPARISONS) + " {" + name + "}";
  }
}
