package io.elanus.bench.race;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Lines of name=value words, divided by blanks or commas, and JSON written from such. */
final class Words {
  private Words() {}

  static Map<String, String> parse(String line) {
    Map<String, String> words = new LinkedHashMap<>();
    for (String word : line.strip().split("[ ,]+", -1)) {
      if (!word.isEmpty()) {
        int equals = word.indexOf('=');
        if (equals < 1) {
          throw new IllegalArgumentException("want name=value, got " + word);
        }
        words.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return words;
  }

  static String json(Map<String, ?> fields) {
    return fields.entrySet().stream()
        .map(f -> quoted(f.getKey()) + ": " + value(f.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String value(Object value) {
    return switch (value) {
      case Number number -> number.toString();
      case Map<?, ?> map ->
          json(
              map.entrySet().stream()
                  .collect(
                      Collectors.toMap(
                          e -> e.getKey().toString(),
                          Map.Entry::getValue,
                          (a, b) -> b,
                          LinkedHashMap::new)));
      default -> value.equals("") ? "null" : quoted(value.toString());
    };
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
