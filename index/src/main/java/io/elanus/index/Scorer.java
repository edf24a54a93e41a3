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
public final class Scorer {
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

  /** Sets a row of the data as query. */
  public Scorer queryRow(int row) {
    MemorySegment.copy(
        data.values(), ValueLayout.JAVA_FLOAT_UNALIGNED, data.offset(row), query, 0, data.dim());
    if (metric == Metric.COSINE) {
      scale(query, inverseNorm(row));
    }
    return this;
  }

  /** A scorer that owns its query's array, for {@link #queryRow}. */
  public Scorer sibling() {
    return new Scorer(metric, data, inverseNorms);
  }

  public float to(int row) {
    return switch (metric) {
      case L2 -> kernel.squaredL2(query, data.values(), data.offset(row));
      case IP -> -kernel.dot(query, data.values(), data.offset(row));
      case COSINE -> -kernel.dot(query, data.values(), data.offset(row)) * inverseNorm(row);
    };
  }

  /** Distances to the first {@code count} of these rows. */
  public void to(int[] rows, int count, float[] out) {
    if (metric == Metric.L2) {
      kernel.squaredL2s(query, data.values(), rows, count, out);
      return;
    }
    kernel.dots(query, data.values(), rows, count, out);
    for (int i = 0; i < count; i++) {
      out[i] = metric == Metric.IP ? -out[i] : -out[i] * inverseNorm(rows[i]);
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
      out[i] = metric == Metric.IP ? -out[i] : -out[i] * inverseNorm(first + i);
    }
  }

  private float inverseNorm(int row) {
    MemorySegment known = inverseNorms;
    if (known != null) {
      return known.get(FileHeader.FLOAT, 4L * row);
    }
    return inverse(kernel.squaredNorm(data.values(), data.offset(row), data.dim()));
  }

  /** 1/√x, and 0 for a zero vector, whose cosine to anything is taken as 0. */
  static float inverse(float squaredNorm) {
    return squaredNorm > 0 ? (float) (1 / Math.sqrt(squaredNorm)) : 0;
  }

  /** 1/length of every row, as little-endian floats. */
  public static void inverseNorms(VectorData data, MemorySegment into) {
    Kernel kernel = Kernels.best();
    for (int row = 0; row < data.count(); row++) {
      float squared = kernel.squaredNorm(data.values(), data.offset(row), data.dim());
      into.set(FileHeader.FLOAT, 4L * row, inverse(squared));
    }
  }

  private static float[] normalized(float[] vector) {
    double squared = 0;
    for (float value : vector) {
      squared += (double) value * value;
    }
    float[] unit = vector.clone();
    scale(unit, squared > 0 ? (float) (1 / Math.sqrt(squared)) : 0);
    return unit;
  }

  private static void scale(float[] vector, float factor) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= factor;
    }
  }
}
