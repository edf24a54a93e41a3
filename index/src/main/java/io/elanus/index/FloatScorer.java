package io.elanus.index;

import io.elanus.kernel.FloatRows;
import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Rows of float32, float16 or bfloat16 against a query of float32. */
final class FloatScorer extends Scorer {
  /** No cosine is larger, whatever was lost by rounding. */
  private static final float COSINE_MAX = 1.001f;

  /** Below, products of floats lose digits or vanish. */
  private static final float SQUARED_MIN = 1e-30f;

  private final FloatRows kernel;
  private final Metric metric;
  private final VectorData data;
  private final @Nullable MemorySegment inverseNorms;
  private float[] query;

  FloatScorer(Metric metric, VectorData data, @Nullable MemorySegment inverseNorms) {
    this.kernel = kernel(data);
    this.metric = metric;
    this.data = data;
    this.inverseNorms = inverseNorms;
    this.query = new float[data.dim()];
  }

  private static FloatRows kernel(VectorData data) {
    Kernel best = Kernels.best();
    return switch (data.type()) {
      case FLOAT_VECTOR -> best.float32();
      case FLOAT16_VECTOR -> best.float16();
      case BFLOAT16_VECTOR -> best.bfloat16();
      default -> throw new IllegalStateException("not rows of floats: " + data.type());
    };
  }

  @Override
  public Scorer query(QueryVector vector) {
    float[] floats = vector.floats();
    query = metric == Metric.COSINE ? normalized(floats) : floats;
    return this;
  }

  @Override
  public Scorer queryRow(int row) {
    data.copy(row, query);
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

  @Override
  public Scorer sibling() {
    return new FloatScorer(metric, data, inverseNorms);
  }

  @Override
  public float to(int row) {
    return metric == Metric.L2
        ? kernel.squaredL2(query, data.values(), data.offset(row))
        : finish(kernel.dot(query, data.values(), data.offset(row)), row);
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

  @Override
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
      sum += (double) query[i] * data.at(row, i);
    }
    return sum;
  }

  private static double squaredInDouble(VectorData data, int row) {
    double sum = 0;
    for (int i = 0; i < data.dim(); i++) {
      double value = data.at(row, i);
      sum += value * value;
    }
    return sum;
  }

  static float inverse(VectorData data, int row) {
    return inverse(kernel(data), data, row);
  }

  /**
   * 1/length of a row, 0 for a zero vector, whose cosine to anything is taken as 0. Infinite for a
   * row so short that no float holds it; {@link #finish} notices.
   */
  private static float inverse(FloatRows kernel, VectorData data, int row) {
    float squared = kernel.squaredNorm(data.values(), data.offset(row), data.dim());
    if (squared >= SQUARED_MIN && squared <= Float.MAX_VALUE) {
      return (float) (1 / Math.sqrt(squared));
    }
    double exact = squaredInDouble(data, row);
    return exact > 0 ? (float) (1 / Math.sqrt(exact)) : 0;
  }
}
