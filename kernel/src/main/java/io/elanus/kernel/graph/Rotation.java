package io.elanus.kernel.graph;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * A random rotation, applied in O(n log n): rounds of random signs, a Walsh–Hadamard transform of
 * the first or last power of two of coordinates, and a mix of the two halves (Ailon and Chazelle
 * 2009; Kac's walk as the RaBitQ authors use it). Spreads a vector's energy over all coordinates,
 * which 1-bit codes need. Keeps distances up to rounding.
 */
public final class Rotation {
  static final int ROUNDS = 4;

  private final int dim;
  private final int power;
  private final float[] signs;
  final MemorySegment signsSegment;

  /** The same seed and dimension give the same rotation. */
  public Rotation(int dim, long seed) {
    this.dim = dim;
    this.power = Integer.highestOneBit(dim);
    this.signs = new float[ROUNDS * dim];
    this.signsSegment = MemorySegment.ofArray(signs);
    SplittableRandom random = new SplittableRandom(seed);
    // Each transform grows lengths by the root of its size; the signs take that back.
    float scale = (float) (1 / Math.sqrt(power));
    for (int round = 0; round < ROUNDS; round++) {
      int from = start(round);
      for (int d = 0; d < dim; d++) {
        float size = d >= from && d < from + power ? scale : 1;
        signs[round * dim + d] = random.nextBoolean() ? size : -size;
      }
    }
  }

  /** Coordinates of the vectors it rotates. */
  public int dim() {
    return dim;
  }

  int power() {
    return power;
  }

  /** Rotates in place; the reference. */
  void rotate(float[] x) {
    for (int round = 0; round < ROUNDS; round++) {
      for (int d = 0; d < dim; d++) {
        x[d] *= signs[round * dim + d];
      }
      transform(x, start(round), power);
      if (power < dim) {
        mix(x);
      }
    }
  }

  private int start(int round) {
    return round % 2 == 0 ? 0 : dim - power;
  }

  private static void transform(float[] x, int from, int n) {
    for (int length = 1; length < n; length *= 2) {
      for (int i = from; i < from + n; i += 2 * length) {
        for (int j = i; j < i + length; j++) {
          float a = x[j];
          float b = x[j + length];
          x[j] = a + b;
          x[j + length] = a - b;
        }
      }
    }
  }

  private void mix(float[] x) {
    float root = (float) Math.sqrt(0.5);
    int half = dim / 2;
    for (int d = 0; d < half; d++) {
      float a = x[d] * root;
      float b = x[d + half] * root;
      x[d] = a + b;
      x[d + half] = a - b;
    }
  }
}
