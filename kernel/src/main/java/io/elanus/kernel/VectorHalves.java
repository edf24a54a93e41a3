package io.elanus.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The JDK's Vector API on rows of 16-bit floats, each widened into an array first. It has no
 * vectors of float16, and doing with integer vectors what one instruction does took milliseconds a
 * row until it was compiled: a plain loop widens them, which the JIT turns into that instruction. A
 * bfloat16 only has to be shifted.
 */
final class VectorHalves implements FloatRows {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
  private static final int LANES = FLOATS.length();

  private final FloatCell cell;

  VectorHalves(FloatCell cell) {
    this.cell = cell;
  }

  @Override
  public float dot(float[] query, MemorySegment rows, long offset) {
    return dot(query, rows, offset, new float[query.length]);
  }

  @Override
  public float squaredL2(float[] query, MemorySegment rows, long offset) {
    return squaredL2(query, rows, offset, new float[query.length]);
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int first, int count, float[] out) {
    float[] row = new float[query.length];
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows, 2L * query.length * (first + (long) i), row);
    }
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int first, int count, float[] out) {
    float[] row = new float[query.length];
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows, 2L * query.length * (first + (long) i), row);
    }
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    float[] row = new float[query.length];
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows, 2L * query.length * ids[i], row);
    }
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    float[] row = new float[query.length];
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows, 2L * query.length * ids[i], row);
    }
  }

  @Override
  public float squaredNorm(MemorySegment rows, long offset, int dim) {
    return squaredL2(new float[dim], rows, offset);
  }

  private float dot(float[] query, MemorySegment rows, long offset, float[] row) {
    widen(rows, offset, row);
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    int i = 0;
    for (; i <= query.length - 2 * LANES; i += 2 * LANES) {
      a = at(query, i).fma(at(row, i), a);
      b = at(query, i + LANES).fma(at(row, i + LANES), b);
    }
    for (; i <= query.length - LANES; i += LANES) {
      a = at(query, i).fma(at(row, i), a);
    }
    float sum = a.add(b).reduceLanes(VectorOperators.ADD);
    for (; i < query.length; i++) {
      sum += query[i] * row[i];
    }
    return sum;
  }

  private float squaredL2(float[] query, MemorySegment rows, long offset, float[] row) {
    widen(rows, offset, row);
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    int i = 0;
    for (; i <= query.length - 2 * LANES; i += 2 * LANES) {
      FloatVector x = at(query, i).sub(at(row, i));
      FloatVector y = at(query, i + LANES).sub(at(row, i + LANES));
      a = x.fma(x, a);
      b = y.fma(y, b);
    }
    for (; i <= query.length - LANES; i += LANES) {
      FloatVector x = at(query, i).sub(at(row, i));
      a = x.fma(x, a);
    }
    float sum = a.add(b).reduceLanes(VectorOperators.ADD);
    for (; i < query.length; i++) {
      float difference = query[i] - row[i];
      sum += difference * difference;
    }
    return sum;
  }

  private void widen(MemorySegment rows, long offset, float[] row) {
    int i = 0;
    if (cell == FloatCell.FLOAT16) {
      for (; i < row.length; i++) {
        row[i] = Float.float16ToFloat(rows.get(FloatCell.SHORT, offset + 2L * i));
      }
      return;
    }
    for (; i <= row.length - LANES; i += LANES) {
      ShortVector.fromMemorySegment(SHORTS, rows, offset + 2L * i, ByteOrder.LITTLE_ENDIAN)
          .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0)
          .reinterpretAsInts()
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsFloats()
          .intoArray(row, i);
    }
    for (; i < row.length; i++) {
      row[i] = cell.at(rows, offset + 2L * i);
    }
  }

  private static FloatVector at(float[] values, int i) {
    return FloatVector.fromArray(FLOATS, values, i);
  }
}
