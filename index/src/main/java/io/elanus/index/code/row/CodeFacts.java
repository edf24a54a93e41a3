package io.elanus.index.code.row;

/**
 * What stands beside a code. Where {@code s} is the code of a row {@code r}, the inner product of
 * any {@code q} with {@code r} is taken as {@code factor · ⟨q, s⟩} with {@code factor = |r|² / ⟨r,
 * s⟩}, which has no bias where the space was rotated at random (Gao and Long, "RaBitQ", SIGMOD
 * 2024). Then |q − r|² = |q|² + add − 2 · factor · ⟨q, s⟩ with {@code add = |r|²}, and −⟨q, r⟩ = −
 * factor · ⟨q, s⟩ with {@code add} 0.
 */
record CodeFacts(float add, float factor) {
  static CodeFacts of(float[] row, float[] code, boolean euclidean) {
    double squared = 0;
    double along = 0;
    for (int d = 0; d < row.length; d++) {
      squared += (double) row[d] * row[d];
      along += (double) row[d] * code[d];
    }
    double factor = along > 0 ? squared / along : 0;
    return new CodeFacts(euclidean ? (float) squared : 0, (float) factor);
  }

  /** What all distances of a query begin with. */
  static float base(float[] query, boolean euclidean) {
    double squared = 0;
    for (float value : query) {
      squared += (double) value * value;
    }
    return euclidean ? (float) squared : 0;
  }

  static float times(boolean euclidean) {
    return euclidean ? 2 : 1;
  }
}
