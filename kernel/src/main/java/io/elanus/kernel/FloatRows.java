package io.elanus.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Distance arithmetic between one float32 query on the heap and rows off the heap, whose cells are
 * float32, float16 or bfloat16. Rows are dense, row-major, little-endian, {@code query.length}
 * wide, at any byte alignment; nothing outside of a row is read. Implementations agree within
 * rounding of the order of summation. A row or id outside of the segment throws {@link
 * IndexOutOfBoundsException}, and what was written to {@code out} is of no use then.
 */
public interface FloatRows {
  /** Inner product with the row that starts at this byte. */
  float dot(float[] query, MemorySegment rows, long offset);

  /** Squared Euclidean distance to the row that starts at this byte. */
  float squaredL2(float[] query, MemorySegment rows, long offset);

  /** Inner products with {@code count} consecutive rows from row {@code first} on. */
  void dots(float[] query, MemorySegment rows, int first, int count, float[] out);

  /** Squared distances to {@code count} consecutive rows from row {@code first} on. */
  void squaredL2s(float[] query, MemorySegment rows, int first, int count, float[] out);

  /** Inner products with the rows of the first {@code count} ids. */
  void dots(float[] query, MemorySegment rows, int[] ids, int count, float[] out);

  /** Squared distances to the rows of the first {@code count} ids. */
  void squaredL2s(float[] query, MemorySegment rows, int[] ids, int count, float[] out);

  /** Squared length of the row of this dimension that starts at this byte. */
  float squaredNorm(MemorySegment rows, long offset, int dim);
}
