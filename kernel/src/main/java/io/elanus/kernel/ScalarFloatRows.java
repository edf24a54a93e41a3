package io.elanus.kernel;

import java.lang.foreign.MemorySegment;

/** Plain loops, summed in double so that other kernels are measured against truth. */
final class ScalarFloatRows implements FloatRows {
  private final FloatCell cell;

  ScalarFloatRows(FloatCell cell) {
    this.cell = cell;
  }

  @Override
  public float dot(float[] query, MemorySegment rows, long offset) {
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      sum += (double) query[i] * cell.at(rows, offset + cell.bytes * i);
    }
    return (float) sum;
  }

  @Override
  public float squaredL2(float[] query, MemorySegment rows, long offset) {
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      double difference = (double) query[i] - cell.at(rows, offset + cell.bytes * i);
      sum += difference * difference;
    }
    return (float) sum;
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int first, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows, cell.bytes * query.length * (first + (long) i));
    }
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int first, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows, cell.bytes * query.length * (first + (long) i));
    }
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows, cell.bytes * query.length * ids[i]);
    }
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows, cell.bytes * query.length * ids[i]);
    }
  }

  @Override
  public float squaredNorm(MemorySegment rows, long offset, int dim) {
    double sum = 0;
    for (int i = 0; i < dim; i++) {
      double value = cell.at(rows, offset + cell.bytes * i);
      sum += value * value;
    }
    return (float) sum;
  }
}
