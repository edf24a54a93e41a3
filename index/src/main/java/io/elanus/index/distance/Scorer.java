package io.elanus.index.distance;

import io.elanus.index.QueryVector;
import io.elanus.index.VectorData;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Distances from one query to rows under a metric, smaller is nearer. Holds the query, so each
 * thread has its own; graph and list code sees only what it answers, never vectors.
 */
public abstract sealed class Scorer implements PairDistances permits ByteScorer, FloatScorer {
  /**
   * @param inverseNorms for COSINE, 1/length of each row as little-endian floats; null takes those
   *     of the data, or computes them as rows are met; other metrics ignore it
   */
  public static Scorer of(Metric metric, VectorData data, @Nullable MemorySegment inverseNorms) {
    MemorySegment norms = inverseNorms == null ? data.inverseNorms() : inverseNorms;
    return data.type() == DataType.INT8_VECTOR || data.type() == DataType.BINARY_VECTOR
        ? new ByteScorer(metric, data, norms)
        : new FloatScorer(metric, data, norms);
  }

  /** Sets a query from outside. */
  public abstract Scorer query(QueryVector vector);

  /** Sets a query of numbers from outside. */
  public final Scorer query(float[] vector) {
    return query(new QueryVector.Floats(vector));
  }

  /**
   * Sets a query from outside.
   *
   * @param unit its numbers at unit length, so that COSINE need not do it again
   */
  public abstract Scorer query(QueryVector vector, float[] unit);

  /** Sets a row of the data as query. */
  @Override
  public abstract Scorer queryRow(int row);

  /** A scorer that owns its query's array, for {@link #queryRow}. */
  @Override
  public abstract Scorer sibling();

  /** Distances to consecutive rows. */
  public abstract void to(int first, int count, float[] out);

  /** 1/length of every row, as little-endian floats; 0 for a zero vector. */
  public static void inverseNorms(VectorData data, MemorySegment into) {
    boolean bytes = data.type() == DataType.INT8_VECTOR;
    for (int row = 0; row < data.count(); row++) {
      float inverse = bytes ? ByteScorer.inverse(data, row) : FloatScorer.inverse(data, row);
      into.set(FileHeader.FLOAT, 4L * row, inverse);
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

  static void scale(float[] vector, double factor) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] * factor);
    }
  }
}
