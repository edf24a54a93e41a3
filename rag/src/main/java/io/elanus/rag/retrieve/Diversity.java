package io.elanus.rag.retrieve;

import java.util.ArrayList;
import java.util.List;

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): the next passage is the one with the
 * most λ · relevance − (1 − λ) · similarity to the nearest passage chosen before. Relevance is the
 * score scaled to [0, 1] over the candidates, similarity the cosine of the stored vectors.
 */
final class Diversity {
  private Diversity() {}

  /**
   * @param scores of the candidates, larger is better
   * @param vectors of the candidates
   * @return places of the chosen candidates, in the order of choice
   */
  static List<Integer> choose(double[] scores, List<float[]> vectors, double diversity, int count) {
    double[] relevance = scaled(scores);
    float[][] unit = new float[vectors.size()][];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = normalized(vectors.get(i));
    }
    boolean[] chosen = new boolean[scores.length];
    double[] nearest = new double[scores.length];
    List<Integer> order = new ArrayList<>();
    while (order.size() < Math.min(count, scores.length)) {
      int best = -1;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < scores.length; i++) {
        double worth = (1 - diversity) * relevance[i] - diversity * nearest[i];
        if (!chosen[i] && worth > most) {
          most = worth;
          best = i;
        }
      }
      chosen[best] = true;
      order.add(best);
      for (int i = 0; i < scores.length; i++) {
        if (!chosen[i]) {
          double similarity = dot(unit[best], unit[i]);
          nearest[i] = order.size() == 1 ? similarity : Math.max(nearest[i], similarity);
        }
      }
    }
    return order;
  }

  private static double[] scaled(double[] scores) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      min = Math.min(min, score);
      max = Math.max(max, score);
    }
    double[] scaled = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      scaled[i] = max > min ? (scores[i] - min) / (max - min) : 1;
    }
    return scaled;
  }

  private static float[] normalized(float[] vector) {
    double length = Math.sqrt(dot(vector, vector));
    float[] unit = vector.clone();
    for (int i = 0; i < unit.length && length > 0; i++) {
      unit[i] /= (float) length;
    }
    return unit;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
