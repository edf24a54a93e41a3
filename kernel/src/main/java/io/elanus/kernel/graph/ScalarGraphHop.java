package io.elanus.kernel.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** The reference, and what serves where no native code loads: the same sums in the same bytes. */
final class ScalarGraphHop implements GraphHop {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void rotate(Rotation rotation, float[] vector) {
    rotation.rotate(vector);
  }

  @Override
  public void prepare(HopQuery query) {
    query.prepare();
  }

  @Override
  public int hop(HopQuery query, Nodes nodes, int node, int next, float bound, Found found) {
    HopLayout layout = nodes.layout();
    long at = (long) layout.stride() * Objects.checkIndex(node, nodes.count());
    MemorySegment memory = nodes.segment();
    float own = own(query, layout, memory, at);
    int[] sums = new int[HopLayout.DEGREE];
    byte[] tables = query.tables();
    long codes = at + layout.codesAt();
    for (int i = 0; i < tables.length; i += 16) {
      for (int j = 0; j < 16; j++) {
        int code = memory.get(ValueLayout.JAVA_BYTE, codes + i + j);
        sums[j] += tables[i + (code & 15)] & 255;
        sums[j + 16] += tables[i + (code >> 4 & 15)] & 255;
      }
    }
    int n = 0;
    for (int j = 0; j < HopLayout.DEGREE; j++) {
      float add = factor(layout, memory, at, layout.addAt(), 8, j);
      float scale = factor(layout, memory, at, layout.scaleAt(), 12, j);
      float estimate = own + add + scale * (sums[j] * query.step() + query.start());
      if (estimate < bound) {
        found.nodes()[n] = memory.get(INT, at + layout.neighborsAt() + 4L * j);
        found.distances()[n] = estimate;
        n++;
      }
    }
    found.own(own);
    return n;
  }

  @Override
  public void owns(HopQuery query, Nodes nodes, float[] out) {
    HopLayout layout = nodes.layout();
    for (int node = 0; node < nodes.count(); node++) {
      out[node] = own(query, layout, nodes.segment(), (long) layout.stride() * node);
    }
  }

  private static float own(HopQuery query, HopLayout layout, MemorySegment memory, long at) {
    return layout.sixBits() ? rounded(query, memory, at) : exact(query, memory, at);
  }

  /** |query − node|² from floats. */
  private static float exact(HopQuery query, MemorySegment memory, long at) {
    float[] vector = query.vector();
    float sum = 0;
    for (int d = 0; d < vector.length; d++) {
      float difference = memory.get(FLOAT, at + 4L * d) - vector[d];
      sum += difference * difference;
    }
    return sum;
  }

  /** |query − node|² from cells of 6 bits and the query's bytes. */
  private static float rounded(HopQuery query, MemorySegment memory, long at) {
    byte[] bytes = query.bytes();
    int sum = 0;
    for (int d = 0; d < bytes.length; d++) {
      sum += bytes[d] * SixBits.cell(memory, at + SixBits.AT, d);
    }
    float unit = memory.get(FLOAT, at + 4);
    float product = unit * query.byteUnit() * (sum - query.middle());
    return query.squared() + memory.get(FLOAT, at) - 2 * product;
  }

  private static float factor(
      HopLayout layout, MemorySegment memory, long at, int place, int unitAt, int j) {
    if (!layout.sixBits()) {
      return memory.get(FLOAT, at + place + 4L * j);
    }
    float unit = memory.get(FLOAT, at + unitAt);
    return unit * Float.float16ToFloat(memory.get(SHORT, at + place + 2L * j));
  }
}
