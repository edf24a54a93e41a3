package io.elanus.index.code;

import java.util.Arrays;

/**
 * ⟨query, signs⟩ by look-up: for each 4 coordinates the 16 sums over their subsets, as bytes. What
 * a code's bits are worth is {@code start + step · sum of bytes}.
 */
final class SubsetTables {
  private static final int SUBSETS = 16;

  final byte[] bytes;
  final float start;
  final float step;

  SubsetTables(float[] query) {
    float[] padded = Arrays.copyOf(query, (query.length + 3) / 4 * 4);
    bytes = new byte[padded.length / 4 * SUBSETS];
    float widest = 0;
    float lows = 0;
    float all = 0;
    for (int d = 0; d < padded.length; d += 4) {
      float low = 0;
      float high = 0;
      for (int i = d; i < d + 4; i++) {
        low += Math.min(padded[i], 0);
        high += Math.max(padded[i], 0);
      }
      widest = Math.max(widest, high - low);
      lows += low;
      all += low + high;
    }
    float inverse = widest > 0 ? 255 / widest : 0;
    for (int d = 0; d < padded.length; d += 4) {
      fill(padded, d, inverse);
    }
    // ⟨query, ±1⟩ = 2·⟨query, 0/1⟩ − the sum of the query.
    step = 2 * widest / 255;
    start = 2 * lows - all;
  }

  private void fill(float[] query, int d, float inverse) {
    float base = 0.5f;
    for (int i = 0; i < 4; i++) {
      base -= Math.min(query[d + i] * inverse, 0);
    }
    for (int subset = 0; subset < SUBSETS; subset++) {
      float sum = base;
      for (int i = 0; i < 4; i++) {
        sum += (subset >> i & 1) * query[d + i] * inverse;
      }
      bytes[d * 4 + subset] = (byte) (int) Math.min(255, sum);
    }
  }

  /** How far rounding to bytes may take {@code start + step · sum}: three standard deviations. */
  float slack() {
    return (float) (3 * step * Math.sqrt(bytes.length / SUBSETS / 12.0));
  }
}
