package io.elanus.kernel.code;

import io.elanus.kernel.Kernels;
import java.lang.foreign.MemorySegment;

/** Distances to rows of codes by number. Stateless and safe for many threads. */
public interface CodeRows {
  /**
   * Distances to the first {@code count} of these rows.
   *
   * @param rows off the heap, as the query's layout says
   * @throws IndexOutOfBoundsException where a row lies outside of them
   */
  void distances(CodeQuery query, MemorySegment rows, int[] ids, int count, float[] out);

  /** Native code where the kernel in force is native, else the reference. */
  static CodeRows best() {
    return Best.ROWS;
  }

  /** The reference. */
  static CodeRows scalar() {
    return new ScalarCodeRows();
  }

  /** Chosen when first asked for. */
  final class Best {
    private static final CodeRows ROWS =
        Kernels.best().name().startsWith("native") ? new NativeCodeRows() : new ScalarCodeRows();

    private Best() {}
  }
}
