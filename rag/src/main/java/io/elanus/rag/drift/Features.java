package io.elanus.rag.drift;

import java.util.SplittableRandom;

/**
 * Random Fourier features of the Gaussian kernel of width 1 (Rahimi and Recht, "Random features for
 * large-scale kernel machines", 2007): {@code sqrt(1/D) (cos w·x, sin w·x)} for D directions w
 * drawn from a standard normal. The inner product of two is near {@code exp(-|x-y|²/2)}, that of
 * one with itself exactly 1. The directions follow from the dimension alone, so that sums of before
 * a restart and after it may be compared.
 *
 * <p>Vectors are taken at unit length, where that width is about the median distance of unrelated
 * texts.
 */
final class Features {
  static final int DIRECTIONS = 128;
  static final int COUNT = 2 * DIRECTIONS;
  private static final double SCALE = Math.sqrt(1.0 / DIRECTIONS);

  private final float[][] directions;

  Features(int dimension) {
    SplittableRandom random = new SplittableRandom(0x5EED_0000L + dimension);
    directions = new float[DIRECTIONS][dimension];
    for (float[] direction : directions) {
      for (int i = 0; i < dimension; i++) {
        direction[i] = (float) random.nextGaussian();
      }
    }
  }

  int dimension() {
    return directions[0].length;
  }

  /** Of a vector other than zero. */
  double[] of(float[] vector) {
    double square = 0;
    for (float x : vector) {
      square += (double) x * x;
    }
    double length = Math.sqrt(square);
    double[] features = new double[COUNT];
    for (int d = 0; d < DIRECTIONS; d++) {
      float[] direction = directions[d];
      float product = 0;
      for (int i = 0; i < vector.length; i++) {
        product += direction[i] * vector[i];
      }
      double angle = product / length;
      features[d] = SCALE * Math.cos(angle);
      features[DIRECTIONS + d] = SCALE * Math.sin(angle);
    }
    return features;
  }
}
