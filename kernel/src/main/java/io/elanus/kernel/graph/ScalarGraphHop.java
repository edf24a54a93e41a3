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
    float[] vector = query.vector();
    float exact = 0;
    for (int d = 0; d < vector.length; d++) {
      float difference = memory.get(FLOAT, at + 4L * d) - vector[d];
      exact += difference * difference;
    }
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
      float add = memory.get(FLOAT, at + layout.addAt() + 4L * j);
      float scale = memory.get(FLOAT, at + layout.scaleAt() + 4L * j);
      float estimate = exact + add + scale * (sums[j] * query.step() + query.start());
      if (estimate < bound) {
        found.nodes()[n] = memory.get(INT, at + layout.neighborsAt() + 4L * j);
        found.distances()[n] = estimate;
        n++;
      }
    }
    found.exact(exact);
    return n;
  }
}
