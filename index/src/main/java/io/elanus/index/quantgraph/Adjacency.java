package io.elanus.index.quantgraph;

import io.elanus.kernel.graph.HopLayout;
import java.util.Arrays;

/** Neighbours of every node, at most {@link HopLayout#DEGREE}, during a build. */
final class Adjacency {
  static final int DEGREE = HopLayout.DEGREE;

  private final int[] neighbors;
  private final byte[] degrees;

  Adjacency(int nodes) {
    neighbors = new int[Math.multiplyExact(nodes, DEGREE)];
    degrees = new byte[nodes];
  }

  int nodes() {
    return degrees.length;
  }

  int degree(int node) {
    return degrees[node];
  }

  int neighbor(int node, int i) {
    return neighbors[node * DEGREE + i];
  }

  /** Replaces a node's list by the first {@code n} of these. */
  void set(int node, int[] from, int n) {
    System.arraycopy(from, 0, neighbors, node * DEGREE, n);
    degrees[node] = (byte) n;
  }

  /** Adds an edge, in place of the last one where there is no room. */
  void force(int node, int to) {
    int degree = degrees[node];
    if (degree < DEGREE) {
      degrees[node]++;
    } else {
      degree--;
    }
    neighbors[node * DEGREE + degree] = to;
  }

  /** Every node's neighbours the other way round. */
  Reverse reversed() {
    int[] starts = new int[nodes() + 1];
    for (int node = 0; node < nodes(); node++) {
      for (int i = 0; i < degrees[node]; i++) {
        starts[neighbor(node, i) + 1]++;
      }
    }
    for (int node = 0; node < nodes(); node++) {
      starts[node + 1] += starts[node];
    }
    int[] at = Arrays.copyOf(starts, nodes());
    int[] sources = new int[starts[nodes()]];
    for (int node = 0; node < nodes(); node++) {
      for (int i = 0; i < degrees[node]; i++) {
        sources[at[neighbor(node, i)]++] = node;
      }
    }
    return new Reverse(starts, sources);
  }

  /**
   * Who points at whom.
   *
   * @param starts where a node's sources begin; one more at the end
   */
  record Reverse(int[] starts, int[] sources) {}
}
