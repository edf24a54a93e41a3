package io.elanus.index.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Neighbors;
import io.elanus.index.QueryVector;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorQuery;
import io.elanus.index.distance.Scorer;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.error.ElanusException;
import io.elanus.model.query.SearchParams;
import io.elanus.model.rows.Halves;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Scans by codes find what they were asked to find, whatever the filter passes. */
class RowScanTest {
  private static final int ROWS = 12_000;
  private static final int CLUSTERS = 60;
  private static final int QUERIES = 60;
  private static final int K = 10;
  private static final int LABELS = 1000;

  private final SplittableRandom random = new SplittableRandom(31);
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void release() {
    arena.close();
  }

  @ParameterizedTest
  @CsvSource({"COSINE,100", "IP,100", "L2,48", "L2,300"})
  void recallIsWhatWasAskedAtEveryShare(Metric metric, int dim) {
    VectorData data = clusters(DataType.FLOAT_VECTOR, dim);
    int[] labels = random.ints(ROWS, 0, LABELS).toArray();
    for (int permille : new int[] {500, 100, 10}) {
      assertThat(recall(data, metric, row -> labels[row] < permille, 0.95))
          .as("%d permille", permille)
          .isGreaterThanOrEqualTo(0.94);
    }
    assertThat(recall(data, metric, row -> labels[row] < 100, 0.99)).isGreaterThanOrEqualTo(0.985);
  }

  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"COSINE", "IP", "L2"})
  void filtersThatGoWithTheVectorsLoseNothing(Metric metric) {
    VectorData data = clusters(DataType.FLOAT_VECTOR, 96);
    // All that pass lie in one place, where codes about the middle of all rows say little.
    assertThat(recall(data, metric, row -> cluster(row) == 7, 0.95)).isGreaterThanOrEqualTo(0.94);
    // Half of the places, so that most queries have none of their neighbours.
    assertThat(recall(data, metric, row -> cluster(row) < CLUSTERS / 2, 0.95))
        .isGreaterThanOrEqualTo(0.94);
    // What passes is farthest from the queries, which lie in the first places.
    assertThat(recall(data, metric, row -> cluster(row) >= CLUSTERS - 10, 0.95))
        .isGreaterThanOrEqualTo(0.94);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT16_VECTOR", "BFLOAT16_VECTOR", "INT8_VECTOR"})
  void otherNumbersAreScannedAsWell(DataType type) {
    VectorData data = clusters(type, 96);
    assertThat(recall(data, Metric.COSINE, row -> row % 10 == 3, 0.95))
        .isGreaterThanOrEqualTo(0.94);
  }

  /** One row a thousand times longer than the others must not make their numbers coarse. */
  @Test
  void oneHugeRowDoesNotBlurTheOthers() {
    VectorData data = clusters(DataType.FLOAT_VECTOR, 96);
    for (int d = 0; d < 96; d++) {
      long at = data.offset(5) + 4L * d;
      float value = data.values().get(ValueLayout.JAVA_FLOAT, at);
      data.values().set(ValueLayout.JAVA_FLOAT, at, 1e6f * value);
    }
    assertThat(recall(data, Metric.L2, row -> row % 10 == 3, 0.95)).isGreaterThanOrEqualTo(0.94);
  }

  @Test
  void equalRowsAndZerosAreAnswered() {
    VectorData data =
        new VectorData(arena.allocate(4L * ROWS * 64, 64), ROWS, 64, DataType.FLOAT_VECTOR);
    RowBitmap allowed = passing(row -> row % 3 == 0);
    for (Metric metric : new Metric[] {Metric.L2, Metric.IP, Metric.COSINE}) {
      float[] vector = new float[64];
      vector[3] = 2;
      Neighbors found =
          search(signs(data, metric), data, metric, new QueryVector.Floats(vector), allowed, 0.95);
      assertThat(found.rows()).hasSize(K);
      assertThat(Arrays.stream(found.rows()).allMatch(allowed::get)).isTrue();
    }
  }

  @Test
  void codesServeOnlyWhereTheyAreCheaper() {
    VectorData data = clusters(DataType.FLOAT_VECTOR, 384);
    Costs costs = new RowScan(data, signs(data, Metric.L2)).costs();
    assertThat(costs.codes(10_000, K)).isLessThan(costs.exact(10_000) / 2);
    assertThat(costs.codes(20, K)).isGreaterThan(costs.exact(20));
    assertThat(
            new RowScan(data, null)
                .nanos(query(new QueryVector.Floats(new float[384]), passing(row -> true))))
        .isEqualTo(costs.exact(ROWS));
  }

  @Test
  void damageIsFound() {
    VectorData data = clusters(DataType.FLOAT_VECTOR, 64);
    MemorySegment bytes = RowSigns.encode(data, Metric.L2, 3, BuildMonitor.NONE, arena);
    for (int field = 0; field < 3; field++) {
      MemorySegment damaged = arena.allocate(bytes.byteSize(), 64).copyFrom(bytes);
      damaged.set(ValueLayout.JAVA_INT, 4L * field, 1 << 20);
      assertThatThrownBy(() -> RowSigns.of(damaged, "a file", Metric.L2, data))
          .isInstanceOf(ElanusException.class)
          .hasMessageContaining("damaged");
    }
    assertThatThrownBy(() -> RowSigns.of(bytes.asSlice(0, 70), "a file", Metric.L2, data))
        .isInstanceOf(ElanusException.class);
  }

  private double recall(VectorData data, Metric metric, IntPredicate passes, double wanted) {
    RowSigns signs = signs(data, metric);
    RowBitmap allowed = passing(passes);
    int right = 0;
    for (int q = 0; q < QUERIES; q++) {
      float[] vector = near(data.vector(q * 7 % (ROWS / 10)));
      QueryVector target =
          data.type() == DataType.INT8_VECTOR
              ? new QueryVector.Bytes(data.type(), integers(scaled(vector)))
              : new QueryVector.Floats(vector);
      float[] distances = search(signs, data, metric, target, allowed, wanted).distances();
      float[] truth = ExactScan.search(data, metric, null, query(target, allowed)).distances();
      assertThat(distances).hasSameSizeAs(truth);
      for (float distance : distances) {
        right += distance <= truth[truth.length - 1] ? 1 : 0;
      }
    }
    return (double) right / (QUERIES * Math.min(K, allowed.cardinality()));
  }

  private Neighbors search(
      RowSigns signs,
      VectorData data,
      Metric metric,
      QueryVector vector,
      RowBitmap allowed,
      double recall) {
    VectorQuery query = query(vector, allowed);
    Scorer scorer = Scorer.of(metric, data, null).query(query.target());
    return new SignSearch(signs).search(allowed, scorer, query, recall);
  }

  private static VectorQuery query(QueryVector vector, RowBitmap allowed) {
    return new VectorQuery(
        vector,
        K,
        allowed,
        allowed.cardinality(),
        Float.NEGATIVE_INFINITY,
        Float.POSITIVE_INFINITY,
        SearchParams.NONE);
  }

  private RowSigns signs(VectorData data, Metric metric) {
    MemorySegment bytes = RowSigns.encode(data, metric, 3, BuildMonitor.NONE, arena);
    return RowSigns.of(bytes, "codes", metric, data);
  }

  private static RowBitmap passing(IntPredicate passes) {
    RowBitmap allowed = new RowBitmap(ROWS);
    for (int row = 0; row < ROWS; row++) {
      if (passes.test(row)) {
        allowed.set(row);
      }
    }
    return allowed;
  }

  private static int cluster(int row) {
    return row / (ROWS / CLUSTERS);
  }

  /** Back to what {@link #integers} takes. */
  private static float[] scaled(float[] vector) {
    float[] scaled = new float[vector.length];
    for (int d = 0; d < scaled.length; d++) {
      scaled[d] = vector[d] / 20;
    }
    return scaled;
  }

  private float[] near(float[] vector) {
    float size = 0.3f * spread(vector);
    for (int d = 0; d < vector.length; d++) {
      vector[d] += size * (float) random.nextGaussian();
    }
    return vector;
  }

  private VectorData data(DataType type, float[] numbers) {
    byte[] bytes =
        switch (type) {
          case FLOAT_VECTOR -> {
            byte[] floats = new byte[4 * numbers.length];
            MemorySegment.ofArray(floats).copyFrom(MemorySegment.ofArray(numbers));
            yield floats;
          }
          case INT8_VECTOR -> integers(numbers);
          default -> Halves.encode(type, numbers);
        };
    MemorySegment values = arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
    return new VectorData(values, ROWS, numbers.length / ROWS, type);
  }

  private static byte[] integers(float[] numbers) {
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.clamp(Math.round(20 * numbers[i]), -128, 127);
    }
    return bytes;
  }

  private static float spread(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += value * value;
    }
    return (float) Math.sqrt(squares / vector.length);
  }

  /** Places with rows around them, not about the origin. */
  private VectorData clusters(DataType type, int dim) {
    float[] rows = new float[ROWS * dim];
    float[] center = new float[dim];
    for (int row = 0; row < ROWS; row++) {
      for (int d = 0; d < dim; d++) {
        if (row % (ROWS / CLUSTERS) == 0) {
          center[d] = 0.5f + (float) random.nextGaussian();
        }
        rows[row * dim + d] = center[d] + 0.7f * (float) random.nextGaussian();
      }
    }
    return data(type, rows);
  }
}
