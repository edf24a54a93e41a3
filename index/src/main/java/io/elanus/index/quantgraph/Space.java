package io.elanus.index.quantgraph;

import io.elanus.index.Scorer;
import io.elanus.index.VectorData;
import io.elanus.kernel.graph.GraphHop;
import io.elanus.kernel.graph.GraphHops;
import io.elanus.kernel.graph.HopLayout;
import io.elanus.kernel.graph.HopQuery;
import io.elanus.kernel.graph.Rotation;
import io.elanus.model.schema.Metric;
import java.util.Arrays;

/**
 * The space a graph lives in, where every metric is the Euclidean distance, and no length is above
 * one. L2: vectors are scaled by a power of two, so that no square overflows and no digit is lost.
 * COSINE: they are brought to unit length. IP: the longest is brought to unit length, the others in
 * proportion, and one more coordinate makes all lengths equal (Bachrach et al., "Speeding up the
 * Xbox recommender system", RecSys 2014); a query's length does not matter, and one like the rows'
 * makes the best estimates. Codes see vectors rotated.
 *
 * @param longest of the rows' lengths
 */
record Space(Metric metric, int dim, HopLayout layout, double longest, Rotation rotation) {
  private static final GraphHop HOP = GraphHops.best();

  /**
   * @param bits of a code
   * @param seed of the rotation
   */
  static Space of(Metric metric, int dim, int bits, double longest, long seed) {
    int own = metric == Metric.IP ? dim + 1 : dim;
    HopLayout layout = new HopLayout(HopLayout.padded(own), bits);
    return new Space(metric, dim, layout, longest, new Rotation(bits, seed));
  }

  /** The length of the longest of these vectors. */
  static double longest(VectorData vectors) {
    double longest = 0;
    for (int row = 0; row < vectors.count(); row++) {
      longest = Math.max(longest, squared(vectors, row));
    }
    return Math.sqrt(longest);
  }

  private static double squared(VectorData vectors, int row) {
    double sum = 0;
    for (float value : vectors.vector(row)) {
      sum += (double) value * value;
    }
    return sum;
  }

  /** Puts a query into this space, ready for hops. */
  void query(float[] vector, HopQuery into) {
    if (metric == Metric.L2) {
      scale(vector, into.vector());
    } else {
      copy(Scorer.normalized(vector), into.vector());
    }
    prepare(into);
  }

  /** Makes a query ready for hops whose vector is in this space. */
  void prepare(HopQuery into) {
    rotate(into.vector(), into.rotated());
    HOP.prepare(into);
  }

  /**
   * Puts a row into this space.
   *
   * @param into of the layout's dimension
   */
  void row(float[] vector, float[] into) {
    switch (metric) {
      case L2 -> scale(vector, into);
      case COSINE -> copy(Scorer.normalized(vector), into);
      case IP -> lengthen(vector, into);
      case HAMMING, JACCARD -> throw new IllegalStateException(metric + " measures no numbers");
    }
  }

  private void lengthen(float[] vector, float[] into) {
    Arrays.fill(into, dim, into.length, 0);
    double squared = 0;
    for (int d = 0; d < dim; d++) {
      into[d] = longest > 0 ? (float) (vector[d] / longest) : 0;
      squared += (double) into[d] * into[d];
    }
    into[dim] = (float) Math.sqrt(Math.max(0, 1 - squared));
  }

  /** Rotates a vector of this space into as many coordinates as codes have bits. */
  void rotate(float[] vector, float[] into) {
    int n = Math.min(vector.length, into.length);
    System.arraycopy(vector, 0, into, 0, n);
    Arrays.fill(into, n, into.length, 0);
    HOP.rotate(rotation, into);
  }

  /** Turns squared distances in this space, of L2 and COSINE, into the metric's. */
  void measure(float[] distances) {
    if (metric == Metric.COSINE) {
      for (int i = 0; i < distances.length; i++) {
        distances[i] = distances[i] / 2 - 1;
      }
      return;
    }
    double scale = Math.scalb(1.0, -2 * exponent());
    for (int i = 0; i < distances.length; i++) {
      distances[i] = (float) (distances[i] * scale);
    }
  }

  private void copy(float[] vector, float[] into) {
    System.arraycopy(vector, 0, into, 0, dim);
    Arrays.fill(into, dim, into.length, 0);
  }

  private void scale(float[] vector, float[] into) {
    Arrays.fill(into, dim, into.length, 0);
    // In two steps, since a factor of 2^±149 is no float of full precision.
    int exponent = exponent();
    float half = Math.scalb(1f, exponent / 2);
    float rest = Math.scalb(1f, exponent - exponent / 2);
    for (int d = 0; d < dim; d++) {
      into[d] = vector[d] * half * rest;
    }
  }

  /** Of the power of two that brings the longest row to a length between 1/2 and 1. */
  private int exponent() {
    return longest > 0 ? -Math.getExponent(longest) - 1 : 0;
  }
}
