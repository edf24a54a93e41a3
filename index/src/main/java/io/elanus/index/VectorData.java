package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Float32 vectors off the heap, native byte order, row-major, densely packed.
 *
 * @param values at least count × dim × 4 bytes
 */
public record VectorData(MemorySegment values, int count, int dim) {
  public long vectorBytes() {
    return 4L * dim;
  }

  public long offset(int row) {
    return row * 4L * dim;
  }

  /** Copies one vector to the heap. */
  public float[] vector(int row) {
    float[] vector = new float[dim];
    copy(row, vector);
    return vector;
  }

  /**
   * Copies one vector into an array that is used again.
   *
   * @param into at least {@code dim} long
   */
  public void copy(int row, float[] into) {
    MemorySegment.copy(values, ValueLayout.JAVA_FLOAT_UNALIGNED, offset(row), into, 0, dim);
  }
}
