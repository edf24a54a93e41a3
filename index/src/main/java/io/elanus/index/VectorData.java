package io.elanus.index;

import java.lang.foreign.MemorySegment;

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
    return values
        .asSlice(offset(row), vectorBytes())
        .toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED);
  }
}
