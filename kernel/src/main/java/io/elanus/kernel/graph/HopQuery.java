package io.elanus.kernel.graph;

import java.lang.foreign.MemorySegment;

/**
 * A query as hops take it: the vector; for each 4 coordinates of the rotated vector a table of the
 * 16 sums over their subsets, as bytes, so that ⟨query, signs⟩ of a code is {@code start + step ·
 * sum of bytes}; and the rotated vector as signed bytes, for nodes of {@link
 * HopLayout.Cells#SIX_BITS}. Reused from query to query by one thread.
 */
public final class HopQuery {
  private static final int SUBSETS = 16;

  /** Half a step above the middle of the 64 values of a cell, so that they lie evenly about 0. */
  static final float CELL_MIDDLE = 31.5f;

  /** Below, the inverse of a coordinate is no float. */
  private static final float LENGTH_MIN = 1e-30f;

  /** How many numbers {@link #factorsSegment} holds. */
  private static final int FACTORS = 5;

  private final float[] vector;
  private final float[] rotated;
  private final byte[] tables;
  final MemorySegment vectorSegment;
  final MemorySegment rotatedSegment;
  final MemorySegment tablesSegment;
  private final byte[] bytes;
  final MemorySegment bytesSegment;
  private final float[] factors = new float[FACTORS];
  final MemorySegment factorsSegment = MemorySegment.ofArray(factors);

  public HopQuery(HopLayout layout) {
    vector = new float[layout.dim()];
    rotated = new float[layout.bits()];
    tables = new byte[layout.bits() / 4 * SUBSETS];
    bytes = new byte[layout.blocks() * 64];
    bytesSegment = MemorySegment.ofArray(bytes);
    vectorSegment = MemorySegment.ofArray(vector);
    rotatedSegment = MemorySegment.ofArray(rotated);
    tablesSegment = MemorySegment.ofArray(tables);
  }

  /** Where to put the vector. */
  public float[] vector() {
    return vector;
  }

  /** Where to put the rotated vector before {@link GraphHop#prepare}. */
  public float[] rotated() {
    return rotated;
  }

  byte[] tables() {
    return tables;
  }

  float step() {
    return factors[0];
  }

  float start() {
    return factors[1];
  }

  /** The rotated vector over {@link #byteUnit}, rounded. */
  byte[] bytes() {
    return bytes;
  }

  float byteUnit() {
    return factors[2];
  }

  /** {@link #CELL_MIDDLE} times the sum of the bytes. */
  float middle() {
    return factors[3];
  }

  /** |query|². */
  float squared() {
    return factors[4];
  }

  /** Makes the tables of what {@link #rotated} holds now, as the reference does. */
  void prepare() {
    float widest = 0;
    float lows = 0;
    float all = 0;
    for (int d = 0; d < rotated.length; d += 4) {
      float low = 0;
      float high = 0;
      for (int i = 0; i < 4; i++) {
        float value = rotated[d + i];
        low += Math.min(value, 0);
        high += Math.max(value, 0);
      }
      widest = Math.max(widest, high - low);
      lows += low;
      all += low + high;
    }
    float inverse = widest > 0 ? 255 / widest : 0;
    for (int d = 0; d < rotated.length; d += 4) {
      fill(d, inverse);
    }
    // ⟨query, ±1⟩ = 2·⟨query, 0/1⟩ − the sum of the query.
    factors[0] = 2 * widest / 255;
    factors[1] = 2 * lows - all;
    round();
  }

  private void round() {
    float largest = 0;
    float squared = 0;
    for (float value : rotated) {
      largest = Math.max(largest, Math.abs(value));
      squared += value * value;
    }
    float inverse = largest > LENGTH_MIN ? 127 / largest : 0;
    int sum = 0;
    for (int d = 0; d < rotated.length; d++) {
      bytes[d] = (byte) (int) Math.rint(rotated[d] * inverse);
      sum += bytes[d];
    }
    factors[2] = largest / 127;
    factors[3] = CELL_MIDDLE * sum;
    factors[4] = squared;
  }

  private void fill(int d, float inverse) {
    float a = rotated[d] * inverse;
    float b = rotated[d + 1] * inverse;
    float c = rotated[d + 2] * inverse;
    float e = rotated[d + 3] * inverse;
    float base = 0.5f - Math.min(a, 0) - Math.min(b, 0) - Math.min(c, 0) - Math.min(e, 0);
    int at = d * 4;
    for (int subset = 0; subset < SUBSETS; subset++) {
      float sum =
          base
              + ((subset & 1) != 0 ? a : 0)
              + ((subset & 2) != 0 ? b : 0)
              + ((subset & 4) != 0 ? c : 0)
              + ((subset & 8) != 0 ? e : 0);
      tables[at + subset] = (byte) (int) sum;
    }
  }
}
