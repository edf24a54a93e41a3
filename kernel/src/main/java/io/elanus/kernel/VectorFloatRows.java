package io.elanus.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The JDK's Vector API on float32 rows, at the machine's preferred width. Batches take four rows at
 * a time, so that a piece of the query is loaded once for four multiplications and four sums run
 * independently. Tails go through 128-bit lanes and then single floats: masked loads from segments
 * are not fast on every machine.
 */
final class VectorFloatRows implements FloatRows {
  private static final VectorSpecies<Float> WIDE = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> NARROW = FloatVector.SPECIES_128;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);
  private static final int LANES = WIDE.length();

  /** Bits of a vector, for people. */
  static int bits() {
    return WIDE.vectorBitSize();
  }

  @Override
  public float dot(float[] query, MemorySegment rows, long offset) {
    int dim = query.length;
    FloatVector a = FloatVector.zero(WIDE);
    FloatVector b = FloatVector.zero(WIDE);
    int i = 0;
    for (; i <= dim - 2 * LANES; i += 2 * LANES) {
      long at = offset + 4L * i;
      a = wide(query, i).fma(wide(rows, at), a);
      b = wide(query, i + LANES).fma(wide(rows, at + 4L * LANES), b);
    }
    for (; i <= dim - LANES; i += LANES) {
      a = wide(query, i).fma(wide(rows, offset + 4L * i), a);
    }
    float sum = a.add(b).reduceLanes(VectorOperators.ADD);
    return sum + dotTail(query, rows, offset, i);
  }

  @Override
  public float squaredL2(float[] query, MemorySegment rows, long offset) {
    int dim = query.length;
    FloatVector a = FloatVector.zero(WIDE);
    FloatVector b = FloatVector.zero(WIDE);
    int i = 0;
    for (; i <= dim - 2 * LANES; i += 2 * LANES) {
      long at = offset + 4L * i;
      FloatVector x = wide(query, i).sub(wide(rows, at));
      FloatVector y = wide(query, i + LANES).sub(wide(rows, at + 4L * LANES));
      a = x.fma(x, a);
      b = y.fma(y, b);
    }
    for (; i <= dim - LANES; i += LANES) {
      FloatVector x = wide(query, i).sub(wide(rows, offset + 4L * i));
      a = x.fma(x, a);
    }
    float sum = a.add(b).reduceLanes(VectorOperators.ADD);
    return sum + l2Tail(query, rows, offset, i);
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int first, int count, float[] out) {
    long stride = 4L * query.length;
    long base = stride * first;
    int i = 0;
    for (; i <= count - 4; i += 4) {
      long at = base + i * stride;
      fourDots(query, rows, at, at + stride, at + 2 * stride, at + 3 * stride, out, i);
    }
    for (; i < count; i++) {
      out[i] = dot(query, rows, base + i * stride);
    }
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int first, int count, float[] out) {
    long stride = 4L * query.length;
    long base = stride * first;
    int i = 0;
    for (; i <= count - 4; i += 4) {
      long at = base + i * stride;
      fourL2s(query, rows, at, at + stride, at + 2 * stride, at + 3 * stride, out, i);
    }
    for (; i < count; i++) {
      out[i] = squaredL2(query, rows, base + i * stride);
    }
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    long stride = 4L * query.length;
    int i = 0;
    for (; i <= count - 4; i += 4) {
      fourDots(
          query,
          rows,
          stride * ids[i],
          stride * ids[i + 1],
          stride * ids[i + 2],
          stride * ids[i + 3],
          out,
          i);
    }
    for (; i < count; i++) {
      out[i] = dot(query, rows, stride * ids[i]);
    }
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    long stride = 4L * query.length;
    int i = 0;
    for (; i <= count - 4; i += 4) {
      fourL2s(
          query,
          rows,
          stride * ids[i],
          stride * ids[i + 1],
          stride * ids[i + 2],
          stride * ids[i + 3],
          out,
          i);
    }
    for (; i < count; i++) {
      out[i] = squaredL2(query, rows, stride * ids[i]);
    }
  }

  @Override
  public float squaredNorm(MemorySegment rows, long offset, int dim) {
    FloatVector a = FloatVector.zero(WIDE);
    int i = 0;
    for (; i <= dim - LANES; i += LANES) {
      FloatVector x = wide(rows, offset + 4L * i);
      a = x.fma(x, a);
    }
    float sum = a.reduceLanes(VectorOperators.ADD);
    for (; i < dim; i++) {
      float value = rows.get(FLOAT, offset + 4L * i);
      sum += value * value;
    }
    return sum;
  }

  private static void fourDots(
      float[] query, MemorySegment rows, long r0, long r1, long r2, long r3, float[] out, int at) {
    FloatVector s0 = FloatVector.zero(WIDE);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= query.length - LANES; i += LANES) {
      FloatVector q = wide(query, i);
      long byteOffset = 4L * i;
      s0 = q.fma(wide(rows, r0 + byteOffset), s0);
      s1 = q.fma(wide(rows, r1 + byteOffset), s1);
      s2 = q.fma(wide(rows, r2 + byteOffset), s2);
      s3 = q.fma(wide(rows, r3 + byteOffset), s3);
    }
    out[at] = s0.reduceLanes(VectorOperators.ADD) + dotTail(query, rows, r0, i);
    out[at + 1] = s1.reduceLanes(VectorOperators.ADD) + dotTail(query, rows, r1, i);
    out[at + 2] = s2.reduceLanes(VectorOperators.ADD) + dotTail(query, rows, r2, i);
    out[at + 3] = s3.reduceLanes(VectorOperators.ADD) + dotTail(query, rows, r3, i);
  }

  private static void fourL2s(
      float[] query, MemorySegment rows, long r0, long r1, long r2, long r3, float[] out, int at) {
    FloatVector s0 = FloatVector.zero(WIDE);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= query.length - LANES; i += LANES) {
      FloatVector q = wide(query, i);
      long byteOffset = 4L * i;
      FloatVector d0 = q.sub(wide(rows, r0 + byteOffset));
      FloatVector d1 = q.sub(wide(rows, r1 + byteOffset));
      FloatVector d2 = q.sub(wide(rows, r2 + byteOffset));
      FloatVector d3 = q.sub(wide(rows, r3 + byteOffset));
      s0 = d0.fma(d0, s0);
      s1 = d1.fma(d1, s1);
      s2 = d2.fma(d2, s2);
      s3 = d3.fma(d3, s3);
    }
    out[at] = s0.reduceLanes(VectorOperators.ADD) + l2Tail(query, rows, r0, i);
    out[at + 1] = s1.reduceLanes(VectorOperators.ADD) + l2Tail(query, rows, r1, i);
    out[at + 2] = s2.reduceLanes(VectorOperators.ADD) + l2Tail(query, rows, r2, i);
    out[at + 3] = s3.reduceLanes(VectorOperators.ADD) + l2Tail(query, rows, r3, i);
  }

  private static float dotTail(float[] query, MemorySegment rows, long offset, int from) {
    int i = from;
    float sum = 0;
    if (i <= query.length - 4) {
      FloatVector s = FloatVector.zero(NARROW);
      for (; i <= query.length - 4; i += 4) {
        FloatVector row = FloatVector.fromMemorySegment(NARROW, rows, offset + 4L * i, ORDER);
        s = FloatVector.fromArray(NARROW, query, i).fma(row, s);
      }
      sum = s.reduceLanes(VectorOperators.ADD);
    }
    for (; i < query.length; i++) {
      sum += query[i] * rows.get(FLOAT, offset + 4L * i);
    }
    return sum;
  }

  private static float l2Tail(float[] query, MemorySegment rows, long offset, int from) {
    int i = from;
    float sum = 0;
    if (i <= query.length - 4) {
      FloatVector s = FloatVector.zero(NARROW);
      for (; i <= query.length - 4; i += 4) {
        FloatVector row = FloatVector.fromMemorySegment(NARROW, rows, offset + 4L * i, ORDER);
        FloatVector d = FloatVector.fromArray(NARROW, query, i).sub(row);
        s = d.fma(d, s);
      }
      sum = s.reduceLanes(VectorOperators.ADD);
    }
    for (; i < query.length; i++) {
      float d = query[i] - rows.get(FLOAT, offset + 4L * i);
      sum += d * d;
    }
    return sum;
  }

  private static FloatVector wide(float[] array, int at) {
    return FloatVector.fromArray(WIDE, array, at);
  }

  private static FloatVector wide(MemorySegment rows, long at) {
    return FloatVector.fromMemorySegment(WIDE, rows, at, ORDER);
  }
}
