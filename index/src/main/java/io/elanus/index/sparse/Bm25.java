package io.elanus.index.sparse;

import io.elanus.index.Parameters;
import java.util.Map;

/**
 * The two free numbers of BM25 (Robertson, Walker, Jones, Hancock-Beaulieu, Gatford 1994).
 *
 * @param k1 how much more a token counts that occurs more often, 0 to 3
 * @param b how much a long text is held against it, 0 to 1
 */
public record Bm25(double k1, double b) {
  private static final String K1 = "bm25_k1";
  private static final String B = "bm25_b";
  private static final double K1_DEFAULT = 1.2;
  private static final double K1_MAX = 3;
  private static final double B_DEFAULT = 0.75;

  /** As parameters say, which may lack both. */
  public static Bm25 of(Map<String, String> params) {
    return new Bm25(K1_DEFAULT, B_DEFAULT).with(params);
  }

  /** The same but for what these parameters say. */
  public Bm25 with(Map<String, String> params) {
    return new Bm25(
        Parameters.number(params, K1, k1, 0, K1_MAX), Parameters.number(params, B, b, 0, 1));
  }

  /** How occurrences count among texts of that average length, in tokens. */
  public Saturation saturation(double averageLength) {
    return new Saturation(k1 * (1 - b), averageLength > 0 ? k1 * b / averageLength : 0);
  }
}
