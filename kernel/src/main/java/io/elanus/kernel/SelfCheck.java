package io.elanus.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Does a kernel say what the reference says? Asked of the native one at start, on few and small
 * inputs, so that a wrong compiler or processor is met before a wrong answer. All values are small
 * integers, whose sums are exact in any order: every bit must agree.
 */
final class SelfCheck {
  private static final int[] DIMS = {1, 7, 19, 100};
  private static final int ROWS = 6;
  private static final int[] IDS = {5, 0, 3, 3, 1, 2};

  private SelfCheck() {}

  /** The first difference in words, or nothing. */
  static Optional<String> difference(Kernel kernel, Kernel reference) {
    try (Arena arena = Arena.ofConfined()) {
      for (int dim : DIMS) {
        MemorySegment rows = arena.allocate(4L * dim * ROWS);
        float[] query = new float[dim];
        for (int i = 0; i < dim; i++) {
          query[i] = i % 11 - 5;
        }
        for (int i = 0; i < dim * ROWS; i++) {
          rows.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 13 - 6);
        }
        if (differs(kernel, reference, query, rows)) {
          return Optional.of("float32 at dimension " + dim);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean differs(
      Kernel kernel, Kernel reference, float[] query, MemorySegment rows) {
    float[][] said = {floats(kernel, query, rows), floats(reference, query, rows)};
    return !java.util.Arrays.equals(said[0], said[1]);
  }

  private static float[] floats(Kernel kernel, float[] query, MemorySegment rows) {
    float[] all = new float[4 * ROWS];
    float[] part = new float[ROWS];
    kernel.dots(query, rows, 0, ROWS, part);
    System.arraycopy(part, 0, all, 0, ROWS);
    kernel.squaredL2s(query, rows, 0, ROWS, part);
    System.arraycopy(part, 0, all, ROWS, ROWS);
    kernel.dots(query, rows, IDS, ROWS, part);
    System.arraycopy(part, 0, all, 2 * ROWS, ROWS);
    kernel.squaredL2s(query, rows, IDS, ROWS, part);
    System.arraycopy(part, 0, all, 3 * ROWS, ROWS);
    return all;
  }
}
