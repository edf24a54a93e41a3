package io.elanus.testkit.oracle;

import io.elanus.model.schema.Field;
import io.elanus.testkit.oracle.OracleTable.Row;
import io.elanus.testkit.text.Words;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** BM25 by its formula, over all rows of a table. */
final class OracleRelevance {
  private final Field text;
  private final double k1;
  private final double b;
  private final double averageLength;
  private final Map<String, Double> weights = new LinkedHashMap<>();

  /**
   * @param dropRatio share of the words that weigh least, which are left out
   */
  OracleRelevance(
      OracleTable table, Field text, String query, double k1, double b, double dropRatio) {
    this.text = text;
    this.k1 = k1;
    this.b = b;
    long words = 0;
    Map<String, Integer> rowsWith = new TreeMap<>();
    for (Row row : table.rows) {
      List<String> all = words(row);
      words += all.size();
      Set<String> distinct = new HashSet<>(all);
      distinct.forEach(word -> rowsWith.merge(word, 1, Integer::sum));
    }
    int rows = table.rows.size();
    averageLength = rows == 0 ? 0 : (double) words / rows;
    Map<String, Integer> asked = new TreeMap<>();
    Words.texts(Words.of(text, query)).forEach(word -> asked.merge(word, 1, Integer::sum));
    asked.forEach(
        (word, times) -> {
          double n = rowsWith.getOrDefault(word, 0);
          weights.put(word, times * Math.log(1 + (rows - n + 0.5) / (n + 0.5)));
        });
    List<Double> sorted = weights.values().stream().sorted().toList();
    if (!sorted.isEmpty()) {
      double least = sorted.get((int) (dropRatio * sorted.size()));
      weights.values().removeIf(weight -> weight < least);
    }
  }

  private List<String> words(Row row) {
    return row.values().get(text.name()) instanceof String value
        ? Words.texts(Words.of(text, value))
        : List.of();
  }

  float of(Row row) {
    List<String> words = words(row);
    double score = 0;
    for (Map.Entry<String, Double> weight : weights.entrySet()) {
      double times = words.stream().filter(weight.getKey()::equals).count();
      double length = k1 * (1 - b + b * words.size() / averageLength);
      score += times == 0 ? 0 : weight.getValue() * times * (k1 + 1) / (times + length);
    }
    return (float) score;
  }
}
