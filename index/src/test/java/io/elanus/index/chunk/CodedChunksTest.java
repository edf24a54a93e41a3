package io.elanus.index.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.fixture.Clustered;
import io.elanus.testkit.fixture.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodedChunksTest {
  private static final int ROWS = 4096;
  private static final int DIM = 96;
  private static final int QUERIES = 100;
  private static final int K = 10;

  private final Arena arena = Arena.ofShared();
  private final Clustered data = Clustered.of(ROWS, DIM, 40, QUERIES, Seeds.seed(61));
  private final VectorData rows = rows();

  @AfterEach
  void close() {
    arena.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"L2", "IP", "COSINE"})
  void findsWhatAScanFinds(Metric metric) {
    VectorIndex codes = codes(metric);
    SplittableRandom random = new SplittableRandom(3);
    for (double share : new double[] {1, 0.5, 0.1, 0.003}) {
      RowBitmap allowed = null;
      if (share < 1) {
        allowed = new RowBitmap(ROWS);
        for (int row = 0; row < ROWS; row++) {
          if (random.nextDouble() < share) {
            allowed.set(row);
          }
        }
      }
      assertThat(recall(codes, metric, allowed)).isGreaterThanOrEqualTo(0.995);
    }
  }

  /** Rows that are no nearer than what another chunk had already are left out. */
  @Test
  void keepsToBounds() {
    VectorIndex codes = codes(Metric.L2);
    for (int q = 0; q < QUERIES; q++) {
      VectorQuery all = query(q, null, Float.POSITIVE_INFINITY);
      float bound = ExactScan.search(rows, Metric.L2, null, all).distances()[4];
      for (float distance : codes.search(query(q, null, bound)).distances()) {
        assertThat(distance).isLessThan(bound);
      }
    }
  }

  @Test
  void isOrderedOnceAndServesAsFarAsItIsThere() {
    CodedChunks chunks = new CodedChunks(arena);
    Deque<Runnable> ordered = new ArrayDeque<>();
    assertThat(chunks.of(0, rows, true, Metric.L2, ordered::add)).isNull();
    assertThat(chunks.of(0, rows, true, Metric.L2, ordered::add)).isNull();
    assertThat(ordered).hasSize(1);
    int covered = 0;
    while (!ordered.isEmpty()) {
      ordered.remove().run();
      VectorIndex some = chunks.of(0, rows, true, Metric.L2, ordered::add);
      assertThat(some).isNotNull();
      assertThat(some.size()).isGreaterThan(covered).isLessThanOrEqualTo(ROWS);
      assertThat(ordered.size()).isLessThanOrEqualTo(1);
      covered = some.size();
    }
    assertThat(covered).isEqualTo(ROWS);
    assertThat(chunks.of(0, rows, true, Metric.IP, ordered::add)).isNull();
    assertThat(chunks.of(1, rows, true, Metric.L2, ordered::add)).isNull();
    assertThat(ordered).hasSize(2);
  }

  @Test
  void isOrderedAgainWhereNobodyWasFree() {
    CodedChunks chunks = new CodedChunks(arena);
    VectorIndex none =
        chunks.of(
            0,
            rows,
            true,
            Metric.L2,
            task -> {
              throw new RejectedExecutionException("full");
            });
    assertThat(none).isNull();
    assertThat(chunks.of(0, rows, true, Metric.L2, Runnable::run)).isNotNull();
  }

  /**
   * Rows come while others are searched: whoever holds fewer rows than have codes is answered none
   * of the others, and every row is found by one who holds it.
   */
  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"L2", "IP", "COSINE"})
  void growsWithItsRows(Metric metric) {
    CodedChunks chunks = new CodedChunks(arena);
    SplittableRandom random = new SplittableRandom(Seeds.seed(62));
    int count = 0;
    while (count < ROWS) {
      count = Math.min(ROWS, count + 1 + random.nextInt(300));
      VectorIndex codes = chunks.of(0, rows.slice(0, count), count == ROWS, metric, Runnable::run);
      if (codes == null) {
        assertThat(count).isLessThan(512);
        continue;
      }
      assertThat(codes.size()).isLessThanOrEqualTo(count).isGreaterThan(count - 192);
      assertThat(codes.size() % 64 == 0 || codes.size() == count).isTrue();
      int older = 1 + random.nextInt(codes.size());
      VectorIndex before =
          chunks.of(0, rows.slice(0, Math.max(512, older)), false, metric, Runnable::run);
      assertThat(before).isNotNull();
      assertThat(recall(codes, metric, codes.size())).isGreaterThanOrEqualTo(0.995);
      assertThat(recall(before, metric, before.size())).isGreaterThanOrEqualTo(0.995);
    }
  }

  /** The center is that of the first rows; the others are found all the same. */
  @Test
  void findsRowsThatLieElsewhereThanTheFirst() {
    MemorySegment values = arena.allocate(4L * ROWS * DIM, 64);
    MemorySegment.copy(rows.values(), 0, values, 0, values.byteSize());
    for (int row = 1000; row < ROWS; row++) {
      for (int d = 0; d < DIM; d++) {
        long at = 4L * (row * DIM + d);
        values.set(ValueLayout.JAVA_FLOAT, at, 50 * values.get(ValueLayout.JAVA_FLOAT, at) + 300);
      }
    }
    VectorData moved = new VectorData(values, ROWS, DIM);
    CodedChunks chunks = new CodedChunks(arena);
    chunks.of(0, moved.slice(0, 900), false, Metric.L2, Runnable::run);
    VectorIndex codes = chunks.of(0, moved, true, Metric.L2, Runnable::run);
    assertThat(codes).isNotNull();
    assertThat(codes.size()).isEqualTo(ROWS);
    int hits = 0;
    for (int row = 1000; row < ROWS; row += 31) {
      VectorQuery query =
          new VectorQuery(
              moved.vector(row),
              K,
              null,
              ROWS,
              Float.NEGATIVE_INFINITY,
              Float.POSITIVE_INFINITY,
              CodedChunks.SEARCH);
      int[] right = ExactScan.search(moved, Metric.L2, null, query).rows().clone();
      Arrays.sort(right);
      for (int found : codes.search(query).rows()) {
        hits += Arrays.binarySearch(right, found) >= 0 ? 1 : 0;
      }
    }
    assertThat(hits).isGreaterThanOrEqualTo((int) (0.995 * K * (ROWS - 1000) / 31));
  }

  @Test
  void onlyWideVectorsOfFloatsAreWorthIt() {
    assertThat(CodedChunks.worthwhile(DataType.FLOAT16_VECTOR, 64)).isTrue();
    assertThat(CodedChunks.worthwhile(DataType.FLOAT_VECTOR, 63)).isFalse();
    assertThat(CodedChunks.worthwhile(DataType.BINARY_VECTOR, 512)).isFalse();
  }

  private VectorIndex codes(Metric metric) {
    VectorIndex codes = new CodedChunks(arena).of(0, rows, true, metric, Runnable::run);
    assertThat(codes).isNotNull();
    return codes;
  }

  private double recall(VectorIndex codes, Metric metric, @Nullable RowBitmap allowed) {
    int hits = 0;
    int wanted = 0;
    for (int q = 0; q < QUERIES; q++) {
      VectorQuery query = query(q, allowed, Float.POSITIVE_INFINITY);
      int[] right = ExactScan.search(rows, metric, null, query).rows().clone();
      Arrays.sort(right);
      wanted += right.length;
      for (int row : codes.search(query).rows()) {
        hits += Arrays.binarySearch(right, row) >= 0 ? 1 : 0;
      }
    }
    return (double) hits / wanted;
  }

  /** Over the first rows alone. */
  private double recall(VectorIndex codes, Metric metric, int count) {
    int hits = 0;
    int wanted = 0;
    for (int q = 0; q < QUERIES; q += 10) {
      VectorQuery query =
          new VectorQuery(
              data.query(q),
              K,
              null,
              count,
              Float.NEGATIVE_INFINITY,
              Float.POSITIVE_INFINITY,
              CodedChunks.SEARCH);
      int[] right = ExactScan.search(rows.slice(0, count), metric, null, query).rows().clone();
      Arrays.sort(right);
      wanted += right.length;
      for (int row : codes.search(query).rows()) {
        assertThat(row).isLessThan(count);
        hits += Arrays.binarySearch(right, row) >= 0 ? 1 : 0;
      }
    }
    return (double) hits / wanted;
  }

  private VectorQuery query(int q, @Nullable RowBitmap allowed, float maxDistance) {
    int count = allowed == null ? ROWS : allowed.cardinality();
    return new VectorQuery(
        data.query(q), K, allowed, count, Float.NEGATIVE_INFINITY, maxDistance, CodedChunks.SEARCH);
  }

  private VectorData rows() {
    MemorySegment values = arena.allocate(4L * ROWS * DIM, 64);
    MemorySegment.copy(data.vectors(), 0, values, ValueLayout.JAVA_FLOAT, 0, ROWS * DIM);
    return new VectorData(values, ROWS, DIM);
  }
}
