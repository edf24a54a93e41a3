package io.elanus.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Which of many sums are large enough: one bit each. Stateless. */
public final class SumMarks {
  private static final boolean VECTORS =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  private SumMarks() {}

  /**
   * Marks the sums that are at least the limit.
   *
   * @param sums length 64 × words
   * @param marked shape [words], sum i in word i / 64 at bit i % 64; overwritten
   */
  public static void atLeast(float[] sums, float limit, long[] marked) {
    if (VECTORS) {
      Lanes.atLeast(sums, limit, marked);
    } else {
      plainly(sums, limit, marked);
    }
  }

  static void plainly(float[] sums, float limit, long[] marked) {
    for (int word = 0; word < marked.length; word++) {
      long bits = 0;
      for (int i = 0; i < 64; i++) {
        bits |= sums[word * 64 + i] >= limit ? 1L << i : 0;
      }
      marked[word] = bits;
    }
  }

  /** A class of its own, so that nothing of it is loaded where the module is missing. */
  private static final class Lanes {
    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;

    static void atLeast(float[] sums, float limit, long[] marked) {
      FloatVector least = FloatVector.broadcast(LANES, limit);
      for (int word = 0; word < marked.length; word++) {
        long bits = 0;
        for (int i = 0; i < 64; i += LANES.length()) {
          FloatVector some = FloatVector.fromArray(LANES, sums, word * 64 + i);
          bits |= some.compare(VectorOperators.GE, least).toLong() << i;
        }
        marked[word] = bits;
      }
    }
  }
}
