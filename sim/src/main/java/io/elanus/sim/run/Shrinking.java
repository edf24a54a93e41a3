package io.elanus.sim.run;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which steps of a seed that breaks a promise are needed to break it? Leaves out ever shorter runs
 * of steps (delta debugging) while the same promise stays broken. Threads and faults are drawn from
 * the seed as before, and meet other calls when steps are missing: what is left is short, not the
 * shortest there is.
 */
public final class Shrinking {
  private Shrinking() {}

  /** The steps that are left, by their numbers over all clients; null where nothing breaks. */
  public static @Nullable BitSet shrink(long seed) {
    Broken broken = Simulation.run(seed, null).broken();
    if (broken == null) {
      return null;
    }
    BitSet kept = new BitSet();
    kept.set(0, Simulation.stepCount(seed));
    for (int length = kept.length() / 2; length > 0; length /= 2) {
      for (int from = 0; from < kept.length(); from += length) {
        BitSet fewer = (BitSet) kept.clone();
        fewer.clear(from, from + length);
        if (!fewer.equals(kept) && breaks(seed, fewer, broken)) {
          kept = fewer;
        }
      }
    }
    return kept;
  }

  private static boolean breaks(long seed, BitSet steps, Broken as) {
    Broken broken = Simulation.run(seed, steps, null).broken();
    return broken != null && broken.invariant().equals(as.invariant());
  }
}
