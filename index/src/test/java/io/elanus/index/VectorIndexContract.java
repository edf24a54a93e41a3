package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.testkit.fixture.Clustered;
import io.elanus.testkit.fixture.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every vector index does, whatever its kind. */
abstract class VectorIndexContract {
  protected static final int K = 10;
  protected final Arena arena = Arena.ofShared();

  protected abstract VectorIndexFormat format();

  protected abstract Map<String, String> buildParams();

  protected abstract SearchParams searchParams();

  /** Recall@10 on 5,000 clustered rows that the parameters above must reach. */
  protected abstract double recallFloor();

  /** The search parameters for a limit of 100. */
  protected SearchParams wide() {
    return searchParams();
  }

  @AfterEach
  void freeMemory() {
    arena.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"L2", "IP", "COSINE"})
  void reachesItsRecall(Metric metric) {
    Clustered data = Clustered.of(5_000, 48, 40, 50, Seeds.seed(7));
    VectorIndex index = open(data, metric);
    assertThat(recall(index, data, metric, null)).isGreaterThanOrEqualTo(recallFloor());
  }

  @ParameterizedTest
  @EnumSource(names = {"L2", "IP", "COSINE"})
  void keepsItsRecallUnderFilters(Metric metric) {
    Clustered data = Clustered.of(5_000, 32, 40, 40, Seeds.seed(8));
    VectorIndex index = open(data, metric);
    Random random = new Random(9);
    for (double share : new double[] {0.7, 0.5, 0.1, 0.01, 0.001}) {
      RowBitmap allowed = new RowBitmap(data.rows());
      for (int row = 0; row < data.rows(); row++) {
        if (random.nextDouble() < share) {
          allowed.set(row);
        }
      }
      assertThat(recall(index, data, metric, allowed))
          .as("share %s", share)
          .isGreaterThanOrEqualTo(recallFloor());
    }
  }

  @Test
  void keepsItsRecallWhereTheFilterPassesOnlyFarClusters() {
    Clustered data = Clustered.of(5_000, 32, 10, 30, Seeds.seed(10));
    VectorIndex index = open(data, Metric.L2);
    int hits = 0;
    for (int q = 0; q < 30; q++) {
      int nearest = data.clusters()[exact(data, Metric.L2, q, null).rows()[0]];
      RowBitmap far = new RowBitmap(data.rows());
      for (int row = 0; row < data.rows(); row++) {
        if (data.clusters()[row] != nearest) {
          far.set(row);
        }
      }
      hits += hits(index, data, Metric.L2, q, far);
    }
    assertThat(hits / (30.0 * K)).isGreaterThanOrEqualTo(recallFloor());
  }

  @Test
  void answersEverythingWhenAskedForMoreThanThereIs() {
    Clustered data = Clustered.of(300, 8, 3, 1, 11);
    VectorIndex index = open(data, Metric.L2);
    Neighbors all = index.search(query(data.query(0), 1_000, null, 300, searchParams()));
    assertThat(all.rows()).hasSize(300).doesNotHaveDuplicates();
    assertThat(all.distances()).isSorted();
  }

  @Test
  void pagesThroughEverythingByTheLowerBound() {
    Clustered data = Clustered.of(2_000, 16, 8, 1, 12);
    VectorIndex index = open(data, Metric.L2);
    Set<Integer> seen = new HashSet<>();
    float from = Float.NEGATIVE_INFINITY;
    while (true) {
      Neighbors page =
          index.search(
              new VectorQuery(
                  data.query(0), 100, null, 2_000, from, Float.POSITIVE_INFINITY, searchParams()));
      if (page.size() == 0) {
        break;
      }
      for (int row : page.rows()) {
        assertThat(seen.add(row)).isTrue();
      }
      from = Math.nextUp(page.distances()[page.size() - 1]);
    }
    assertThat(seen.size()).isGreaterThanOrEqualTo((int) (2_000 * recallFloor()));
  }

  @Test
  void staysBelowTheUpperBound() {
    Clustered data = Clustered.of(2_000, 16, 8, 1, 13);
    VectorIndex index = open(data, Metric.L2);
    Neighbors exact = exact(data, Metric.L2, 0, null);
    float bound = (exact.distances()[3] + exact.distances()[4]) / 2;
    Neighbors near =
        index.search(
            new VectorQuery(
                data.query(0), K, null, 2_000, Float.NEGATIVE_INFINITY, bound, searchParams()));
    assertThat(near.size()).isEqualTo(4);
    for (float distance : near.distances()) {
      assertThat(distance).isLessThan(bound);
    }
  }

  @Test
  void survivesNothingOneRowTwinsAndZeros() {
    for (int rows : new int[] {0, 1, 2}) {
      Clustered tiny = Clustered.of(rows, 4, 1, 1, 14);
      for (Metric metric : Metric.of(DataType.FLOAT_VECTOR)) {
        Neighbors near =
            open(tiny, metric).search(query(tiny.query(0), K, null, rows, searchParams()));
        assertThat(near.size()).isEqualTo(rows);
      }
    }
    float[] twins = new float[1_000 * 4];
    java.util.Arrays.fill(twins, 0, 500 * 4, 1f);
    Clustered same = new Clustered(4, twins, new int[1_000], new float[] {1, 1, 1, 1});
    for (Metric metric : Metric.of(DataType.FLOAT_VECTOR)) {
      Neighbors near =
          open(same, metric).search(query(same.query(0), K, null, 1_000, searchParams()));
      assertThat(near.size()).isEqualTo(K);
      assertThat(near.rows()).doesNotHaveDuplicates();
    }
  }

  @Test
  void buildsTheSameFromTheSameSeed() {
    Clustered data = Clustered.of(1_500, 16, 5, 1, 15);
    assertThat(build(data, Metric.COSINE, 3)).isEqualTo(build(data, Metric.COSINE, 3));
  }

  @Test
  void refusesForeignAndShortenedFiles() {
    Clustered data = Clustered.of(500, 8, 3, 1, 16);
    byte[] file = build(data, Metric.COSINE, 1);
    VectorData vectors = vectors(data);
    for (int length :
        new int[] {0, 10, 63, 64, file.length / 2, file.length - 1, file.length + 1}) {
      if (length != file.length) {
        MemorySegment cut = MemorySegment.ofArray(java.util.Arrays.copyOf(file, length));
        assertThatThrownBy(() -> format().open(cut, vectors, Metric.COSINE))
            .isInstanceOf(ElanusException.class);
      }
    }
    byte[] flipped = file.clone();
    flipped[20] ^= 1;
    assertThatThrownBy(() -> format().open(MemorySegment.ofArray(flipped), vectors, Metric.COSINE))
        .isInstanceOf(ElanusException.class);
    assertThatThrownBy(() -> format().open(MemorySegment.ofArray(file), vectors, Metric.L2))
        .isInstanceOf(ElanusException.class);
  }

  @Test
  void findsEveryRowOfALargeGroupOfTwins() {
    Clustered data = twins(300, 60);
    int[] original = data.clusters();
    VectorIndex index = open(data, Metric.L2);
    RowBitmap odd = new RowBitmap(data.rows());
    for (int row = 1; row < data.rows(); row += 2) {
      odd.set(row);
    }
    int found = 0;
    int wanted = 0;
    for (int q = 0; q < 20; q++) {
      for (RowBitmap allowed : new RowBitmap[] {null, odd}) {
        int count = allowed == null ? data.rows() : odd.cardinality();
        for (int row : index.search(query(data.query(q), 100, allowed, count, wide())).rows()) {
          assertThat(allowed == null || allowed.get(row)).isTrue();
          found += original[row] == q ? 1 : 0;
        }
        for (int row = 0; row < data.rows(); row++) {
          boolean counts = allowed == null || allowed.get(row);
          wanted += counts && original[row] == q ? 1 : 0;
        }
      }
    }
    assertThat((double) found / wanted).isGreaterThanOrEqualTo(recallFloor());
  }

  @Test
  void ranksHugeAndTinyValuesByTheirCosine() {
    Clustered plain = Clustered.of(1_000, 16, 8, 20, Seeds.seed(19));
    // Squares of the first overflow a float, squares of the second vanish.
    for (float scale : new float[] {1e25f, 1e-25f}) {
      Clustered data =
          new Clustered(
              16, scaled(plain.vectors(), scale), plain.clusters(), scaled(plain.queries(), scale));
      assertThat(recall(open(data, Metric.COSINE), data, Metric.COSINE, null))
          .as("scale %s", scale)
          .isGreaterThanOrEqualTo(recallFloor());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"L2", "IP", "COSINE"})
  void answersRowsWhoseDistanceOverflows(Metric metric) {
    Clustered plain = Clustered.of(500, 16, 8, 5, 20);
    Clustered data =
        new Clustered(
            16, scaled(plain.vectors(), 3e37f), plain.clusters(), scaled(plain.queries(), 3e37f));
    Neighbors near = open(data, metric).search(query(data.query(0), K, null, 500, searchParams()));
    assertThat(near.rows()).hasSize(K).doesNotHaveDuplicates();
    for (float distance : near.distances()) {
      assertThat(distance).isNotNaN();
    }
  }

  @Test
  void stopsABuildWhenTheMonitorSaysSo() {
    Clustered data = Clustered.of(5_000, 8, 5, 1, 21);
    ElanusException stop = new ElanusException(ErrorCode.CANCELED, "stop");
    MemoryObjects objects = new MemoryObjects();
    BuildMonitor monitor =
        rows -> {
          throw stop;
        };
    try (ObjectStore.Writer out = objects.create("index")) {
      assertThatThrownBy(
              () -> format().build(vectors(data), Metric.COSINE, buildParams(), 1, monitor, out))
          .isSameAs(stop);
    }
    assertThat(objects.exists("index")).isFalse();
  }

  @Test
  void verifyFindsAnyDamageAndSearchesOverItDoNoHarm() {
    Clustered data = Clustered.of(4_500, 8, 10, 10, Seeds.seed(22));
    byte[] file = build(data, Metric.COSINE, 1);
    format().verify(MemorySegment.ofArray(file));
    VectorData vectors = vectors(data);
    Random random = new Random(23);
    int opened = 0;
    for (int i = 0; i < 200; i++) {
      byte[] damaged = file.clone();
      damaged[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
      MemorySegment segment = mapped(damaged);
      assertThatThrownBy(() -> format().verify(segment))
          .isInstanceOfSatisfying(
              ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
      try {
        VectorIndex index = format().open(segment, vectors, Metric.COSINE);
        opened++;
        for (int q = 0; q < 10; q++) {
          for (int row :
              index.search(query(data.query(q), K, null, 4_500, searchParams())).rows()) {
            assertThat(row).isBetween(0, 4_499);
          }
        }
      } catch (ElanusException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
      }
    }
    assertThat(opened).as("files whose damage opening cannot see").isPositive();
  }

  @Test
  void answersManyThreadsAsItAnswersOne() throws Exception {
    Clustered data = Clustered.of(5_000, 16, 10, 40, Seeds.seed(24));
    VectorIndex index = open(data, Metric.L2);
    List<Neighbors> alone = new ArrayList<>();
    for (int q = 0; q < 40; q++) {
      alone.add(index.search(query(data.query(q), K, null, 5_000, searchParams())));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Neighbors>> together = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        int q = i % 40;
        together.add(
            threads.submit(
                () -> index.search(query(data.query(q), K, null, 5_000, searchParams()))));
      }
      for (int i = 0; i < 400; i++) {
        assertThat(together.get(i).get().rows()).isEqualTo(alone.get(i % 40).rows());
      }
    }
  }

  // --- helpers --------------------------------------------------------------------------------

  /** Distinct vectors, which are the queries as well, each copied many times, in random order. */
  protected static Clustered twins(int distinct, int copies) {
    Clustered once = Clustered.of(distinct, 8, 5, 1, Seeds.seed(17));
    Random random = new Random(18);
    float[] vectors = new float[distinct * copies * 8];
    int[] original = new int[distinct * copies];
    for (int row = 0; row < original.length; row++) {
      original[row] = random.nextInt(distinct);
      System.arraycopy(once.vectors(), original[row] * 8, vectors, row * 8, 8);
    }
    return new Clustered(8, vectors, original, once.vectors());
  }

  protected VectorIndex open(Clustered data, Metric metric) {
    return format().open(mapped(build(data, metric, 1)), vectors(data), metric);
  }

  /** Aligned and off the heap, as files are mapped. */
  private MemorySegment mapped(byte[] file) {
    return arena.allocate(file.length, 64).copyFrom(MemorySegment.ofArray(file));
  }

  private static float[] scaled(float[] values, float factor) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = values[i] * factor;
    }
    return scaled;
  }

  private byte[] build(Clustered data, Metric metric, long seed) {
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create("index")) {
      format().build(vectors(data), metric, buildParams(), seed, BuildMonitor.NONE, out);
      out.commit();
    }
    return objects.read("index");
  }

  protected VectorData vectors(Clustered data) {
    MemorySegment values = arena.allocate(Math.max(4, 4L * data.vectors().length), 64);
    MemorySegment.copy(data.vectors(), 0, values, ValueLayout.JAVA_FLOAT, 0, data.vectors().length);
    return new VectorData(values, data.rows(), data.dim());
  }

  protected double recall(VectorIndex index, Clustered data, Metric metric, RowBitmap allowed) {
    int queries = data.queries().length / data.dim();
    double hits = 0;
    double wanted = 0;
    for (int q = 0; q < queries; q++) {
      hits += hits(index, data, metric, q, allowed);
      wanted += exact(data, metric, q, allowed).size();
    }
    return wanted == 0 ? 1 : hits / wanted;
  }

  private int hits(VectorIndex index, Clustered data, Metric metric, int q, RowBitmap allowed) {
    int count = allowed == null ? data.rows() : allowed.cardinality();
    Neighbors found = index.search(query(data.query(q), K, allowed, count, searchParams()));
    Set<Integer> right = new HashSet<>();
    for (int row : exact(data, metric, q, allowed).rows()) {
      right.add(row);
    }
    int hits = 0;
    for (int row : found.rows()) {
      assertThat(allowed == null || allowed.get(row)).isTrue();
      hits += right.contains(row) ? 1 : 0;
    }
    return hits;
  }

  /** The truth, in double precision and plain loops. */
  protected static Neighbors exact(Clustered data, Metric metric, int q, RowBitmap allowed) {
    NearestHeap heap = new NearestHeap(K);
    float[] query = data.query(q);
    for (int row = 0; row < data.rows(); row++) {
      if (allowed == null || allowed.get(row)) {
        heap.offer((float) distance(data, metric, query, row), row);
      }
    }
    return heap.drain();
  }

  private static double distance(Clustered data, Metric metric, float[] query, int row) {
    double dot = 0;
    double l2 = 0;
    double a = 0;
    double b = 0;
    for (int i = 0; i < query.length; i++) {
      double x = query[i];
      double y = data.vectors()[row * query.length + i];
      dot += x * y;
      l2 += (x - y) * (x - y);
      a += x * x;
      b += y * y;
    }
    return switch (metric) {
      case L2 -> l2;
      case IP -> -dot;
      case COSINE -> -dot / Math.sqrt(a * b);
      case HAMMING -> l2;
      case JACCARD -> 1 - dot / (a + b - dot);
    };
  }

  protected static VectorQuery query(
      float[] vector, int k, RowBitmap allowed, int count, SearchParams params) {
    return new VectorQuery(
        vector, k, allowed, count, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, params);
  }
}
