package io.elanus.rag.reembed.shadow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A mean, and between which numbers it lies by 95 % (bootstrap over questions, percentiles; Efron
 * 1979).
 */
record Interval(double mean, double low, double high) {
  private static final int ROUNDS = 2_000;
  private static final long SEED = 1;

  /**
   * @param values at least one
   */
  static Interval of(double[] values) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] means = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        sum += values[random.nextInt(values.length)];
      }
      means[round] = sum / values.length;
    }
    Arrays.sort(means);
    return new Interval(
        Arrays.stream(values).average().orElseThrow(),
        means[(int) (0.025 * ROUNDS)],
        means[(int) (0.975 * ROUNDS) - 1]);
  }

  /** Of logarithms, as what they are logarithms of. */
  Interval exponential() {
    return new Interval(Math.exp(mean), Math.exp(low), Math.exp(high));
  }

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("mean", rounded(mean))
        .put("low", rounded(low))
        .put("high", rounded(high));
  }

  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
