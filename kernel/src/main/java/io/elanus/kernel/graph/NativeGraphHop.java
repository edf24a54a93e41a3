package io.elanus.kernel.graph;

import io.elanus.kernel.library.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/** {@code graph_hop.c}. */
final class NativeGraphHop implements GraphHop {
  private static final MethodHandle HOP =
      NativeLibrary.loaded()
          .find(
              "elanus_graph_hop",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_FLOAT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS),
              true);

  private static final MethodHandle OWNS =
      NativeLibrary.loaded()
          .find(
              "elanus_graph_owns",
              FunctionDescriptor.ofVoid(
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS),
              true);

  private static final MethodHandle ROTATE =
      NativeLibrary.loaded()
          .find(
              "elanus_rotate",
              FunctionDescriptor.ofVoid(
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS),
              true);

  private static final MethodHandle TABLES =
      NativeLibrary.loaded()
          .find(
              "elanus_hop_tables",
              FunctionDescriptor.ofVoid(
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS),
              true);

  @Override
  public void rotate(Rotation rotation, float[] vector) {
    if (vector.length != rotation.dim()) {
      throw new IllegalArgumentException("a vector of %d".formatted(vector.length));
    }
    try {
      ROTATE.invokeExact(
          rotation.signsSegment,
          (long) vector.length,
          (long) rotation.power(),
          (long) Rotation.ROUNDS,
          MemorySegment.ofArray(vector));
    } catch (Throwable e) {
      throw new IllegalStateException("a native call failed", e);
    }
  }

  @Override
  public void prepare(HopQuery query) {
    try {
      TABLES.invokeExact(
          query.rotatedSegment,
          (long) query.rotated().length,
          query.tablesSegment,
          query.bytesSegment,
          query.factorsSegment);
    } catch (Throwable e) {
      throw new IllegalStateException("a native call failed", e);
    }
  }

  @Override
  public String name() {
    return "native";
  }

  private static HopLayout checked(HopQuery query, Nodes nodes) {
    HopLayout layout = nodes.layout();
    if (query.vector().length != layout.dim() || query.rotated().length != layout.bits()) {
      throw new IllegalArgumentException("a query of another graph");
    }
    return layout;
  }

  @Override
  public void owns(HopQuery query, Nodes nodes, float[] out) {
    HopLayout layout = checked(query, nodes);
    Objects.checkFromIndexSize(0, nodes.count(), out.length);
    try {
      OWNS.invokeExact(
          query.vectorSegment,
          query.bytesSegment,
          query.factorsSegment,
          (long) layout.dim(),
          (long) layout.bits(),
          layout.sixBits() ? 1 : 0,
          nodes.address(),
          nodes.stride(),
          nodes.count(),
          MemorySegment.ofArray(out));
    } catch (Throwable e) {
      throw new IllegalStateException("a native call failed", e);
    }
  }

  @Override
  public int hop(HopQuery query, Nodes nodes, int node, int next, float bound, Found found) {
    Objects.checkIndex(node, nodes.count());
    int coming = next < nodes.count() ? next : -1;
    HopLayout layout = checked(query, nodes);
    try {
      return (int)
          HOP.invokeExact(
              query.vectorSegment,
              query.tablesSegment,
              query.bytesSegment,
              query.factorsSegment,
              (long) layout.dim(),
              (long) layout.bits(),
              layout.sixBits() ? 1 : 0,
              nodes.address(),
              nodes.stride(),
              node,
              coming,
              bound,
              found.nodesSegment,
              found.distancesSegment);
    } catch (Throwable e) {
      throw new IllegalStateException("a native call failed", e);
    }
  }
}
