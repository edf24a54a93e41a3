package io.elanus.index;

import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Distances from one query to rows under a metric, smaller is nearer. Holds the query, so each
 * thread has its own; graph and list code sees only what it answers, never vectors.
 */
public final class Scorer implements PairDistances {
  /** No cosine is larger, whatever was lost by rounding. */
  private static final float COSINE_MAX = 1.001f;

  /** Below, products of floats lose digits or vanish. */
  private static final float SQUARED_MIN = 1e-30f;

  private final Kernel kernel = Kernels.best();
  private final Metric metric;
  private final VectorData data;
  private final @Nullable MemorySegment inverseNorms;
  private float[] query;

  private Scorer(Metric metric, VectorData data, @Nullable MemorySegment inverseNorms) {
    this.metric = metric;
    this.data = data;
    this.inverseNorms = inverseNorms;
    this.query = new float[data.dim()];
  }

  /**
   * @param inverseNorms for COSINE, 1/length of each row as little-endian floats; null computes
   *     them as rows are met, and other metrics ignore it
   */
  public static Scorer of(Metric metric, VectorData data, @Nullable MemorySegment inverseNorms) {
    return new Scorer(metric, data, inverseNorms);
  }

  /** Sets a query from outside. */
  public Scorer query(float[] vector) {
    query = metric == Metric.COSINE ? normalized(vector) : vector;
    return this;
  }

  /** Sets a query from outside that has unit length already, where the metric wants that. */
  public Scorer prepared(float[] vector) {
    query = vector;
    return this;
  }

  @Override
  public Scorer queryRow(int row) {
    MemorySegment.copy(
        data.values(), ValueLayout.JAVA_FLOAT_UNALIGNED, data.offset(row), query, 0, data.dim());
    if (metric == Metric.COSINE) {
      float inverse = inverseNorm(row);
      if (Float.isInfinite(inverse)) {
        query = normalized(query);
      } else {
        scale(query, inverse);
      }
    }
    return this;
  }

  /** A scorer that owns its query's array, for {@link #queryRow}. */
  @Override
  public Scorer sibling() {
    return new Scorer(metric, data, inverseNorms);
  }

  @Override
  public float to(int row) {
    return switch (metric) {
      case L2 -> kernel.squaredL2(query, data.values(), data.offset(row));
      case IP, COSINE -> finish(kernel.dot(query, data.values(), data.offset(row)), row);
    };
  }

  @Override
  public void to(int[] rows, int count, float[] out) {
    if (metric == Metric.L2) {
      kernel.squaredL2s(query, data.values(), rows, count, out);
      return;
    }
    kernel.dots(query, data.values(), rows, count, out);
    for (int i = 0; i < count; i++) {
      out[i] = finish(out[i], rows[i]);
    }
  }

  /** Distances to consecutive rows. */
  public void to(int first, int count, float[] out) {
    if (metric == Metric.L2) {
      kernel.squaredL2s(query, data.values(), first, count, out);
      return;
    }
    kernel.dots(query, data.values(), first, count, out);
    for (int i = 0; i < count; i++) {
      out[i] = finish(out[i], first + i);
    }
  }

  private float inverseNorm(int row) {
    MemorySegment known = inverseNorms;
    if (known != null) {
      return known.get(FileHeader.FLOAT, 4L * row);
    }
    return inverse(kernel, data, row);
  }

  /** The distance that an inner product means, again in double where floats did not reach. */
  private float finish(float dot, int row) {
    if (metric == Metric.IP) {
      return Math.abs(dot) <= Float.MAX_VALUE ? -dot : (float) -dotInDouble(row);
    }
    float cosine = dot * inverseNorm(row);
    if (Math.abs(cosine) <= COSINE_MAX) {
      return -cosine;
    }
    double squared = squaredInDouble(data, row);
    return squared > 0 ? (float) (-dotInDouble(row) / Math.sqrt(squared)) : 0;
  }

  private double dotInDouble(int row) {
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      sum += (double) query[i] * data.values().get(FileHeader.FLOAT, data.offset(row) + 4L * i);
    }
    return sum;
  }

  private static double squaredInDouble(VectorData data, int row) {
    double sum = 0;
    for (int i = 0; i < data.dim(); i++) {
      double value = data.values().get(FileHeader.FLOAT, data.offset(row) + 4L * i);
      sum += value * value;
    }
    return sum;
  }

  /**
   * 1/length of a row, 0 for a zero vector, whose cosine to anything is taken as 0. Infinite for a
   * row so short that no float holds it; {@link #finish} notices.
   */
  private static float inverse(Kernel kernel, VectorData data, int row) {
    float squared = kernel.squaredNorm(data.values(), data.offset(row), data.dim());
    if (squared >= SQUARED_MIN && squared <= Float.MAX_VALUE) {
      return (float) (1 / Math.sqrt(squared));
    }
    double exact = squaredInDouble(data, row);
    return exact > 0 ? (float) (1 / Math.sqrt(exact)) : 0;
  }

  /** 1/length of every row, as little-endian floats. */
  public static void inverseNorms(VectorData data, MemorySegment into) {
    Kernel kernel = Kernels.best();
    for (int row = 0; row < data.count(); row++) {
      into.set(FileHeader.FLOAT, 4L * row, inverse(kernel, data, row));
    }
  }

  /** The vector at unit length; a zero vector stays one. */
  public static float[] normalized(float[] vector) {
    // Four sums at a time, since each waits for the one before.
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 4 <= vector.length; i += 4) {
      a += (double) vector[i] * vector[i];
      b += (double) vector[i + 1] * vector[i + 1];
      c += (double) vector[i + 2] * vector[i + 2];
      d += (double) vector[i + 3] * vector[i + 3];
    }
    for (; i < vector.length; i++) {
      a += (double) vector[i] * vector[i];
    }
    double squared = a + b + c + d;
    float[] unit = vector.clone();
    scale(unit, squared > 0 ? 1 / Math.sqrt(squared) : 0);
    return unit;
  }

  private static void scale(float[] vector, double factor) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] * factor);
    }
  }
}
