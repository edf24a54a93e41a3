package io.elanus.index.sparse;

import io.elanus.model.rows.SparseVector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Sparse rows off the heap, one behind the other, little-endian.
 *
 * @param starts 32 bit: the first entry of each row, and the end of the last; count + 1 of them
 * @param indices 32 bit, unsigned, ascending in each row
 * @param values float32, one per index
 * @param count rows
 */
public record SparseRows(
    MemorySegment starts, MemorySegment indices, MemorySegment values, int count) {
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** The first entry of a row; of {@code count} the end of all. */
  public int start(int row) {
    return starts.get(INT, 4L * row);
  }

  /** The entries of all rows. */
  public int entries() {
    return start(count) - start(0);
  }

  public int index(int entry) {
    return indices.get(INT, 4L * entry);
  }

  public float value(int entry) {
    return values.get(FLOAT, 4L * entry);
  }

  /** Copies one row to the heap. */
  public SparseVector row(int row) {
    int start = start(row);
    int length = start(row + 1) - start;
    int[] dimensions = new int[length];
    float[] weights = new float[length];
    MemorySegment.copy(indices, INT, 4L * start, dimensions, 0, length);
    MemorySegment.copy(values, FLOAT, 4L * start, weights, 0, length);
    return new SparseVector(dimensions, weights);
  }
}
