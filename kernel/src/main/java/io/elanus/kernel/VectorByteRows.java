package io.elanus.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The JDK's Vector API on int8 rows, widened to 32 bits: it has no multiplication that adds pairs.
 * Bits are left to the reference, which counts eight bytes with one instruction.
 */
final class VectorByteRows implements ByteRows {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> BYTES =
      // Of the 32-bit shape that four lanes would need there is none; eight are the fewest.
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, INTS.vectorBitSize() / 4)));
  private static final int LANES = INTS.length();

  private final ByteRows bits = new ScalarByteRows();

  @Override
  public void dots(byte[] query, MemorySegment rows, int first, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows, (long) query.length * (first + (long) i));
    }
  }

  @Override
  public void dots(byte[] query, MemorySegment rows, int[] ids, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows, (long) query.length * ids[i]);
    }
  }

  @Override
  public void squaredL2s(byte[] query, MemorySegment rows, int first, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows, (long) query.length * (first + (long) i));
    }
  }

  @Override
  public void squaredL2s(byte[] query, MemorySegment rows, int[] ids, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows, (long) query.length * ids[i]);
    }
  }

  @Override
  public void hammings(byte[] query, MemorySegment rows, int first, int count, int[] out) {
    bits.hammings(query, rows, first, count, out);
  }

  @Override
  public void hammings(byte[] query, MemorySegment rows, int[] ids, int count, int[] out) {
    bits.hammings(query, rows, ids, count, out);
  }

  @Override
  public void jaccards(byte[] query, MemorySegment rows, int first, int count, float[] out) {
    bits.jaccards(query, rows, first, count, out);
  }

  @Override
  public void jaccards(byte[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    bits.jaccards(query, rows, ids, count, out);
  }

  private static int dot(byte[] query, MemorySegment rows, long offset) {
    IntVector sum = IntVector.zero(INTS);
    int i = 0;
    for (; i <= query.length - BYTES.length(); i += LANES) {
      sum = sum.add(ints(query, i).mul(ints(rows, offset + i)));
    }
    int rest = sum.reduceLanes(VectorOperators.ADD);
    for (; i < query.length; i++) {
      rest += query[i] * rows.get(ValueLayout.JAVA_BYTE, offset + i);
    }
    return rest;
  }

  private static int squaredL2(byte[] query, MemorySegment rows, long offset) {
    IntVector sum = IntVector.zero(INTS);
    int i = 0;
    for (; i <= query.length - BYTES.length(); i += LANES) {
      IntVector difference = ints(query, i).sub(ints(rows, offset + i));
      sum = sum.add(difference.mul(difference));
    }
    int rest = sum.reduceLanes(VectorOperators.ADD);
    for (; i < query.length; i++) {
      int difference = query[i] - rows.get(ValueLayout.JAVA_BYTE, offset + i);
      rest += difference * difference;
    }
    return rest;
  }

  private static IntVector ints(byte[] query, int at) {
    return ByteVector.fromArray(BYTES, query, at)
        .convertShape(VectorOperators.B2I, INTS, 0)
        .reinterpretAsInts();
  }

  private static IntVector ints(MemorySegment rows, long at) {
    return ByteVector.fromMemorySegment(BYTES, rows, at, ByteOrder.LITTLE_ENDIAN)
        .convertShape(VectorOperators.B2I, INTS, 0)
        .reinterpretAsInts();
  }
}
