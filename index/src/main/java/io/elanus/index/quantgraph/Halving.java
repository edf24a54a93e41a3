package io.elanus.index.quantgraph;

import io.elanus.index.VectorData;
import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Splits nodes into two halves that lie apart (Dasgupta and Freund 2008). */
final class Halving {
  private final VectorData vectors;
  private final Kernel kernel = Kernels.best();
  private final float[] vector;

  Halving(VectorData vectors) {
    this.vectors = vectors;
    this.vector = new float[vectors.dim()];
  }

  /**
   * Orders a range by how much nearer its nodes are to one of two of them, drawn at random, than to
   * the other.
   *
   * @return where the second half begins
   */
  int split(int[] nodes, int from, int to, SplittableRandom random) {
    int n = to - from;
    int[] range = Arrays.copyOfRange(nodes, from, to);
    float[] first = distances(range, range[random.nextInt(n)]);
    float[] second = distances(range, range[random.nextInt(n)]);
    long[] keys = new long[n];
    for (int i = 0; i < n; i++) {
      int bits = Float.floatToIntBits(first[i] - second[i]);
      int ordered = bits ^ ((bits >> 31) & 0x7fffffff);
      keys[i] = ((long) ordered << 32) | range[i];
    }
    Arrays.sort(keys);
    for (int i = 0; i < n; i++) {
      nodes[from + i] = (int) keys[i];
    }
    return from + n / 2;
  }

  private float[] distances(int[] range, int node) {
    vectors.copy(node, vector);
    float[] distances = new float[range.length];
    kernel.squaredL2s(vector, vectors.values(), range, range.length, distances);
    return distances;
  }
}
