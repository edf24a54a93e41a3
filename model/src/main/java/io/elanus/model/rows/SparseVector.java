package io.elanus.model.rows;

import java.util.Arrays;

/**
 * A vector of 2³² − 1 dimensions of which few are not zero. Treated as immutable: whoever builds
 * one hands its arrays over.
 *
 * @param indices dimensions, ascending and distinct as unsigned numbers, each below 2³² − 1
 * @param values the value in each of them, finite and not negative
 */
public record SparseVector(int[] indices, float[] values) {
  public static final SparseVector EMPTY = new SparseVector(new int[0], new float[0]);

  public SparseVector {
    if (indices.length != values.length) {
      throw new IllegalArgumentException(
          "%d indices and %d values".formatted(indices.length, values.length));
    }
  }

  /** Entries, not dimensions. */
  public int size() {
    return indices.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SparseVector v
        && Arrays.equals(v.indices, indices)
        && Arrays.equals(v.values, values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(indices) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < indices.length; i++) {
      text.append(i == 0 ? "" : ", ");
      text.append(Integer.toUnsignedLong(indices[i])).append(": ").append(values[i]);
    }
    return text.append('}').toString();
  }
}
