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
 * The JDK's Vector API on rows of 16-bit floats, which are widened by integer arithmetic: it has no
 * vectors of them yet. Tails go cell by cell.
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
    return cell == FloatCell.FLOAT16
        ? dotFloat16(query, rows, offset)
        : dotBfloat16(query, rows, offset);
  }

  @Override
  public float squaredL2(float[] query, MemorySegment rows, long offset) {
    return cell == FloatCell.FLOAT16
        ? squaredFloat16(query, rows, offset)
        : squaredBfloat16(query, rows, offset);
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int first, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows, 2L * query.length * (first + (long) i));
    }
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int first, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows, 2L * query.length * (first + (long) i));
    }
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows, 2L * query.length * ids[i]);
    }
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows, 2L * query.length * ids[i]);
    }
  }

  @Override
  public float squaredNorm(MemorySegment rows, long offset, int dim) {
    return squaredL2(new float[dim], rows, offset);
  }

  private static float dotFloat16(float[] query, MemorySegment rows, long offset) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= query.length - LANES; i += LANES) {
      sum = FloatVector.fromArray(FLOATS, query, i).fma(float16(rows, offset + 2L * i), sum);
    }
    return sum.reduceLanes(VectorOperators.ADD)
        + dotTail(FloatCell.FLOAT16, query, rows, offset, i);
  }

  private static float dotBfloat16(float[] query, MemorySegment rows, long offset) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= query.length - LANES; i += LANES) {
      sum = FloatVector.fromArray(FLOATS, query, i).fma(bfloat16(rows, offset + 2L * i), sum);
    }
    return sum.reduceLanes(VectorOperators.ADD)
        + dotTail(FloatCell.BFLOAT16, query, rows, offset, i);
  }

  private static float squaredFloat16(float[] query, MemorySegment rows, long offset) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= query.length - LANES; i += LANES) {
      FloatVector d = FloatVector.fromArray(FLOATS, query, i).sub(float16(rows, offset + 2L * i));
      sum = d.fma(d, sum);
    }
    return sum.reduceLanes(VectorOperators.ADD)
        + squaredTail(FloatCell.FLOAT16, query, rows, offset, i);
  }

  private static float squaredBfloat16(float[] query, MemorySegment rows, long offset) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= query.length - LANES; i += LANES) {
      FloatVector d = FloatVector.fromArray(FLOATS, query, i).sub(bfloat16(rows, offset + 2L * i));
      sum = d.fma(d, sum);
    }
    return sum.reduceLanes(VectorOperators.ADD)
        + squaredTail(FloatCell.BFLOAT16, query, rows, offset, i);
  }

  private static float dotTail(
      FloatCell cell, float[] query, MemorySegment rows, long offset, int from) {
    float sum = 0;
    for (int i = from; i < query.length; i++) {
      sum += query[i] * cell.at(rows, offset + 2L * i);
    }
    return sum;
  }

  private static float squaredTail(
      FloatCell cell, float[] query, MemorySegment rows, long offset, int from) {
    float sum = 0;
    for (int i = from; i < query.length; i++) {
      float difference = query[i] - cell.at(rows, offset + 2L * i);
      sum += difference * difference;
    }
    return sum;
  }

  private static FloatVector bfloat16(MemorySegment rows, long at) {
    return ints(rows, at).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /**
   * Exponent and fraction moved to a float's place are 2^112 too small, subnormals included;
   * infinity and NaN get a float's largest exponent back.
   */
  private static FloatVector float16(MemorySegment rows, long at) {
    IntVector cells = ints(rows, at);
    IntVector magnitude = cells.and(0x7fff);
    IntVector scaled =
        magnitude
            .lanewise(VectorOperators.LSHL, 13)
            .reinterpretAsFloats()
            .mul(0x1p112f)
            .reinterpretAsInts();
    IntVector whole =
        scaled.lanewise(
            VectorOperators.OR, 0x7f800000, magnitude.compare(VectorOperators.GE, 0x7c00));
    IntVector sign = cells.and(0x8000).lanewise(VectorOperators.LSHL, 16);
    return whole.or(sign).reinterpretAsFloats();
  }

  private static IntVector ints(MemorySegment rows, long at) {
    return ShortVector.fromMemorySegment(SHORTS, rows, at, ByteOrder.LITTLE_ENDIAN)
        .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0)
        .reinterpretAsInts();
  }
}
