package io.elanus.rag.eval;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Whether B is better than A on the same questions.
 *
 * @param difference mean of B − A
 * @param low of the 95 % interval of the difference, by bootstrap over questions (percentiles)
 * @param high likewise
 * @param probability of a difference at least this large, either way, if A and B were alike: paired
 *     randomisation test (Smucker, Allan and Carterette 2007), signs of differences thrown at
 *     random
 * @param better questions on which B is ahead
 * @param worse questions on which A is ahead
 */
public record Comparison(
    double difference, double low, double high, double probability, int better, int worse) {
  private static final int ROUNDS = 10_000;
  private static final double TIE = 1e-12;

  /**
   * @param a one value per question
   * @param b in the same order
   */
  public static Comparison of(double[] a, double[] b, long seed) {
    if (a.length != b.length || a.length == 0) {
      throw new IllegalArgumentException("two lists of the same questions are compared");
    }
    double[] differences = new double[a.length];
    int better = 0;
    int worse = 0;
    for (int i = 0; i < a.length; i++) {
      differences[i] = b[i] - a[i];
      better += differences[i] > TIE ? 1 : 0;
      worse += differences[i] < -TIE ? 1 : 0;
    }
    double observed = mean(differences);
    double[] resampled = resampled(differences, new SplittableRandom(seed));
    return new Comparison(
        observed,
        resampled[(int) (0.025 * ROUNDS)],
        resampled[(int) (0.975 * ROUNDS) - 1],
        probability(differences, Math.abs(observed), new SplittableRandom(seed + 1)),
        better,
        worse);
  }

  private static double[] resampled(double[] differences, SplittableRandom random) {
    double[] means = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double sum = 0;
      for (int i = 0; i < differences.length; i++) {
        sum += differences[random.nextInt(differences.length)];
      }
      means[round] = sum / differences.length;
    }
    Arrays.sort(means);
    return means;
  }

  private static double probability(
      double[] differences, double observed, SplittableRandom random) {
    int asLarge = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double sum = 0;
      for (double difference : differences) {
        sum += random.nextBoolean() ? difference : -difference;
      }
      asLarge += Math.abs(sum / differences.length) >= observed - TIE ? 1 : 0;
    }
    // The order that was seen is one of those that could be.
    return (asLarge + 1.0) / (ROUNDS + 1.0);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }
}
