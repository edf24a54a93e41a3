package io.elanus.index.quantgraph;

import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A first guess at every node's neighbours: a few random trees split the nodes by distance to two
 * of them until leaves are small (Dasgupta and Freund 2008), and in a leaf everybody meets
 * everybody. What a graph search refines afterwards.
 */
final class Forest {
  static final int NEAREST = 24;
  private static final int LEAF_MAX = 192;

  private final VectorData vectors;
  private final Kernel kernel = Kernels.best();
  private final float[] vector;
  private final Halving halving;
  private final int[] nodes;
  private final float[] distances;
  private final int[] nearest;
  private final float[] nearestDistances;
  private final byte[] counts;

  /**
   * @param members the nodes to link, without others
   */
  Forest(VectorData vectors, int[] members) {
    this.vectors = vectors;
    this.vector = new float[vectors.dim()];
    this.halving = new Halving(vectors);
    this.nodes = members.clone();
    this.distances = new float[LEAF_MAX];
    this.nearest = new int[Math.multiplyExact(vectors.count(), NEAREST)];
    this.nearestDistances = new float[vectors.count() * NEAREST];
    this.counts = new byte[vectors.count()];
  }

  void grow(int trees, long seed, BuildMonitor monitor) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int tree = 0; tree < trees; tree++) {
      tree(random, monitor);
    }
  }

  int count(int node) {
    return counts[node];
  }

  int neighbor(int node, int i) {
    return nearest[node * NEAREST + i];
  }

  float distance(int node, int i) {
    return nearestDistances[node * NEAREST + i];
  }

  /** Splits with a stack of its own: a tree over equal distances may be deep. */
  private void tree(SplittableRandom random, BuildMonitor monitor) {
    int[] stack = new int[128];
    int depth = 0;
    stack[depth++] = 0;
    stack[depth++] = nodes.length;
    while (depth > 0) {
      int to = stack[--depth];
      int from = stack[--depth];
      if (to - from <= LEAF_MAX) {
        meet(from, to);
        monitor.progress(0);
        continue;
      }
      int middle = halving.split(nodes, from, to, random);
      if (depth + 4 > stack.length) {
        stack = Arrays.copyOf(stack, 2 * stack.length);
      }
      stack[depth++] = from;
      stack[depth++] = middle;
      stack[depth++] = middle;
      stack[depth++] = to;
    }
  }

  private void meet(int from, int to) {
    int n = to - from;
    int[] leaf = Arrays.copyOfRange(nodes, from, to);
    for (int i = 0; i < n; i++) {
      vectors.copy(leaf[i], vector);
      kernel.squaredL2s(vector, vectors.values(), leaf, n, distances);
      for (int j = 0; j < n; j++) {
        if (j != i) {
          offer(leaf[i], leaf[j], distances[j]);
        }
      }
    }
  }

  private void offer(int node, int other, float distance) {
    int base = node * NEAREST;
    int n = counts[node];
    if (n == NEAREST && distance >= nearestDistances[base + n - 1]) {
      return;
    }
    int at = n;
    while (at > 0 && nearestDistances[base + at - 1] > distance) {
      at--;
    }
    // A pair that met in another tree has the same distance.
    for (int i = at - 1; i >= 0 && nearestDistances[base + i] == distance; i--) {
      if (nearest[base + i] == other) {
        return;
      }
    }
    int moved = Math.min(n, NEAREST - 1) - at;
    System.arraycopy(nearest, base + at, nearest, base + at + 1, moved);
    System.arraycopy(nearestDistances, base + at, nearestDistances, base + at + 1, moved);
    nearest[base + at] = other;
    nearestDistances[base + at] = distance;
    counts[node] = (byte) Math.min(n + 1, NEAREST);
  }
}
