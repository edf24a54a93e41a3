package io.elanus.kernel.graph;

/**
 * A node of a quantised graph, with everything a hop reads side by side (Gou, Gao, Xu and Long,
 * "SymphonyQG", SIGMOD 2025): its vector, the 1-bit codes of its {@value #DEGREE} neighbours, what
 * turns sums over codes into distances, and the neighbours' numbers. Lines of 64 bytes are what a
 * hop waits for, so a finished graph holds its vectors in 6 bits a coordinate where that is precise
 * enough; one that is being built, or whose vectors lie too close together, in floats.
 *
 * <pre>
 *  FLOATS           content
 *  ---------------  -------------------------------------------------------------
 *  4 * dim          float[dim]: the vector
 *  4 * bits         codes: 16 bytes for each 4 bits g; bit i of the low nibble of byte 16 * g + j
 *                   is the sign of coordinate 4 * g + i of (neighbour j − node), rotated, 1 for
 *                   positive; the high nibble belongs to neighbour j + 16
 *  4 * 32           float[32] add
 *  4 * 32           float[32] scale
 *  4 * 32           int[32] neighbours, −1 where there are fewer
 *
 *  SIX_BITS         content
 *  ---------------  -------------------------------------------------------------
 *  4                float: |x|² of the vector x
 *  4                float: unit; coordinate d of the rotated vector is about unit · (u[d] − 31.5)
 *  4 + 4            floats: units of add and of scale
 *  48 * blocks      u: for each 64 of the rotated coordinates 32 bytes, the low 4 bits of u[d] and
 *                   of u[d + 32] in byte d; then 16 bytes, the high 2 bits of u[d], u[d + 16],
 *                   u[d + 32] and u[d + 48] in byte d; past the last coordinate zeros
 *  4 * bits         codes, as above
 *  2 * 32           float16[32] add
 *  2 * 32           float16[32] scale
 *  4 * 32           int[32] neighbours
 *  0 to 60          zeros up to a multiple of 64
 * </pre>
 *
 * <p>With r = neighbour − node, both rotated, and s its signs, scale = −2·|r|²/|r|₁ and add = |r|²
 * − scale·⟨node, s⟩ (Gao and Long, "RaBitQ", SIGMOD 2024, with the node as centroid). The estimate
 * for a query q is |q − node|² + add + scale·⟨q, s⟩; a missing neighbour has an add of +∞ and a
 * scale of 0. More bits than dimensions make better estimates.
 *
 * @param dim of the vectors, a multiple of {@value #STEP}
 * @param bits of a code, which is the dimension of rotated vectors, a multiple of {@value #STEP}
 * @param cells what a node holds of its own vector
 */
public record HopLayout(int dim, int bits, Cells cells) {
  /** How a node holds its own vector. */
  public enum Cells {
    FLOATS,
    SIX_BITS
  }

  /** Neighbours of a node. */
  public static final int DEGREE = 32;

  /** What {@code dim} and {@code bits} are multiples of, so that no kernel has a remainder. */
  public static final int STEP = 16;

  private static final int LINE = 64;
  private static final int HEAD = 16;

  public HopLayout {
    if (dim < STEP || dim % STEP != 0 || bits < STEP || bits % STEP != 0) {
      throw new IllegalArgumentException("a dimension of %d, %d bits".formatted(dim, bits));
    }
  }

  /** The next multiple of {@link #STEP}. */
  public static int padded(int n) {
    return (n + STEP - 1) / STEP * STEP;
  }

  /** The same graph with vectors held otherwise. */
  public HopLayout with(Cells other) {
    return new HopLayout(dim, bits, other);
  }

  boolean sixBits() {
    return cells == Cells.SIX_BITS;
  }

  /** Blocks of 64 coordinates that hold all rotated ones. */
  int blocks() {
    return (bits + 63) / 64;
  }

  public int codesAt() {
    return sixBits() ? HEAD + 48 * blocks() : 4 * dim;
  }

  public int addAt() {
    return codesAt() + 4 * bits;
  }

  public int scaleAt() {
    return addAt() + factorBytes() * DEGREE;
  }

  public int neighborsAt() {
    return scaleAt() + factorBytes() * DEGREE;
  }

  private int factorBytes() {
    return sixBits() ? 2 : 4;
  }

  /** Bytes of a node. */
  public int stride() {
    int end = neighborsAt() + 4 * DEGREE;
    return sixBits() ? (end + LINE - 1) / LINE * LINE : end;
  }
}
