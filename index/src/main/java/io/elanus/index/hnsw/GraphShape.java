package io.elanus.index.hnsw;

/**
 * How a graph is built.
 *
 * @param m neighbours chosen for a new node on each layer, and most of a node above the ground
 * @param groundDegree most neighbours of a node on the ground
 * @param efConstruction effort of the searches for neighbours
 * @param ease a candidate is kept unless a kept one is nearer to it, times this, than the base is:
 *     1 is the rule of HNSW, more leaves longer edges in, as Vamana's α does (squared, where
 *     distances are)
 */
public record GraphShape(int m, int groundDegree, int efConstruction, float ease) {
  /** As hnswlib means its parameters. */
  public static GraphShape hnsw(int m, int efConstruction) {
    return new GraphShape(m, 2 * m, efConstruction, 1);
  }
}
