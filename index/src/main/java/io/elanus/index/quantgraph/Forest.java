package io.elanus.index.quantgraph;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Crew;
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
  private final Halving halving;
  private final int[] nodes;
  private final int[] nearest;
  private final float[] nearestDistances;
  private final byte[] counts;

  /**
   * @param members the nodes to link, without others
   */
  Forest(VectorData vectors, int[] members) {
    this.vectors = vectors;
    this.halving = new Halving(vectors);
    this.nodes = members.clone();
    this.nearest = new int[Math.multiplyExact(vectors.count(), NEAREST)];
    this.nearestDistances = new float[vectors.count() * NEAREST];
    this.counts = new byte[vectors.count()];
  }

  void grow(int trees, long seed, BuildMonitor monitor) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int tree = 0; tree < trees; tree++) {
      int[] leaves = split(random, monitor);
      // A node is in one leaf, whose thread alone writes the node's list.
      Crew.run(
          leaves.length - 1,
          1,
          monitor.helpers(),
          () -> new Meeting(leaves),
          done -> monitor.progress(0));
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

  /**
   * Splits with a stack of its own: a tree over equal distances may be deep.
   *
   * @return where leaves begin, and where the last one ends
   */
  private int[] split(SplittableRandom random, BuildMonitor monitor) {
    int[] stack = new int[128];
    int depth = 0;
    int[] starts = new int[nodes.length / (LEAF_MAX / 2) + 2];
    int leaves = 0;
    stack[depth++] = 0;
    stack[depth++] = nodes.length;
    while (depth > 0) {
      int to = stack[--depth];
      int from = stack[--depth];
      if (to - from <= LEAF_MAX) {
        // The left half is on top of the stack, so that leaves come in the order of the nodes.
        starts[leaves++] = from;
        continue;
      }
      int middle = halving.split(nodes, from, to, random);
      if (depth + 4 > stack.length) {
        stack = Arrays.copyOf(stack, 2 * stack.length);
      }
      stack[depth++] = middle;
      stack[depth++] = to;
      stack[depth++] = from;
      stack[depth++] = middle;
      monitor.progress(0);
    }
    starts[leaves++] = nodes.length;
    return Arrays.copyOf(starts, leaves);
  }

  /** In each leaf everybody meets everybody. */
  private final class Meeting implements Crew.Worker {
    private final int[] leaves;
    private final float[] vector = new float[vectors.dim()];
    private final float[] distances = new float[LEAF_MAX];

    Meeting(int[] leaves) {
      this.leaves = leaves;
    }

    @Override
    public void work(int from, int to) {
      for (int leaf = from; leaf < to; leaf++) {
        meet(Arrays.copyOfRange(nodes, leaves[leaf], leaves[leaf + 1]));
      }
    }

    private void meet(int[] leaf) {
      for (int i = 0; i < leaf.length; i++) {
        vectors.copy(leaf[i], vector);
        kernel.squaredL2s(vector, vectors.values(), leaf, leaf.length, distances);
        for (int j = 0; j < leaf.length; j++) {
          if (j != i) {
            offer(leaf[i], leaf[j], distances[j]);
          }
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
