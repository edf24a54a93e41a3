package io.elanus.model.schema;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How near two vectors are. The score shown to users is the squared Euclidean distance for L2, the
 * number of bits that differ for HAMMING and 1 - |both| / |either| of the set bits for JACCARD
 * (smaller is better), the raw inner product for IP, the cosine for COSINE and the relevance of a
 * text for BM25 (larger is better). Inside the engine everything is a <em>distance</em>, smaller is
 * better: IP, COSINE and BM25 negated, the others as they are. Files hold the ordinal: appended to,
 * never reordered.
 */
public enum Metric {
  L2,
  IP,
  COSINE,
  HAMMING,
  JACCARD,
  BM25;

  private static final List<Metric> OF_NUMBERS = List.of(COSINE, L2, IP);
  private static final List<Metric> OF_BITS = List.of(HAMMING, JACCARD);
  private static final List<Metric> OF_SPARSE = List.of(IP);

  public boolean largerIsBetter() {
    return this == IP || this == COSINE || this == BM25;
  }

  /** Turns an internal distance into the score users see. */
  public float score(float distance) {
    return largerIsBetter() ? -distance : distance;
  }

  /** Turns a user's score (a radius, say) into an internal distance. */
  public float distance(float score) {
    return largerIsBetter() ? -score : score;
  }

  /**
   * The metrics of a vector type; the first is taken where a user names none. What a function makes
   * is measured as the function says, see {@link Schema#metrics}.
   */
  public static List<Metric> of(DataType vectorType) {
    return switch (vectorType) {
      case FLOAT_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR -> OF_NUMBERS;
      case BINARY_VECTOR -> OF_BITS;
      case SPARSE_FLOAT_VECTOR -> OF_SPARSE;
      default -> List.of();
    };
  }

  public static Optional<Metric> parse(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "L2" -> Optional.of(L2);
      case "IP" -> Optional.of(IP);
      case "COSINE" -> Optional.of(COSINE);
      case "HAMMING" -> Optional.of(HAMMING);
      case "JACCARD" -> Optional.of(JACCARD);
      case "BM25" -> Optional.of(BM25);
      default -> Optional.empty();
    };
  }
}
