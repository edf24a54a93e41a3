package io.elanus.index.quantgraph;

import io.elanus.index.Scorer;
import io.elanus.index.VectorData;
import io.elanus.kernel.graph.GraphHop;
import io.elanus.kernel.graph.GraphHops;
import io.elanus.kernel.graph.HopLayout;
import io.elanus.kernel.graph.HopQuery;
import io.elanus.kernel.graph.Rotation;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.util.Arrays;

/**
 * The space a graph lives in, where every metric is the Euclidean distance: vectors are scaled by a
 * power of two to lengths near one (so that no square overflows), brought to unit length for
 * COSINE, given one more coordinate that makes all lengths equal for IP (Bachrach et al., "Speeding
 * up the Xbox recommender system", RecSys 2014), and rotated.
 *
 * @param exponent vectors are multiplied by 2 to this power
 * @param seed of the rotation
 */
record Space(Metric metric, int dim, HopLayout layout, int exponent, Rotation rotation) {
  private static final GraphHop HOP = GraphHops.best();

  static Space of(Metric metric, int dim, int bits, int exponent, long seed) {
    int own = metric == Metric.IP ? dim + 1 : dim;
    HopLayout layout = new HopLayout(HopLayout.padded(own), bits);
    return new Space(metric, dim, layout, exponent, new Rotation(bits, seed));
  }

  /** The exponent that brings the longest of these vectors to a length between 1/2 and 1. */
  static int exponent(Metric metric, VectorData vectors) {
    if (metric == Metric.COSINE) {
      return 0;
    }
    double longest = 0;
    for (int row = 0; row < vectors.count(); row++) {
      longest = Math.max(longest, squared(vectors, row));
    }
    return longest > 0 ? -Math.getExponent(Math.sqrt(longest)) - 1 : 0;
  }

  private static double squared(VectorData vectors, int row) {
    double sum = 0;
    long at = vectors.offset(row);
    for (int d = 0; d < vectors.dim(); d++) {
      double value = vectors.values().get(FileHeader.FLOAT, at + 4L * d);
      sum += value * value;
    }
    return sum;
  }

  /** Puts a query into this space, ready for hops. */
  void query(float[] vector, HopQuery into) {
    place(vector, into.vector());
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
    place(vector, into);
    if (metric == Metric.IP) {
      double squared = 0;
      for (int d = 0; d < dim; d++) {
        squared += (double) into[d] * into[d];
      }
      into[dim] = (float) Math.sqrt(Math.max(0, 1 - squared));
    }
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
    double scale = Math.scalb(1.0, -2 * exponent);
    for (int i = 0; i < distances.length; i++) {
      distances[i] = (float) (distances[i] * scale);
    }
  }

  private void place(float[] vector, float[] into) {
    Arrays.fill(into, dim, into.length, 0);
    if (metric == Metric.COSINE) {
      System.arraycopy(Scorer.normalized(vector), 0, into, 0, dim);
      return;
    }
    // In two steps, since a factor of 2^±149 is no float of full precision.
    float half = Math.scalb(1f, exponent / 2);
    float rest = Math.scalb(1f, exponent - exponent / 2);
    for (int d = 0; d < dim; d++) {
      into[d] = vector[d] * half * rest;
    }
  }
}
