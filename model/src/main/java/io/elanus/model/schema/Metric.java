package io.elanus.model.schema;

import java.util.Locale;
import java.util.Optional;

/**
 * How near two vectors are. The score shown to users is the squared Euclidean distance for L2
 * (smaller is better), the raw inner product for IP and the cosine for COSINE (larger is better).
 * Inside the engine everything is a <em>distance</em>, smaller is better: L2 as it is, IP and
 * COSINE negated.
 */
public enum Metric {
  L2,
  IP,
  COSINE;

  public boolean largerIsBetter() {
    return this != L2;
  }

  /** Turns an internal distance into the score users see. */
  public float score(float distance) {
    return this == L2 ? distance : -distance;
  }

  /** Turns a user's score (a radius, say) into an internal distance. */
  public float distance(float score) {
    return this == L2 ? score : -score;
  }

  public static Optional<Metric> parse(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "L2" -> Optional.of(L2);
      case "IP" -> Optional.of(IP);
      case "COSINE" -> Optional.of(COSINE);
      default -> Optional.empty();
    };
  }
}
