package io.elanus.rag.retrieve;

/**
 * Numbers of a search that most questions leave alone.
 *
 * @param recall share of the true nearest vectors that the search has to find, in (0, 1); 0 for the
 *     index's own default
 * @param candidates rows that each way of searching hands to the fusion; 0 for a default that grows
 *     with what is asked for
 * @param fusionConstant k of reciprocal rank fusion
 * @param denseWeight of the vectors' ranks in the fusion
 * @param textWeight of BM25's ranks in the fusion
 * @param staleMillisMax age up to which an answer may be older than the collection's newest write;
 *     0 for never
 */
public record Tuning(
    double recall,
    int candidates,
    double fusionConstant,
    double denseWeight,
    double textWeight,
    long staleMillisMax) {
  /** As Cormack, Clarke and Büttcher (2009) measured it. */
  public static final double FUSION_CONSTANT = 60;

  public static final int CANDIDATES_MAX = 1_000;

  public static final Tuning DEFAULT = new Tuning(0, 0, FUSION_CONSTANT, 1, 1, 0);
}
