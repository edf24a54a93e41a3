package io.elanus.kernel.graph;

/**
 * A node of a quantised graph, with everything a hop reads side by side (Gou, Gao, Xu and Long,
 * "SymphonyQG", SIGMOD 2025): its vector, the 1-bit codes of its {@value #DEGREE} neighbours, what
 * turns sums over codes into distances, and the neighbours' numbers.
 *
 * <pre>
 *  bytes            content
 *  ---------------  -------------------------------------------------------------
 *  4 * dim          float[dim]: the vector
 *  4 * bits         codes: 16 bytes for each 4 bits g; bit i of the low nibble of byte 16 * g + j
 *                   is the sign of coordinate 4 * g + i of (neighbour j − node), rotated, 1 for
 *                   positive; the high nibble belongs to neighbour j + 16
 *  4 * 32           float[32] add
 *  4 * 32           float[32] scale
 *  4 * 32           int[32] neighbours, −1 where there are fewer
 * </pre>
 *
 * <p>With r = neighbour − node, both rotated, and s its signs, scale = −2·|r|²/|r|₁ and add = |r|²
 * − scale·⟨node, s⟩ (Gao and Long, "RaBitQ", SIGMOD 2024, with the node as centroid). The estimate
 * for a query q is |q − node|² + add + scale·⟨q, s⟩; a missing neighbour has an add of +∞ and a
 * scale of 0. More bits than dimensions make better estimates.
 *
 * @param dim of the vectors, a multiple of {@value #STEP}
 * @param bits of a code, which is the dimension of rotated vectors, a multiple of {@value #STEP}
 */
public record HopLayout(int dim, int bits) {
  /** Neighbours of a node. */
  public static final int DEGREE = 32;

  /** What {@code dim} and {@code bits} are multiples of, so that no kernel has a remainder. */
  public static final int STEP = 16;

  public HopLayout {
    if (dim < STEP || dim % STEP != 0 || bits < STEP || bits % STEP != 0) {
      throw new IllegalArgumentException("a dimension of %d, %d bits".formatted(dim, bits));
    }
  }

  /** The next multiple of {@link #STEP}. */
  public static int padded(int n) {
    return (n + STEP - 1) / STEP * STEP;
  }

  public int codesAt() {
    return 4 * dim;
  }

  public int addAt() {
    return codesAt() + 4 * bits;
  }

  public int scaleAt() {
    return addAt() + 4 * DEGREE;
  }

  public int neighborsAt() {
    return scaleAt() + 4 * DEGREE;
  }

  /** Bytes of a node. */
  public int stride() {
    return neighborsAt() + 4 * DEGREE;
  }
}
