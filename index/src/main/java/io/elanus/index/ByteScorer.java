package io.elanus.index;

import io.elanus.kernel.ByteRows;
import io.elanus.kernel.Kernels;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Rows of int8, or of bits, against a query of the same. Sums are exact. */
final class ByteScorer extends Scorer {
  private final ByteRows kernel = Kernels.best().bytes();
  private final Metric metric;
  private final VectorData data;
  private final @Nullable MemorySegment inverseNorms;
  private final int[] oneRow = new int[1];
  private final float[] one = new float[1];
  private byte[] query;
  private float queryInverse;
  private int[] sums = new int[1];

  ByteScorer(Metric metric, VectorData data, @Nullable MemorySegment inverseNorms) {
    this.metric = metric;
    this.data = data;
    this.inverseNorms = inverseNorms;
    this.query = new byte[Math.toIntExact(data.vectorBytes())];
    boolean bits = metric == Metric.HAMMING || metric == Metric.JACCARD;
    if (bits != (data.type() == DataType.BINARY_VECTOR)) {
      throw new IllegalStateException(metric + " does not measure " + data.type());
    }
  }

  @Override
  public Scorer query(QueryVector vector) {
    if (!(vector instanceof QueryVector.Bytes bytes) || bytes.type() != data.type()) {
      throw new IllegalStateException("rows are of another type than the query: " + data.type());
    }
    return query(bytes.values());
  }

  @Override
  public Scorer queryRow(int row) {
    data.copy(row, query);
    return query(query);
  }

  private Scorer query(byte[] bytes) {
    query = bytes;
    if (metric == Metric.COSINE) {
      queryInverse = inverse(MemorySegment.ofArray(bytes), 0, bytes.length);
    }
    return this;
  }

  @Override
  public Scorer sibling() {
    return new ByteScorer(metric, data, inverseNorms);
  }

  @Override
  public float to(int row) {
    oneRow[0] = row;
    to(oneRow, 1, one);
    return one[0];
  }

  @Override
  public void to(int[] rows, int count, float[] out) {
    MemorySegment values = data.values();
    int[] into = sums(count);
    switch (metric) {
      case L2 -> kernel.squaredL2s(query, values, rows, count, into);
      case HAMMING -> kernel.hammings(query, values, rows, count, into);
      case JACCARD -> kernel.jaccards(query, values, rows, count, out);
      case IP, COSINE -> kernel.dots(query, values, rows, count, into);
    }
    if (metric == Metric.COSINE) {
      for (int i = 0; i < count; i++) {
        out[i] = cosine(into[i], rows[i]);
      }
    } else {
      widen(into, count, out);
    }
  }

  @Override
  public void to(int first, int count, float[] out) {
    MemorySegment values = data.values();
    int[] into = sums(count);
    switch (metric) {
      case L2 -> kernel.squaredL2s(query, values, first, count, into);
      case HAMMING -> kernel.hammings(query, values, first, count, into);
      case JACCARD -> kernel.jaccards(query, values, first, count, out);
      case IP, COSINE -> kernel.dots(query, values, first, count, into);
    }
    if (metric == Metric.COSINE) {
      for (int i = 0; i < count; i++) {
        out[i] = cosine(into[i], first + i);
      }
    } else {
      widen(into, count, out);
    }
  }

  private int[] sums(int count) {
    if (sums.length < count) {
      sums = new int[count];
    }
    return sums;
  }

  private float cosine(int dot, int row) {
    MemorySegment known = inverseNorms;
    float inverse = known == null ? inverse(data, row) : known.get(FileHeader.FLOAT, 4L * row);
    return -(dot * queryInverse * inverse);
  }

  /** Sums as distances; Jaccard's are there already. */
  private void widen(int[] from, int count, float[] out) {
    if (metric == Metric.IP) {
      for (int i = 0; i < count; i++) {
        out[i] = -(float) from[i];
      }
    } else if (metric != Metric.JACCARD) {
      for (int i = 0; i < count; i++) {
        out[i] = from[i];
      }
    }
  }

  /** 1/length of a row of int8, 0 for a zero vector. */
  static float inverse(VectorData data, int row) {
    return inverse(data.values(), data.offset(row), data.dim());
  }

  private static float inverse(MemorySegment values, long from, int dim) {
    long squared = 0;
    for (int i = 0; i < dim; i++) {
      int value = values.get(ValueLayout.JAVA_BYTE, from + i);
      squared += value * value;
    }
    return squared > 0 ? (float) (1 / Math.sqrt(squared)) : 0;
  }
}
