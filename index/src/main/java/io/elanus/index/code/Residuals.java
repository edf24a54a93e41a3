package io.elanus.index.code;

import io.elanus.index.VectorData;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows less the centroids of their lists, one after the other, as encoders take them.
 *
 * <p>Where {@code r} is the residual of a row to the centroid {@code c} and {@code s} its code, the
 * inner product of any {@code q} with {@code r} is taken as {@code factor · ⟨q, s⟩} with {@code
 * factor = |r|² / ⟨r, s⟩}, which has no bias where the space was rotated at random (Gao and Long,
 * "RaBitQ", SIGMOD 2024). Then |q − x|² = |q − c|² + add − 2 · factor · ⟨q, s⟩ and −⟨q, x⟩ = −⟨q,
 * c⟩ + add − factor · ⟨q, s⟩, where {@code add} holds all that the query has no part in.
 */
final class Residuals {
  private final PlacedRows rows;
  private final float[] centroid;
  final float[] residual;

  Residuals(PlacedRows rows) {
    this.rows = rows;
    this.centroid = new float[rows.width()];
    this.residual = new float[rows.width()];
  }

  /** Goes to a row. */
  void take(int position, int list) {
    read(rows.rows(), rows.order()[position], residual);
    read(rows.centroids(), list, centroid);
    for (int d = 0; d < residual.length; d++) {
      residual[d] -= centroid[d];
    }
  }

  private static void read(VectorData data, int row, float[] into) {
    MemorySegment.copy(
        data.values(), ValueLayout.JAVA_FLOAT_UNALIGNED, data.offset(row), into, 0, into.length);
  }

  /** The code of the row that was taken, as the numbers that it stands for. */
  Facts facts(float[] code) {
    double squared = 0;
    double along = 0;
    double codeSquared = 0;
    double centroidAlong = 0;
    double centroidResidual = 0;
    for (int d = 0; d < code.length; d++) {
      double r = residual[d];
      squared += r * r;
      along += r * code[d];
      codeSquared += (double) code[d] * code[d];
      centroidAlong += (double) centroid[d] * code[d];
      centroidResidual += centroid[d] * r;
    }
    double factor = along > 0 ? squared / along : 0;
    double add =
        rows.euclidean()
            ? squared + 2 * factor * centroidAlong
            : factor * centroidAlong - centroidResidual;
    double cosine = squared > 0 ? along / Math.sqrt(squared * codeSquared) : 1;
    return new Facts((float) add, (float) factor, cosine, Math.sqrt(codeSquared));
  }

  /**
   * @param cosine of the angle between the residual and its code
   * @param length of the code
   */
  record Facts(float add, float factor, double cosine, double length) {
    /** Length of what of the code lies across the residual. */
    double across() {
      return length * Math.sqrt(Math.max(0, 1 - cosine * cosine));
    }
  }
}
