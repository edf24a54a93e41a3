package io.elanus.kernel.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.elanus.kernel.graph.GraphHop.Found;
import io.elanus.kernel.graph.GraphHop.Nodes;
import io.elanus.kernel.graph.HopLayout.Cells;
import io.elanus.kernel.library.Level;
import io.elanus.kernel.library.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Native hops at every level of instructions against the reference, and that against arithmetic.
 */
class GraphHopTest {
  private static final int NODES = 7;

  private final SplittableRandom random = new SplittableRandom(5);
  private final GraphHop scalar = GraphHops.scalar();

  @AfterEach
  void allInstructions() {
    NativeLibrary.outcome().library().ifPresent(library -> library.limit(Level.AVX512));
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void nativeHopsAgreeWithTheReference(Level level) {
    if (NativeLibrary.outcome().library().isEmpty()) {
      System.out.println("no native hops here: " + NativeLibrary.outcome().reason());
      return;
    }
    GraphHop hop = new NativeGraphHop();
    NativeLibrary.loaded().limit(level);
    for (int dim = 16; dim <= 2048; dim += dim < 160 ? 16 : 256) {
      int bits = dim % 32 == 0 ? dim : dim + 48;
      for (HopLayout.Cells cells : HopLayout.Cells.values()) {
        compare(hop, new HopLayout(dim, bits, cells));
      }
    }
  }

  private void compare(GraphHop hop, HopLayout layout) {
    try (Arena arena = Arena.ofConfined()) {
      Nodes nodes = random(layout, arena);
      HopQuery query = query(layout);
      HopQuery same = copy(query, layout);
      Rotation rotation = new Rotation(layout.bits(), 3);
      scalar.rotate(rotation, query.rotated());
      hop.rotate(rotation, same.rotated());
      for (int d = 0; d < layout.bits(); d++) {
        assertThat(same.rotated()[d]).isCloseTo(query.rotated()[d], within(1e-4f));
      }
      System.arraycopy(query.rotated(), 0, same.rotated(), 0, layout.bits());
      scalar.prepare(query);
      hop.prepare(same);
      assertThat(same.step()).isCloseTo(query.step(), within(1e-6f));
      assertThat(same.start()).isCloseTo(query.start(), within(1e-3f));
      for (int i = 0; i < query.tables().length; i++) {
        int difference = (query.tables()[i] & 255) - (same.tables()[i] & 255);
        assertThat(Math.abs(difference)).as("a sum on the edge of a step").isLessThanOrEqualTo(1);
      }
      float[] owns = new float[NODES];
      float[] alone = new float[NODES];
      scalar.owns(query, nodes, owns);
      hop.owns(query, nodes, alone);
      for (float bound : new float[] {Float.POSITIVE_INFINITY, layout.bits() * 0.66f, -1e9f}) {
        for (int node = 0; node < NODES; node++) {
          Found right = new Found();
          Found found = new Found();
          int n = scalar.hop(query, nodes, node, -1, bound, right);
          // The same tables for both, so that only the order of summation differs.
          int m = hop.hop(query, nodes, node, (node + 1) % NODES, bound, found);
          assertThat(found.own()).isCloseTo(right.own(), within(1e-3f * layout.dim()));
          assertThat(owns[node]).isEqualTo(right.own());
          assertThat(alone[node]).isCloseTo(found.own(), within(1e-3f * layout.dim()));
          if (bound != layout.bits() * 0.66f) {
            assertThat(m).isEqualTo(n);
          }
          int at = 0;
          for (int i = 0; i < m; i++) {
            while (at < n && right.nodes()[at] != found.nodes()[i]) {
              at++;
            }
            if (at < n) {
              float tolerance = 1e-3f * layout.bits();
              assertThat(found.distances()[i]).isCloseTo(right.distances()[at], within(tolerance));
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 48, 100, 128, 384})
  void estimatesAreUnbiasedAndAsNearAsTheirBitsAllow(int dim) {
    HopLayout layout = new HopLayout(HopLayout.padded(dim), HopLayout.padded(dim), Cells.FLOATS);
    Rotation rotation = new Rotation(layout.bits(), 11);
    try (Arena arena = Arena.ofConfined()) {
      double bias = 0;
      double squares = 0;
      int trials = 40;
      for (int trial = 0; trial < trials; trial++) {
        Nodes nodes = new Nodes(arena.allocate(layout.stride(), 64), layout, 1);
        float[] node = unit(dim, layout.dim());
        float[][] neighbors = new float[HopLayout.DEGREE][];
        MemorySegment.copy(node, 0, nodes.segment(), ValueLayout.JAVA_FLOAT, 0, node.length);
        for (int j = 0; j < neighbors.length; j++) {
          neighbors[j] = unit(dim, layout.dim());
          encode(rotation, layout, node, neighbors[j], j, nodes.segment());
        }
        HopQuery query = new HopQuery(layout);
        float[] vector = unit(dim, layout.dim());
        System.arraycopy(vector, 0, query.vector(), 0, vector.length);
        System.arraycopy(vector, 0, query.rotated(), 0, vector.length);
        scalar.rotate(rotation, query.rotated());
        scalar.prepare(query);
        Found found = new Found();
        assertThat(scalar.hop(query, nodes, 0, -1, Float.POSITIVE_INFINITY, found)).isEqualTo(32);
        assertThat(found.own()).isCloseTo(squared(vector, node), within(1e-4f));
        sixBitsAgree(layout, rotation, nodes, node, query, found);
        for (int j = 0; j < neighbors.length; j++) {
          float error = found.distances()[j] - squared(vector, neighbors[j]);
          bias += error;
          squares += error * error;
        }
      }
      int n = trials * HopLayout.DEGREE;
      // |r| and |q - node| are about the root of 2; RaBitQ's error is 0.75 of their product, or so.
      double expected = 2 * 2 * 0.75 / Math.sqrt(layout.bits() - 1);
      assertThat(Math.sqrt(squares / n)).isBetween(0.5 * expected, 1.5 * expected);
      assertThat(bias / n).isCloseTo(0, within(0.2 * expected));
    }
  }

  /** The same node in six bits: its distance as near as 63 steps allow, estimates as before. */
  private void sixBitsAgree(
      HopLayout layout,
      Rotation rotation,
      Nodes floats,
      float[] node,
      HopQuery query,
      Found found) {
    HopLayout sixBits = layout.with(Cells.SIX_BITS);
    float[] rotated = java.util.Arrays.copyOf(node, layout.bits());
    rotation.rotate(rotated);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(sixBits.stride(), 64);
      double lost = new SixBits(layout).write(floats.segment(), 0, rotated, segment, 0);
      // A step is a 31st of the largest coordinate, three or four times the usual one.
      assertThat(Math.sqrt(lost)).isBetween(1e-3, 0.06);
      Found again = new Found();
      Nodes nodes = new Nodes(segment, sixBits, 1);
      assertThat(scalar.hop(query, nodes, 0, -1, Float.POSITIVE_INFINITY, again)).isEqualTo(32);
      double noise = 2 * Math.sqrt(lost) / Math.sqrt(layout.bits()) + 0.01;
      assertThat(again.own()).isCloseTo(found.own(), within((float) (5 * noise)));
      for (int j = 0; j < HopLayout.DEGREE; j++) {
        float shift = again.own() - found.own();
        assertThat(again.nodes()[j]).isEqualTo(found.nodes()[j]);
        assertThat(again.distances()[j]).isCloseTo(found.distances()[j] + shift, within(3e-3f));
      }
    }
  }

  private static void encode(
      Rotation rotation, HopLayout layout, float[] node, float[] other, int j, MemorySegment into) {
    float[] center = node.clone();
    float[] rotated = other.clone();
    rotation.rotate(center);
    rotation.rotate(rotated);
    float squares = 0;
    float absolute = 0;
    float along = 0;
    for (int d = 0; d < rotated.length; d++) {
      float r = rotated[d] - center[d];
      squares += r * r;
      absolute += Math.abs(r);
      along += r > 0 ? center[d] : -center[d];
      if (r > 0) {
        long at = layout.codesAt() + 16L * (d / 4) + j % 16;
        int code = into.get(ValueLayout.JAVA_BYTE, at) | 1 << d % 4 + (j < 16 ? 0 : 4);
        into.set(ValueLayout.JAVA_BYTE, at, (byte) code);
      }
    }
    float scale = -2 * squares / absolute;
    into.set(ValueLayout.JAVA_FLOAT, layout.addAt() + 4L * j, squares - scale * along);
    into.set(ValueLayout.JAVA_FLOAT, layout.scaleAt() + 4L * j, scale);
    into.set(ValueLayout.JAVA_INT, layout.neighborsAt() + 4L * j, j);
  }

  private Nodes random(HopLayout layout, Arena arena) {
    MemorySegment segment = arena.allocate((long) layout.stride() * NODES, 64);
    for (int node = 0; node < NODES; node++) {
      long at = (long) layout.stride() * node;
      for (int d = 0; d < layout.dim() && !layout.sixBits(); d++) {
        segment.set(ValueLayout.JAVA_FLOAT, at + 4L * d, (float) random.nextGaussian());
      }
      for (int i = 0; i < 48 * layout.blocks() && layout.sixBits(); i++) {
        segment.set(ValueLayout.JAVA_BYTE, at + SixBits.AT + i, (byte) random.nextInt(256));
      }
      for (int i = 0; i < 4 && layout.sixBits(); i++) {
        segment.set(ValueLayout.JAVA_FLOAT, at + 4L * i, random.nextInt(1, 5) / 16f);
      }
      for (int i = 0; i < 4 * layout.bits(); i++) {
        segment.set(ValueLayout.JAVA_BYTE, at + layout.codesAt() + i, (byte) random.nextInt(256));
      }
      for (int j = 0; j < HopLayout.DEGREE; j++) {
        boolean missing = node == 2 && j > 20;
        float add = missing ? Float.POSITIVE_INFINITY : random.nextInt(10);
        float scale = missing ? 0 : (float) random.nextDouble();
        if (layout.sixBits()) {
          short half = Float.floatToFloat16(add);
          segment.set(ValueLayout.JAVA_SHORT, at + layout.addAt() + 2L * j, half);
          half = Float.floatToFloat16(scale);
          segment.set(ValueLayout.JAVA_SHORT, at + layout.scaleAt() + 2L * j, half);
        } else {
          segment.set(ValueLayout.JAVA_FLOAT, at + layout.addAt() + 4L * j, add);
          segment.set(ValueLayout.JAVA_FLOAT, at + layout.scaleAt() + 4L * j, scale);
        }
        segment.set(
            ValueLayout.JAVA_INT, at + layout.neighborsAt() + 4L * j, missing ? -1 : 100 + j);
      }
    }
    return new Nodes(segment, layout, NODES);
  }

  private HopQuery query(HopLayout layout) {
    HopQuery query = new HopQuery(layout);
    for (int d = 0; d < layout.dim(); d++) {
      query.vector()[d] = (float) random.nextGaussian();
      if (d < layout.bits()) {
        query.rotated()[d] = query.vector()[d];
      }
    }
    return query;
  }

  private static HopQuery copy(HopQuery query, HopLayout layout) {
    HopQuery copy = new HopQuery(layout);
    System.arraycopy(query.vector(), 0, copy.vector(), 0, layout.dim());
    System.arraycopy(query.rotated(), 0, copy.rotated(), 0, layout.bits());
    return copy;
  }

  private float[] unit(int dim, int padded) {
    float[] vector = new float[padded];
    double squares = 0;
    for (int d = 0; d < dim; d++) {
      vector[d] = (float) random.nextGaussian();
      squares += vector[d] * vector[d];
    }
    for (int d = 0; d < dim; d++) {
      vector[d] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  private static float squared(float[] a, float[] b) {
    float sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (a[d] - b[d]) * (a[d] - b[d]);
    }
    return sum;
  }
}
