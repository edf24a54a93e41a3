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

/** What every vector index does, whatever its kind. */
abstract class VectorIndexContract {
  protected static final int K = 10;
  protected final Arena arena = Arena.ofShared();

  protected abstract VectorIndexFormat format();

  protected abstract Map<String, String> buildParams();

  protected abstract SearchParams searchParams();

  /** Recall@10 on 5,000 clustered rows that the parameters above must reach. */
  protected abstract double recallFloor();

  /** What the rows are. */
  protected DataType type() {
    return DataType.FLOAT_VECTOR;
  }

  /** The search parameters for a limit of 100. */
  protected SearchParams wide() {
    return searchParams();
  }

  @AfterEach
  void freeMemory() {
    arena.close();
  }

  @Test
  void reachesItsRecall() {
    Metric.of(type()).forEach(this::reachesItsRecall);
  }

  private void reachesItsRecall(Metric metric) {
    Clustered data = shaped(5_000, 48, 40, 50, Seeds.seed(7));
    VectorIndex index = open(data, metric);
    assertThat(recall(index, data, metric, null))
        .as("%s", metric)
        .isGreaterThanOrEqualTo(recallFloor());
  }

  @Test
  void keepsItsRecallUnderFilters() {
    Metric.of(type()).forEach(this::keepsItsRecallUnderFilters);
  }

