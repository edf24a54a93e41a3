package io.elanus.index.quantgraph;

import io.elanus.kernel.graph.HopLayout;
import io.elanus.kernel.graph.HopLayout.Cells;
import io.elanus.kernel.graph.SixBits;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A finished graph whose nodes hold their vectors in six bits a coordinate, where that is precise
 * enough: a hop then reads two thirds of the bytes, and what a search finds is measured once more
 * by the segment's own vectors. Where neighbours lie so close together that rounding would decide
 * between them, nodes keep their floats.
 *
 * @param space with the cells that were chosen
 * @param nodes in that layout
 * @param hubs in that layout
 * @param lost the length that rounding takes off or adds, in the space; 0 where nodes hold floats
 */
record Rounding(Space space, MemorySegment nodes, MemorySegment hubs, float lost) {
  private static final int SAMPLE = 1000;

  /**
   * Rounding shifts a squared distance r² by about 2·r·lost/√bits, a random share of it. More than
   * this, relative to r², would shuffle neighbours.
   */
  private static final double NOISE_MAX = 0.02;

  /**
   * Rounds in place where it may.
   *
   * @param space of nodes that hold floats
   */
  static Rounding of(Space space, MemorySegment nodes, MemorySegment hubs) {
    HopLayout floats = space.layout();
    HopLayout sixBits = floats.with(Cells.SIX_BITS);
    int count = (int) (nodes.byteSize() / floats.stride());
    float lost = count == 0 ? 0 : lost(space, nodes, count);
    if (lost == 0 || sixBits.stride() > floats.stride()) {
      return new Rounding(space, nodes, hubs, 0);
    }
    return new Rounding(
        space.with(Cells.SIX_BITS), rounded(space, nodes), rounded(space, hubs), lost);
  }

  private static MemorySegment rounded(Space space, MemorySegment nodes) {
    HopLayout floats = space.layout();
    SixBits rounding = new SixBits(floats);
    int stride = floats.with(Cells.SIX_BITS).stride();
    int count = (int) (nodes.byteSize() / floats.stride());
    byte[] before = new byte[floats.stride()];
    MemorySegment node = MemorySegment.ofArray(before);
    float[] rotated = new float[floats.bits()];
    for (int i = 0; i < count; i++) {
      MemorySegment.copy(nodes, (long) floats.stride() * i, node, 0, before.length);
      space.rotate(vector(floats, node, 0), rotated);
      MemorySegment into = nodes.asSlice((long) stride * i, stride);
      into.fill((byte) 0);
      rounding.write(node, 0, rotated, into, 0);
    }
    return nodes.asSlice(0, (long) stride * count);
  }

  /** The length lost on average, or 0 where it is too much. */
  private static float lost(Space space, MemorySegment nodes, int count) {
    HopLayout floats = space.layout();
    SixBits rounding = new SixBits(floats);
    MemorySegment scratch = MemorySegment.ofArray(new byte[floats.with(Cells.SIX_BITS).stride()]);
    float[] rotated = new float[floats.bits()];
    int step = Math.max(1, count / SAMPLE);
    double[] nearest = new double[count / step + 1];
    double squares = 0;
    int sampled = 0;
    for (int i = 0; i < count; i += step) {
      long at = (long) floats.stride() * i;
      double own = nearest(floats, nodes, at);
      if (own < Double.POSITIVE_INFINITY) {
        space.rotate(vector(floats, nodes, at), rotated);
        squares += rounding.write(nodes, at, rotated, scratch, 0);
        nearest[sampled++] = own;
      }
    }
    if (sampled == 0) {
      return 0;
    }
    Arrays.sort(nearest, 0, sampled);
    double lost = Math.sqrt(squares / sampled);
    double noise = 2 * lost / Math.sqrt(floats.bits());
    return noise <= NOISE_MAX * Math.sqrt(nearest[sampled / 4]) ? (float) lost : 0;
  }

  /** The squared distance of the nearest neighbour, +∞ where there is none. */
  private static double nearest(HopLayout layout, MemorySegment nodes, long at) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int j = 0; j < HopLayout.DEGREE; j++) {
      int neighbor = nodes.get(FileHeader.INT, at + layout.neighborsAt() + 4L * j);
      // A node that stands for nothing, a twin's, has nothing but zeros.
      if (neighbor >= 0 && at != (long) layout.stride() * neighbor) {
        double distance = squared(layout, nodes, at, (long) layout.stride() * neighbor);
        nearest = distance > 0 ? Math.min(nearest, distance) : nearest;
      }
    }
    return nearest;
  }

  private static double squared(HopLayout layout, MemorySegment nodes, long a, long b) {
    double sum = 0;
    for (int d = 0; d < layout.dim(); d++) {
      double difference =
          nodes.get(FileHeader.FLOAT, a + 4L * d) - nodes.get(FileHeader.FLOAT, b + 4L * d);
      sum += difference * difference;
    }
    return sum;
  }

  private static float[] vector(HopLayout layout, MemorySegment nodes, long at) {
    float[] vector = new float[layout.dim()];
    MemorySegment.copy(nodes, ValueLayout.JAVA_FLOAT_UNALIGNED, at, vector, 0, vector.length);
    return vector;
  }
}
