package io.elanus.index.quantgraph;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexes;
import io.elanus.index.VectorQuery;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes hold six bits a coordinate where rounding cannot shuffle neighbours, else floats. */
class RoundingTest {
  private static final int ROWS = 4000;
  private static final int DIM = 64;
  private static final int K = 10;

  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(21);

  @Test
  void ordinaryVectorsAreRounded() {
    try (Arena arena = Arena.ofShared()) {
      VectorData data = clusters(arena, 1);
      QuantGraphFile file = QuantGraphFile.open(build(data, arena), Metric.L2, data);
      assertThat(file.lost()).isBetween(1e-4f, 0.05f);
      assertThat(recall(data, arena)).isGreaterThanOrEqualTo(0.97);
    }
  }

  /** Groups of a hundred, each a thousandth of their distance from one another across. */
  @Test
  void vectorsCloseTogetherKeepTheirFloats() {
    try (Arena arena = Arena.ofShared()) {
      VectorData data = clusters(arena, 1e-3f);
      QuantGraphFile file = QuantGraphFile.open(build(data, arena), Metric.L2, data);
      assertThat(file.lost()).isZero();
      assertThat(recall(data, arena)).isGreaterThanOrEqualTo(0.97);
    }
  }

  @Test
  void emptyAndZeroVectorsNeedNoRounding() {
    try (Arena arena = Arena.ofShared()) {
      VectorData zeros = new VectorData(arena.allocate(4L * DIM * 3), 3, DIM);
      assertThat(QuantGraphFile.open(build(zeros, arena), Metric.L2, zeros).lost()).isZero();
      VectorData none = new VectorData(arena.allocate(64), 0, DIM);
      assertThat(QuantGraphFile.open(build(none, arena), Metric.L2, none).lost()).isZero();
    }
  }

  private VectorData clusters(Arena arena, float spread) {
    MemorySegment values = arena.allocate(4L * ROWS * DIM, 64);
    float[] center = new float[DIM];
    for (int row = 0; row < ROWS; row++) {
      for (int d = 0; d < DIM; d++) {
        center[d] = row % 100 == 0 ? (float) random.nextGaussian() : center[d];
        float value = center[d] + spread * (float) random.nextGaussian();
        values.set(ValueLayout.JAVA_FLOAT, 4L * (row * DIM + d), value);
      }
    }
    return new VectorData(values, ROWS, DIM);
  }

  private MemorySegment build(VectorData data, Arena arena) {
    ObjectStore objects = new LocalObjects(folder);
    String name = "graph-" + random.nextInt(Integer.MAX_VALUE);
    try (ObjectStore.Writer out = objects.create(name)) {
      VectorIndexes.format("QG").build(data, Metric.L2, Map.of(), 1, BuildMonitor.NONE, out);
      out.commit();
    }
    return objects.map(name, arena);
  }

  private double recall(VectorData data, Arena arena) {
    VectorIndex index = VectorIndexes.format("QG").open(build(data, arena), data, Metric.L2);
    int right = 0;
    for (int q = 0; q < 100; q++) {
      float[] vector = data.vector(q * 40);
      vector[q % DIM] *= 1.0001f;
      VectorQuery query =
          new VectorQuery(
              vector,
              K,
              null,
              ROWS,
              Float.NEGATIVE_INFINITY,
              Float.POSITIVE_INFINITY,
              new SearchParams(Map.of("ef", "64")));
      int[] found = index.search(query).rows();
      int[] truth = ExactScan.search(data, Metric.L2, null, query).rows();
      Arrays.sort(truth);
      for (int row : found) {
        right += Arrays.binarySearch(truth, row) >= 0 ? 1 : 0;
      }
    }
    return right / (100.0 * K);
  }
}
