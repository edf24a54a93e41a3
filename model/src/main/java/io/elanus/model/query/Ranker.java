package io.elanus.model.query;

import java.util.List;

/** Fuses the hit lists of a hybrid search. */
public sealed interface Ranker {
  /**
   * Reciprocal rank fusion: Σ 1/(k + rank), rank from 1 (Cormack, Clarke, Büttcher 2009).
   *
   * @param k in (0, {@link #K_END})
   */
  record Rrf(double k) implements Ranker {
    public static final int K_END = 16_384;
  }

  /**
   * Weighted sum of scores.
   *
   * @param weights one per sub-search, each in [0, 1]
   * @param normalizeScores map scores to [0, 1] by arctan before weighting
   */
  record Weighted(List<Double> weights, boolean normalizeScores) implements Ranker {
    public Weighted {
      weights = List.copyOf(weights);
    }
  }
}
