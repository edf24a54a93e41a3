package io.elanus.rag.drift;

/** The sum of features of so many vectors. Not safe for many threads. */
final class Mean {
  private final double[] sum;
  private long count;

  Mean() {
    this(new double[Features.COUNT], 0);
  }

  Mean(double[] sum, long count) {
    this.sum = sum.clone();
    this.count = count;
  }

  void add(double[] features) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += features[i];
    }
    count++;
  }

  void add(Mean other) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.sum[i];
    }
    count += other.count;
  }

  long count() {
    return count;
  }

  double[] sum() {
    return sum.clone();
  }

  /** How like each other two different vectors are, in the mean; from two on, without bias. */
  private double inner() {
    double square = 0;
    for (double x : sum) {
      square += x * x;
    }
    // Each with itself is 1, and is not asked for.
    return (square - count) / ((double) count * (count - 1));
  }

  private double between(Mean other) {
    double product = 0;
    for (int i = 0; i < sum.length; i++) {
      product += sum[i] * other.sum[i];
    }
    return product / ((double) count * other.count);
  }

  /**
   * The squared maximum mean discrepancy of two sets, its unbiased estimate (Gretton and others, "A
   * kernel two-sample test", 2012, lemma 6), over the spread of this one: 1 less the likeness of
   * two of its vectors. About 0, also a little below, for sets of one distribution.
   */
  double drift(Mean recent) {
    double spread = 1 - inner();
    double discrepancy = inner() + recent.inner() - 2 * between(recent);
    // Vectors that are all the same have no spread; then whatever differs differs wholly.
    return discrepancy / Math.max(spread, 1e-6);
  }
}
