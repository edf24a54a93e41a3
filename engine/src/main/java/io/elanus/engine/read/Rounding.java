package io.elanus.engine.read;

/**
 * Rounds scores half up to a number of decimals.
 *
 * @param decimals −1 for none
 */
record Rounding(int decimals) {
  float of(float score) {
    if (decimals < 0) {
      return score;
    }
    double factor = Math.pow(10, decimals);
    return (float) (Math.floor(score * factor + 0.5) / factor);
  }
}
