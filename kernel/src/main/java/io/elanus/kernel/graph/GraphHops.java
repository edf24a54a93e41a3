package io.elanus.kernel.graph;

import io.elanus.kernel.Kernels;

/** Which hop serves: native code where the kernel in force is native, else the reference. */
public final class GraphHops {
  private static final GraphHop SCALAR = new ScalarGraphHop();

  private GraphHops() {}

  private static final class Best {
    static final GraphHop HOP =
        Kernels.best().name().startsWith("native") ? new NativeGraphHop() : SCALAR;
  }

  public static GraphHop best() {
    return Best.HOP;
  }

  /** The reference. */
  public static GraphHop scalar() {
    return SCALAR;
  }
}