  private void keepsItsRecallUnderFilters(Metric metric) {
    Clustered data = shaped(5_000, 32, 40, 40, Seeds.seed(8));
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
          .as("%s, share %s", metric, share)
          .isGreaterThanOrEqualTo(recallFloor());
    }
  }

  @Test
  void keepsItsRecallWhereTheFilterPassesOnlyFarClusters() {
    Clustered data = shaped(5_000, 32, 10, 30, Seeds.seed(10));
    VectorIndex index = open(data, plain());
    int hits = 0;
    for (int q = 0; q < 30; q++) {
      int nearest = data.clusters()[exact(data, plain(), q, null).rows()[0]];
      RowBitmap far = new RowBitmap(data.rows());
      for (int row = 0; row < data.rows(); row++) {
        if (data.clusters()[row] != nearest) {
          far.set(row);
        }
      }
      hits += hits(index, data, plain(), q, far);
    }
    assertThat(hits / (30.0 * K)).isGreaterThanOrEqualTo(recallFloor());
  }

  /** However a filter came to its rows, and whatever was asked between. */
  @Test
  void equalBitmapsGiveEqualAnswers() {
    Clustered data = shaped(3_000, 32, 10, 8, Seeds.seed(23));
    VectorIndex index = open(data, plain());
    Random random = new Random(24);
    for (double share : new double[] {0.6, 0.2, 0.02}) {
      RowBitmap set = new RowBitmap(data.rows());
      RowBitmap cleared = RowBitmap.full(data.rows());
      RowBitmap excluded = new RowBitmap(data.rows());
      for (int row = 0; row < data.rows(); row++) {
        if (random.nextDouble() < share) {
          set.set(row);
        } else {
          cleared.clear(row);
          excluded.setRange(row, row + 1);
        }
      }
      RowBitmap half = new RowBitmap(data.rows());
      half.setRange(0, data.rows() / 2);
      RowBitmap joined = set.copy().and(half).or(set.copy().andNot(half));
      for (int q = 0; q < 8; q++) {
        Neighbors first = filtered(index, data.query(q), set);
        for (RowBitmap same : List.of(cleared, excluded.copy().not(), joined)) {
          assertThat(same).isEqualTo(set);
          Neighbors again = filtered(index, data.query(q), same);
          assertThat(again.rows()).containsExactly(first.rows());
          assertThat(again.distances()).containsExactly(first.distances());
          filtered(index, data.query(q), half);
        }
      }
    }
  }

  private Neighbors filtered(VectorIndex index, float[] query, RowBitmap allowed) {
    return index.search(ask(query, K, allowed, allowed.cardinality(), searchParams()));
  }

  @Test
  void answersEverythingWhenAskedForMoreThanThereIs() {
    Clustered data = shaped(300, 8, 3, 1, 11);
    VectorIndex index = open(data, plain());
    Neighbors all = index.search(ask(data.query(0), 1_000, null, 300, searchParams()));
    assertThat(all.rows()).hasSize(300).doesNotHaveDuplicates();
    assertThat(all.distances()).isSorted();
  }

  @Test
  void pagesThroughEverythingByTheLowerBound() {
    Clustered data = shaped(2_000, 16, 8, 1, 12);
    VectorIndex index = open(data, plain());
    Set<Integer> seen = new HashSet<>();
    float from = Float.NEGATIVE_INFINITY;
    int limit = 100;
    while (true) {
      Neighbors page =
          index.search(
              new VectorQuery(
                  Typed.query(type(), data.query(0)),
                  limit,
                  null,
                  2_000,
                  from,
                  Float.POSITIVE_INFINITY,
                  searchParams()));
      // A page ends before the run of equal distances that its end may cut.
      int end = page.size();
      while (page.size() == limit
          && end > 0
          && page.distances()[end - 1] == page.distances()[page.size() - 1]) {
        end--;
      }
      if (page.size() == limit && end == 0) {
        limit *= 2;
        continue;
      }
      for (int i = 0; i < end; i++) {
        assertThat(seen.add(page.rows()[i])).isTrue();
      }
      if (page.size() < limit) {
        break;
      }
      from = Math.nextUp(page.distances()[end - 1]);
      limit = 100;
    }
    assertThat(seen.size()).isGreaterThanOrEqualTo((int) (2_000 * recallFloor()));
  }

  @Test
  void staysBelowTheUpperBound() {
    Clustered data = shaped(2_000, 16, 8, 1, 13);
    VectorIndex index = open(data, plain());
    Neighbors exact = exact(data, plain(), 0, null);
    float bound = (exact.distances()[3] + exact.distances()[K - 1]) / 2;
    int below = 0;
    while (exact.distances()[below] < bound) {
      below++;
    }
    assertThat(below).isBetween(1, K - 1);
    Neighbors near =
        index.search(
            new VectorQuery(
                Typed.query(type(), data.query(0)),
                K,
                null,
                2_000,
                Float.NEGATIVE_INFINITY,
                bound,
                searchParams()));
    assertThat(near.size()).isEqualTo(below);
    for (float distance : near.distances()) {
      assertThat(distance).isLessThan(bound);
    }
  }

  @Test
  void survivesNothingOneRowTwinsAndZeros() {
    for (int rows : new int[] {0, 1, 2}) {
      Clustered tiny = shaped(rows, 8, 1, 1, 14);
      for (Metric metric : Metric.of(type())) {
        Neighbors near =
            open(tiny, metric).search(ask(tiny.query(0), K, null, rows, searchParams()));
        assertThat(near.size()).isEqualTo(rows);
      }
    }
    float[] twins = new float[1_000 * 4];
    java.util.Arrays.fill(twins, 0, 500 * 4, 1f);
    Clustered same =
        Typed.shaped(type(), new Clustered(4, twins, new int[1_000], new float[] {1, 1, 1, 1}));
    for (Metric metric : Metric.of(type())) {
      Neighbors near =
          open(same, metric).search(ask(same.query(0), K, null, 1_000, searchParams()));
      assertThat(near.size()).isEqualTo(K);
      assertThat(near.rows()).doesNotHaveDuplicates();
    }
  }

  @Test
  void buildsTheSameFromTheSameSeed() {
    Clustered data = shaped(1_500, 16, 5, 1, 15);
    assertThat(build(data, other(), 3)).isEqualTo(build(data, other(), 3));
  }

  @Test
  void refusesForeignAndShortenedFiles() {
    Clustered data = shaped(500, 8, 3, 1, 16);
    byte[] file = build(data, other(), 1);
    VectorData vectors = vectors(data);
    for (int length :
        new int[] {0, 10, 63, 64, file.length / 2, file.length - 1, file.length + 1}) {
      if (length != file.length) {
        MemorySegment cut = MemorySegment.ofArray(java.util.Arrays.copyOf(file, length));
        assertThatThrownBy(() -> format().open(cut, vectors, other()))
            .isInstanceOf(ElanusException.class);
      }
    }
    byte[] flipped = file.clone();
    flipped[20] ^= 1;
    assertThatThrownBy(() -> format().open(MemorySegment.ofArray(flipped), vectors, other()))
        .isInstanceOf(ElanusException.class);
    assertThatThrownBy(() -> format().open(MemorySegment.ofArray(file), vectors, plain()))
        .isInstanceOf(ElanusException.class);
  }

  @Test
  void findsEveryRowOfALargeGroupOfTwins() {
    Clustered data = Typed.shaped(type(), twins(300, 60));
    VectorIndex index = open(data, plain());
    RowBitmap odd = new RowBitmap(data.rows());
    for (int row = 1; row < data.rows(); row += 2) {
      odd.set(row);
    }
    int found = 0;
    int wanted = 0;
    for (int q = 0; q < 20; q++) {
      for (RowBitmap allowed : new RowBitmap[] {null, odd}) {
        int count = allowed == null ? data.rows() : odd.cardinality();
        for (int row : index.search(ask(data.query(q), 100, allowed, count, wide())).rows()) {
          assertThat(allowed == null || allowed.get(row)).isTrue();
          found += same(data, row, q) ? 1 : 0;
        }
        int same = 0;
        for (int row = 0; row < data.rows(); row++) {
          same += (allowed == null || allowed.get(row)) && same(data, row, q) ? 1 : 0;
        }
        // Types of few digits bring groups together.
        wanted += Math.min(100, same);
      }
    }
    assertThat((double) found / wanted).isGreaterThanOrEqualTo(recallFloor());
  }

  @Test
  void ranksHugeAndTinyValuesByTheirCosine() {
    Clustered plain = Clustered.of(1_000, 16, 8, 20, Seeds.seed(19));
    // Squares of the first overflow a float, squares of the second vanish.
    boolean half = type() == DataType.FLOAT16_VECTOR;
    for (float scale : half ? new float[] {5e3f, 1e-4f} : new float[] {1e25f, 1e-25f}) {
      Clustered data = Typed.shaped(type(), scaled(plain, scale));
      assertThat(recall(open(data, other()), data, other(), null))
          .as("scale %s", scale)
          .isGreaterThanOrEqualTo(recallFloor());
    }
  }

  @Test
  void answersRowsWhoseDistanceOverflows() {
    Metric.of(type()).forEach(this::answersRowsWhoseDistanceOverflows);
  }

  private void answersRowsWhoseDistanceOverflows(Metric metric) {
    float scale = type() == DataType.FLOAT16_VECTOR ? 5e3f : 3e37f;
    Clustered data = Typed.shaped(type(), scaled(Clustered.of(500, 16, 8, 5, 20), scale));
    Neighbors near = open(data, metric).search(ask(data.query(0), K, null, 500, searchParams()));
    assertThat(near.rows()).hasSize(K).doesNotHaveDuplicates();
    for (float distance : near.distances()) {
      assertThat(distance).isNotNaN();
    }
  }

  @Test
  void stopsABuildWhenTheMonitorSaysSo() {
    Clustered data = shaped(5_000, 8, 5, 1, 21);
    ElanusException stop = new ElanusException(ErrorCode.CANCELED, "stop");
    MemoryObjects objects = new MemoryObjects();
    BuildMonitor monitor =
        rows -> {
          throw stop;
        };
    try (ObjectStore.Writer out = objects.create("index")) {
      assertThatThrownBy(
              () -> format().build(vectors(data), other(), buildParams(), 1, monitor, out))
          .isSameAs(stop);
    }
    assertThat(objects.exists("index")).isFalse();
  }

  @Test
  void verifyFindsAnyDamageAndSearchesOverItDoNoHarm() {
    Clustered data = shaped(4_500, 8, 10, 10, Seeds.seed(22));
    byte[] file = build(data, other(), 1);
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
        VectorIndex index = format().open(segment, vectors, other());
        opened++;
        for (int q = 0; q < 10; q++) {
          for (int row : index.search(ask(data.query(q), K, null, 4_500, searchParams())).rows()) {
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
    Clustered data = shaped(5_000, 16, 10, 40, Seeds.seed(24));
    VectorIndex index = open(data, plain());
    List<Neighbors> alone = new ArrayList<>();
    for (int q = 0; q < 40; q++) {
      alone.add(index.search(ask(data.query(q), K, null, 5_000, searchParams())));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Neighbors>> together = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        int q = i % 40;
        together.add(
            threads.submit(() -> index.search(ask(data.query(q), K, null, 5_000, searchParams()))));
      }
      for (int i = 0; i < 400; i++) {
        assertThat(together.get(i).get().rows()).isEqualTo(alone.get(i % 40).rows());
      }
    }
  }

  // --- helpers --------------------------------------------------------------------------------

  /** A set whose numbers the type holds exactly. */
  private Clustered shaped(int rows, int dim, int clusters, int queries, long seed) {
    return Typed.shaped(type(), Clustered.of(rows, dim, clusters, queries, seed));
  }

  /** The metric of tests that need only one. */
  private Metric plain() {
    return type() == DataType.BINARY_VECTOR ? Metric.HAMMING : Metric.L2;
  }

  /** Another one; for numbers it writes lengths into the file. */
  private Metric other() {
    return type() == DataType.BINARY_VECTOR ? Metric.JACCARD : Metric.COSINE;
  }

  private VectorQuery ask(
      float[] vector, int k, RowBitmap allowed, int count, SearchParams params) {
    return new VectorQuery(
        Typed.query(type(), vector),
        k,
        allowed,
        count,
        Float.NEGATIVE_INFINITY,
        Float.POSITIVE_INFINITY,
        params);
  }

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

  private static boolean same(Clustered data, int row, int query) {
    int dim = data.dim();
    return java.util.Arrays.equals(
        data.vectors(), row * dim, (row + 1) * dim, data.queries(), query * dim, (query + 1) * dim);
  }

  private static Clustered scaled(Clustered data, float factor) {
    return new Clustered(
        data.dim(),
        scaled(data.vectors(), factor),
        data.clusters(),
        scaled(data.queries(), factor));
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
    return Typed.data(type(), data, arena);
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
    Neighbors found = index.search(ask(data.query(q), K, allowed, count, searchParams()));
    Neighbors exact = exact(data, metric, q, allowed);
    // Of rows that are equally far, any may be answered.
    float farthest = exact.size() == 0 ? 0 : exact.distances()[exact.size() - 1];
    int hits = 0;
    for (int row : found.rows()) {
      assertThat(allowed == null || allowed.get(row)).isTrue();
      hits += (float) distance(data, metric, data.query(q), row) <= farthest ? 1 : 0;
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
      case JACCARD -> a + b == 0 ? 1 : 1 - dot / (a + b - dot);
      case BM25 -> throw new IllegalStateException("not of vectors");
    };
  }

  protected static VectorQuery query(
      float[] vector, int k, RowBitmap allowed, int count, SearchParams params) {
    return new VectorQuery(
        vector, k, allowed, count, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, params);
  }
}
