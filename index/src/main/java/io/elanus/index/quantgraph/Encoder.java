package io.elanus.index.quantgraph;

import io.elanus.index.VectorData;
import io.elanus.kernel.graph.HopLayout;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes nodes as {@link HopLayout} says: vectors once, neighbours whenever they change. */
final class Encoder {
  private final VectorData vectors;
  private final VectorData rotated;
  private final HopLayout layout;
  private final MemorySegment nodes;
  private final float[] center;
  private final float[] other;
  private final byte[] codes;
  private final int[] list = new int[HopLayout.DEGREE];

  /**
   * @param vectors in the graph's space
   * @param rotated the same, rotated
   * @param nodes room for as many nodes
   */
  Encoder(VectorData vectors, VectorData rotated, HopLayout layout, MemorySegment nodes) {
    this.vectors = vectors;
    this.rotated = rotated;
    this.layout = layout;
    this.nodes = nodes;
    this.center = new float[layout.bits()];
    this.other = new float[layout.bits()];
    this.codes = new byte[4 * layout.bits()];
  }

  void vectors() {
    for (int node = 0; node < vectors.count(); node++) {
      MemorySegment.copy(
          vectors.values(), vectors.offset(node), nodes, at(node), vectors.vectorBytes());
    }
  }

  void neighbors(int node, Adjacency adjacency) {
    int degree = adjacency.degree(node);
    for (int j = 0; j < degree; j++) {
      list[j] = adjacency.neighbor(node, j);
    }
    rotated.copy(node, center);
    write(nodes, at(node), degree);
  }

  /**
   * Writes a place that is no node, with nodes around it.
   *
   * @param vector in the graph's space
   */
  void hub(MemorySegment into, int place, float[] vector, Space space, int[] around) {
    long at = at(place);
    MemorySegment.copy(vector, 0, into, ValueLayout.JAVA_FLOAT, at, vector.length);
    System.arraycopy(around, 0, list, 0, around.length);
    space.rotate(vector, center);
    write(into, at, around.length);
  }

  /** Writes the list, seen from the center. */
  private void write(MemorySegment into, long at, int degree) {
    java.util.Arrays.fill(codes, (byte) 0);
    for (int j = 0; j < HopLayout.DEGREE; j++) {
      int neighbor = -1;
      float add = Float.POSITIVE_INFINITY;
      float scale = 0;
      if (j < degree) {
        neighbor = list[j];
        rotated.copy(neighbor, other);
        scale = encode(j);
        add = squared - scale * along;
      }
      into.set(FileHeader.FLOAT, at + layout.addAt() + 4L * j, add);
      into.set(FileHeader.FLOAT, at + layout.scaleAt() + 4L * j, scale);
      into.set(FileHeader.INT, at + layout.neighborsAt() + 4L * j, neighbor);
    }
    MemorySegment.copy(codes, 0, into, ValueLayout.JAVA_BYTE, at + layout.codesAt(), codes.length);
  }

  /** |r|² of the last {@link #encode}. */
  private float squared;

  /** ⟨center, signs⟩ of the last {@link #encode}. */
  private float along;

  /** Writes the signs of {@code other − center} into place j; answers the scale. */
  private float encode(int j) {
    float squares = 0;
    float absolute = 0;
    float dot = 0;
    int shift = j < 16 ? 0 : 4;
    for (int d = 0; d < center.length; d += 4) {
      int bits = 0;
      for (int i = 0; i < 4; i++) {
        float c = center[d + i];
        float r = other[d + i] - c;
        squares += r * r;
        absolute += Math.abs(r);
        boolean positive = r > 0;
        bits |= positive ? 1 << i : 0;
        dot += positive ? c : -c;
      }
      codes[4 * d + (j & 15)] |= (byte) (bits << shift);
    }
    squared = squares;
    along = dot;
    return absolute > 0 ? -2 * squares / absolute : 0;
  }

  private long at(int node) {
    return (long) layout.stride() * node;
  }
}
