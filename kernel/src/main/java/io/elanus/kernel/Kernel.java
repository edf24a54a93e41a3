package io.elanus.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Distances and sums over rows off the heap, for one query at a time; the kernel itself measures
 * float32 rows. Stateless and safe for many threads.
 *
 * @param name "scalar", "vector (512 bit)" or "native (avx512)", for people
 * @param float32 rows of float32, as from the kernel itself
 * @param float16 rows of IEEE 754 binary16
 * @param bfloat16 rows of bfloat16, the upper halves of float32
 * @param bytes rows of int8, and rows of bits
 * @param nibbles sums of table entries over blocks of 4-bit codes
 */
public record Kernel(
    String name,
    FloatRows float32,
    FloatRows float16,
    FloatRows bfloat16,
    ByteRows bytes,
    NibbleScan nibbles)
    implements FloatRows {
  @Override
  public float dot(float[] query, MemorySegment rows, long offset) {
    return float32.dot(query, rows, offset);
  }

  @Override
  public float squaredL2(float[] query, MemorySegment rows, long offset) {
    return float32.squaredL2(query, rows, offset);
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int first, int count, float[] out) {
    float32.dots(query, rows, first, count, out);
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int first, int count, float[] out) {
    float32.squaredL2s(query, rows, first, count, out);
  }

  @Override
  public void dots(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    float32.dots(query, rows, ids, count, out);
  }

  @Override
  public void squaredL2s(float[] query, MemorySegment rows, int[] ids, int count, float[] out) {
    float32.squaredL2s(query, rows, ids, count, out);
  }

  @Override
  public float squaredNorm(MemorySegment rows, long offset, int dim) {
    return float32.squaredNorm(rows, offset, dim);
  }
}
