package io.elanus.index.quantgraph;

import io.elanus.index.VectorData;
import io.elanus.kernel.graph.HopLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Where walks begin: places in the middle of {@value HopLayout#DEGREE} nodes each, together a
 * sample of all nodes. One hop at each of them finds nodes near any query, which from a single
 * entry takes many hops, each of which waits for memory; hubs stay in the cache.
 */
final class Hubs {
  private static final int COUNT_MAX = 64;

  private Hubs() {}

  /** How many hubs a graph of this size has: a power of two, none for a small graph. */
  static int count(int nodes) {
    long wanted = Math.round(2 * Math.sqrt(nodes) / HopLayout.DEGREE);
    return wanted < 2 ? 0 : (int) Math.min(COUNT_MAX, Long.highestOneBit(wanted));
  }

  /**
   * Draws the sample, divides it by where it lies, and writes a hub for each part.
   *
   * @param into room for the hubs
   */
  static void write(
      Space space,
      VectorData vectors,
      int[] members,
      Encoder encoder,
      int count,
      long seed,
      MemorySegment into) {
    int[] sample = sample(members, count * HopLayout.DEGREE, new SplittableRandom(seed));
    Halving halving = new Halving(vectors);
    SplittableRandom random = new SplittableRandom(seed + 1);
    for (int part = sample.length; part > HopLayout.DEGREE; part /= 2) {
      for (int from = 0; from < sample.length; from += part) {
        halving.split(sample, from, from + part, random);
      }
    }
    float[] center = new float[vectors.dim()];
    int[] around = new int[HopLayout.DEGREE];
    for (int hub = 0; hub < count; hub++) {
      System.arraycopy(sample, hub * HopLayout.DEGREE, around, 0, HopLayout.DEGREE);
      mean(vectors, around, center);
      encoder.hub(into, hub, center, space, around);
    }
  }

  private static int[] sample(int[] members, int n, SplittableRandom random) {
    int[] all = members.clone();
    for (int i = 0; i < n; i++) {
      int other = i + random.nextInt(all.length - i);
      int drawn = all[other];
      all[other] = all[i];
      all[i] = drawn;
    }
    return java.util.Arrays.copyOf(all, n);
  }

  private static void mean(VectorData vectors, int[] nodes, float[] into) {
    java.util.Arrays.fill(into, 0);
    for (int node : nodes) {
      for (int d = 0; d < into.length; d++) {
        into[d] +=
            vectors.values().get(ValueLayout.JAVA_FLOAT, vectors.offset(node) + 4L * d)
                / nodes.length;
      }
    }
  }
}
