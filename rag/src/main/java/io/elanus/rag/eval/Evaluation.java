package io.elanus.rag.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All measures of one setting over a judged set.
 *
 * @param rankings ids by question, best first
 * @param values per measure, one per question in the set's order
 */
public record Evaluation(Map<String, List<String>> rankings, Map<Measure, double[]> values) {
  /** The measures that are always told. */
  public static final List<Measure> MEASURES =
      List.of(
          new Measure(Measure.Kind.NDCG, 10),
          new Measure(Measure.Kind.AVERAGE_PRECISION, 0),
          new Measure(Measure.Kind.RECIPROCAL_RANK, 10),
          new Measure(Measure.Kind.RECALL, 10),
          new Measure(Measure.Kind.RECALL, 100),
          new Measure(Measure.Kind.PRECISION, 5));

  /** A question without a ranking counts with zero. */
  public static Evaluation of(JudgedSet set, Map<String, List<String>> rankings) {
    Map<Measure, double[]> values = new LinkedHashMap<>();
    for (Measure measure : MEASURES) {
      List<Double> each = new ArrayList<>();
      for (String question : set.questions().keySet()) {
        each.add(
            measure.of(
                rankings.getOrDefault(question, List.of()),
                set.gains().getOrDefault(question, Map.of())));
      }
      values.put(measure, each.stream().mapToDouble(Double::doubleValue).toArray());
    }
    return new Evaluation(rankings, values);
  }

  public double mean(Measure measure) {
    double[] all = values(measure);
    double sum = 0;
    for (double value : all) {
      sum += value;
    }
    return sum / all.length;
  }

  public double[] values(Measure measure) {
    double[] all = values.get(measure);
    if (all == null) {
      throw new IllegalArgumentException("it was not measured: " + measure.name());
    }
    return all;
  }
}
