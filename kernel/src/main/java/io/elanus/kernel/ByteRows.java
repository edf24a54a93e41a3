package io.elanus.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Distances between one query of bytes on the heap and rows of as many bytes off the heap, read as
 * signed integers or as bits. Rows are dense; nothing outside of a row is read. All answers are
 * exact, and the same from every implementation. A row or id outside of the segment throws {@link
 * IndexOutOfBoundsException}, and what was written to {@code out} is of no use then.
 */
public interface ByteRows {
  /** Longest row of int8 whose squared distances fit an int; bits may be as many times eight. */
  int LENGTH_MAX = 32768;

  /** Inner products with {@code count} consecutive int8 rows from row {@code first} on. */
  void dots(byte[] query, MemorySegment rows, int first, int count, int[] out);

  /** Inner products with the int8 rows of the first {@code count} ids. */
  void dots(byte[] query, MemorySegment rows, int[] ids, int count, int[] out);

  /** Squared distances to {@code count} consecutive int8 rows from row {@code first} on. */
  void squaredL2s(byte[] query, MemorySegment rows, int first, int count, int[] out);

  /** Squared distances to the int8 rows of the first {@code count} ids. */
  void squaredL2s(byte[] query, MemorySegment rows, int[] ids, int count, int[] out);

  /** How many bits differ, for {@code count} consecutive rows from row {@code first} on. */
  void hammings(byte[] query, MemorySegment rows, int first, int count, int[] out);

  /** How many bits differ, for the rows of the first {@code count} ids. */
  void hammings(byte[] query, MemorySegment rows, int[] ids, int count, int[] out);

  /**
   * Jaccard distances, 1 - |both| / |either| over the bits that are set, for {@code count}
   * consecutive rows from row {@code first} on; 1 where neither has a bit, as Milvus answers.
   */
  void jaccards(byte[] query, MemorySegment rows, int first, int count, float[] out);

  /** Jaccard distances for the rows of the first {@code count} ids. */
  void jaccards(byte[] query, MemorySegment rows, int[] ids, int count, float[] out);
}
