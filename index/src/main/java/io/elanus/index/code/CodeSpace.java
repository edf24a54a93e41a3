package io.elanus.index.code;

import io.elanus.index.VectorData;
import io.elanus.index.distance.Scorer;
import io.elanus.kernel.graph.GraphHop;
import io.elanus.kernel.graph.GraphHops;
import io.elanus.kernel.graph.Rotation;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.util.Arrays;

/**
 * The space that codes are made in. Vectors are scaled by a power of two to lengths of at most one,
 * so that no square overflows, or brought to unit length for COSINE; and rotated at random, which
 * makes coordinates alike. L2 and COSINE are squared distances here, IP the negative inner product.
 *
 * @param exponent vectors are multiplied by 2 to this power
 * @param rotation of {@link #width} coordinates
 */
public record CodeSpace(Metric metric, int dim, int exponent, Rotation rotation) {
  private static final GraphHop HOP = GraphHops.best();

  /** The rotation's kernels take no fewer coordinates. */
  private static final int WIDTH_MIN = 16;

  /** So many times the longest row; all rows are equally far from there. */
  private static final float FAR = 1e12f;

  public static CodeSpace of(Metric metric, int dim, int exponent, long seed) {
    return new CodeSpace(metric, dim, exponent, new Rotation(width(dim), seed));
  }

  /**
   * A space of more coordinates than vectors have, whose codes say more.
   *
   * @param width at least that of {@link #width(int)}
   */
  public static CodeSpace of(Metric metric, int dim, int width, int exponent, long seed) {
    return new CodeSpace(metric, dim, exponent, new Rotation(width, seed));
  }

  /** Coordinates of a vector of this space, as it is made without another wish. */
  public static int width(int dim) {
    return Math.max(WIDTH_MIN, dim);
  }

  public int width() {
    return rotation.dim();
  }

  public boolean euclidean() {
    return metric != Metric.IP;
  }

  /** The exponent that brings the longest of these vectors to a length between 1/2 and 1. */
  public static int exponent(Metric metric, VectorData vectors) {
    double longest = 0;
    for (int row = 0; row < vectors.count() && metric != Metric.COSINE; row++) {
      longest = Math.max(longest, squared(vectors.vector(row)));
    }
    return exponent(longest);
  }

  private static int exponent(double squared) {
    return squared > 0 ? -Math.getExponent(Math.sqrt(squared)) - 1 : 0;
  }

  private static double squared(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    return sum;
  }

  /** A row in this space. */
  public float[] row(float[] vector) {
    return place(vector, exponent);
  }

  /** A query in this space, less its center. */
  public Query query(float[] vector, float[] center) {
    // Inner products are linear, so a query may be of any length; it has a scale of its own.
    int own = metric == Metric.IP ? exponent(squared(vector)) : exponent;
    float[] placed = place(vector, own);
    for (int d = 0; d < placed.length; d++) {
      placed[d] = placed[d] - center[d];
    }
    return switch (metric) {
      case COSINE -> new Query(placed, 0.5, -1);
      case L2 -> new Query(placed, Math.scalb(1.0, -2 * exponent), 0);
      case IP -> new Query(placed, Math.scalb(1.0, -exponent - own), 0);
      case HAMMING, JACCARD, BM25 ->
          throw new IllegalStateException(metric + " measures no numbers");
    };
  }

  private float[] place(float[] vector, int power) {
    float[] placed;
    if (metric == Metric.COSINE) {
      placed = Arrays.copyOf(Scorer.normalized(vector), width());
    } else {
      placed = new float[width()];
      double scale = Math.scalb(1.0, power);
      for (int d = 0; d < dim; d++) {
        placed[d] = (float) Math.clamp(vector[d] * scale, -FAR, FAR);
      }
    }
    HOP.rotate(rotation, placed);
    return placed;
  }

  /**
   * A query, and what numbers of this space mean outside of it.
   *
   * @param scale times a number, plus {@code shift}, is the metric's distance
   */
  public record Query(float[] vector, double scale, double shift) {
    public void outside(float[] distances, int count) {
      for (int i = 0; i < count; i++) {
        distances[i] = (float) (distances[i] * scale + shift);
      }
    }

    public void outsideSlack(float[] slacks, int count) {
      for (int i = 0; i < count; i++) {
        slacks[i] = (float) (slacks[i] * scale);
      }
    }
  }

  /** The mean of rows of this space, which queries and rows lose; none for inner products. */
  public float[] center(VectorData rows) {
    double[] sums = new double[width()];
    for (int row = 0; row < rows.count() && euclidean(); row++) {
      for (int d = 0; d < sums.length; d++) {
        sums[d] += rows.values().get(FileHeader.FLOAT, rows.offset(row) + 4L * d);
      }
    }
    float[] center = new float[width()];
    for (int d = 0; d < center.length; d++) {
      center[d] = (float) (sums[d] / Math.max(1, rows.count()));
    }
    return center;
  }
}
