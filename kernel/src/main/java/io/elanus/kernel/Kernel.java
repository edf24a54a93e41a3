package io.elanus.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Distance arithmetic between one query on the heap and float32 rows off the heap. Rows are dense,
 * row-major, little-endian, {@code query.length} wide, at any byte alignment. Implementations agree
 * within rounding of the order of summation. Stateless and safe for many threads.
 */
public interface Kernel {
  /** "scalar", "vector (512 bit)" or "native (avx512)", for people. */
  String name();

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
