package io.elanus.index.code.row;

import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import io.elanus.index.code.CodeSpace;
import io.elanus.model.schema.Metric;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A segment's vectors in the space of codes, less their center, one at a time. */
public record PlacedVectors(VectorData vectors, CodeSpace space, float[] center) {
  private static final int REPORT_EVERY = 256;

  /** Reads all vectors twice. */
  public static PlacedVectors of(
      VectorData vectors, Metric metric, long seed, BuildMonitor monitor) {
    CodeSpace space =
        CodeSpace.of(metric, vectors.dim(), CodeSpace.exponent(metric, vectors), seed);
    return new PlacedVectors(vectors, space, center(vectors, space, monitor));
  }

  private static float[] center(VectorData vectors, CodeSpace space, BuildMonitor monitor) {
    float[] center = new float[space.width()];
    if (!space.euclidean()) {
      return center;
    }
    double[] sums = new double[center.length];
    for (int row = 0; row < vectors.count(); row++) {
      float[] placed = space.row(vectors.vector(row));
      for (int d = 0; d < sums.length; d++) {
        sums[d] += placed[d];
      }
      if ((row + 1) % REPORT_EVERY == 0) {
        monitor.progress(0);
      }
    }
    for (int d = 0; d < center.length; d++) {
      center[d] = (float) (sums[d] / Math.max(1, vectors.count()));
    }
    return center;
  }

  int count() {
    return vectors.count();
  }

  int width() {
    return space.width();
  }

  /** One row. */
  float[] row(int row) {
    float[] placed = space.row(vectors.vector(row));
    for (int d = 0; d < placed.length; d++) {
      placed[d] -= center[d];
    }
    return placed;
  }

  /** All rows, for who needs them column by column. */
  VectorData copy(Arena arena, BuildMonitor monitor) {
    MemorySegment values = arena.allocate(Math.max(4, 4L * width() * count()), 64);
    VectorData all = new VectorData(values, count(), width());
    for (int row = 0; row < count(); row++) {
      MemorySegment.copy(row(row), 0, values, ValueLayout.JAVA_FLOAT, all.offset(row), width());
      if ((row + 1) % REPORT_EVERY == 0) {
        monitor.progress(0);
      }
    }
    return all;
  }
}
