package io.elanus.kernel.sign;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A query as scans of codes take it: its coordinates rounded to 16 values, in four planes of bits,
 * so that an inner product with signs is a count of differing bits. Reused from query to query by
 * one thread.
 */
public final class SignQuery {
  private static final int PLANES = 4;

  /** Half of the steps from the least value to the greatest. */
  static final float MIDDLE = 7.5f;

  /** Below, the inverse of a coordinate is no float. */
  private static final float LENGTH_MIN = 1e-30f;

  private final int bits;
  private final int wide;
  private final long[] planes;
  private final float[] factors = new float[3];
  final MemorySegment planesSegment;
  final MemorySegment factorsSegment = MemorySegment.ofArray(factors);

  /**
   * @param bits of a code
   */
  public SignQuery(int bits) {
    this.bits = bits;
    this.wide = (bits / 64 + 7) / 8 * 8;
    this.planes = new long[PLANES * wide];
    this.planesSegment = MemorySegment.ofArray(planes);
  }

  public int bits() {
    return bits;
  }

  /** Word {@code word} of plane {@code plane}. */
  long plane(int plane, int word) {
    return planes[plane * wide + word];
  }

  /** What every row's distance has. */
  float base() {
    return factors[0];
  }

  /** The inner product with signs that differ from no plane, and the slack. */
  float start() {
    return factors[1];
  }

  /** What the inner product loses for each weighted count. */
  float step() {
    return factors[2];
  }

  /** What 1 is multiplied by, so that the widest coordinate comes to the edge of the grid. */
  static float inverse(float widest) {
    return widest > LENGTH_MIN ? MIDDLE / widest : 0;
  }

  /**
   * Sets everything but the planes.
   *
   * @param base is added to every row
   * @param times what the inner product is multiplied by
   * @param slack is added to every inner product, so that estimates become bounds
   */
  void factors(float widest, float base, float times, float slack) {
    // With planes and signs as ±1, 2·⟨query, signs⟩ / unit = Σ 2^p · (bits − 2 · differing bits).
    float unit = widest > LENGTH_MIN ? widest / MIDDLE : 0;
    factors[0] = base;
    factors[1] = times * unit * MIDDLE * bits + slack;
    factors[2] = times * unit;
  }

  /** Makes the planes, as the reference does. */
  void planes(float[] rotated, float inverse) {
    Arrays.fill(planes, 0);
    for (int d = 0; d < bits; d++) {
      int cell = Math.clamp((int) (rotated[d] * inverse + (MIDDLE + 0.5f)), 0, 15);
      for (int p = 0; p < PLANES; p++) {
        planes[p * wide + d / 64] |= (long) (cell >> p & 1) << d;
      }
    }
  }

  static float widest(float[] rotated, int bits) {
    float widest = 0;
    for (int d = 0; d < bits; d++) {
      widest = Math.max(widest, Math.abs(rotated[d]));
    }
    return widest;
  }
}
