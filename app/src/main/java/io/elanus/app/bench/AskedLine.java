package io.elanus.app.bench;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.Map;
import java.util.TreeMap;

/**
 * A line of what to measure: words of key=value.
 *
 * @param search everything that is not one of the others
 * @param share of the rows that the filter passes
 */
record AskedLine(Map<String, String> search, double share, int clients, int seconds) {
  static AskedLine of(String line) {
    Map<String, String> words = new TreeMap<>();
    for (String word : line.strip().split("\\s+", -1)) {
      String[] pair = word.split("=", 2);
      if (pair.length != 2) {
        throw bad(line);
      }
      words.put(pair[0], pair[1]);
    }
    try {
      double share = Double.parseDouble(taken(words, "filter", "1"));
      int clients = Integer.parseInt(taken(words, "clients", "1"));
      int seconds = Integer.parseInt(taken(words, "seconds", "5"));
      return new AskedLine(words, share, clients, seconds);
    } catch (NumberFormatException e) {
      throw bad(line);
    }
  }

  private static String taken(Map<String, String> words, String key, String otherwise) {
    String value = words.remove(key);
    return value == null ? otherwise : value;
  }

  private static ElanusException bad(String line) {
    return new ElanusException(
        ErrorCode.INVALID_ARGUMENT,
        "a line of --ask is words of key=value, as ef=64 filter=0.1 clients=8 seconds=3; got '%s'"
            .formatted(line));
  }
}
