package io.elanus.kernel;

/** Which kernel serves here, and why. */
public final class Kernels {
  private static final Choice BEST = choose(ModuleLayer.boot());

  private Kernels() {}

  /** The kernel that serves, and the reason in words. */
  public record Choice(Kernel kernel, String reason) {}

  /** The fastest kernel this JVM offers. */
  public static Kernel best() {
    return BEST.kernel;
  }

  /** The kernel that {@link #best} answers, with the reason, for the log at start. */
  public static Choice choice() {
    return BEST;
  }

  /** The reference. */
  public static Kernel scalar() {
    return new ScalarKernel();
  }

  static Choice choose(ModuleLayer layer) {
    if (layer.findModule("jdk.incubator.vector").isEmpty()) {
      return new Choice(
          new ScalarKernel(), "the JVM was started without --add-modules=jdk.incubator.vector");
    }
    return new Choice(new VectorKernel(), "the JVM's Vector API");
  }
}
