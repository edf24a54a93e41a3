package io.elanus.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The reference: plain loops, summed in double so that other kernels are measured against truth.
 */
final class ScalarKernel implements Kernel {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public float dot(float[] query, MemorySegment rows, long offset) {
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      sum += (double) query[i] * rows.get(FLOAT, offset + 4L * i);
    }
    return (float) sum;
  }

  @Override
  public float squaredL2(float[] query, MemorySegment rows, long offset) {
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      double difference = (double) query[i] - rows.get(FLOAT, offset + 4L * i);
      sum += difference * difference;
    }
    return (float) sum;
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int first, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows, 4L * query.length * (first + (long) i));
    }
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int first, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows, 4L * query.length * (first + (long) i));
    }
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows, 4L * query.length * ids[i]);
    }
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows, 4L * query.length * ids[i]);
    }
  }

  @Override
  public float squaredNorm(MemorySegment rows, long offset, int dim) {
    double sum = 0;
    for (int i = 0; i < dim; i++) {
      double value = rows.get(FLOAT, offset + 4L * i);
      sum += value * value;
    }
    return (float) sum;
  }
}
