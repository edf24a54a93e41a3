package io.elanus.index.sparse;

/**
 * What n occurrences of a token are worth in a text of some length: n / (n + base + perToken ·
 * length), which rises with n towards 1 and falls with the length.
 *
 * @param base of a text of no length
 * @param perToken added for each token of the text
 */
public record Saturation(double base, double perToken) {
  double of(double occurrences, double length) {
    return occurrences / (occurrences + base + perToken * length);
  }

  /**
   * The least factor by which values under another saturation must be multiplied to be at least
   * those under this one, whatever the occurrences and the length; infinite where there is none.
   */
  double over(Saturation other) {
    double least = 1;
    if (other.base > 0) {
      least = Math.min(least, base / other.base);
    }
    if (other.perToken > 0) {
      least = Math.min(least, perToken / other.perToken);
    }
    // n / (n + c·x) is at most 1/c times n / (n + x) for c up to 1.
    return 1 / least;
  }
}
