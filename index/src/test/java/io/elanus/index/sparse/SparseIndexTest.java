package io.elanus.index.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.index.BuildMonitor;
import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.QueryVector;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.SearchParams;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.testkit.fixture.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

class SparseIndexTest {
  private static final int K = 10;
  private static final int VOCABULARY = 5_000;
  private final Arena arena = Arena.ofShared();
  private final SparseInvertedFormat format = new SparseInvertedFormat("SPARSE_INVERTED_INDEX");

  @AfterEach
  void freeMemory() {
    arena.close();
  }

  @Test
  void answersExactlyWhateverTheFilterPasses() {
    List<SparseVector> data = SparseSamples.vectors(20_000, VOCABULARY, 40, Seeds.seed(1));
    VectorIndex index = open(data);
    List<SparseVector> queries = queries(20, 12);
    queries.addAll(queries(5, 60));
    Random random = new Random(2);
    for (double share : new double[] {1, 0.5, 0.1, 0.01, 0.001}) {
      RowBitmap allowed = share == 1 ? null : share(data.size(), share, random);
      for (SparseVector query : queries) {
        for (int limit : new int[] {1, K, 300}) {
          assertSame(
              index.search(query(query, limit, allowed)), exact(data, query, limit, allowed));
        }
      }
    }
  }

  @Test
  void ordersEqualScoresByRow() {
    SparseVector once = new SparseVector(new int[] {3, -7}, new float[] {0.3f, 0.7f});
    List<SparseVector> twins = new ArrayList<>(Collections.nCopies(10_000, once));
    twins.set(9_000, new SparseVector(new int[] {3, -7}, new float[] {0.3f, 0.8f}));
    VectorIndex index = open(twins);
    int[] rows = index.search(query(once, K, null)).rows();
    assertThat(rows).containsExactly(9_000, 0, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void answersOnlyRowsThatShareADimension() {
    List<SparseVector> data =
        List.of(
            SparseVector.EMPTY,
            new SparseVector(new int[] {1, 5}, new float[] {1, 1}),
            new SparseVector(new int[] {5}, new float[] {0}),
            new SparseVector(new int[] {-2}, new float[] {4}));
    VectorIndex index = open(data);
    SparseVector five = new SparseVector(new int[] {5}, new float[] {2});
    assertThat(index.search(query(five, K, null)).rows()).containsExactly(1);
    assertThat(index.search(query(five, K, null)).distances()).containsExactly(-2);
    SparseVector last = new SparseVector(new int[] {-2}, new float[] {1});
    assertThat(index.search(query(last, K, null)).rows()).containsExactly(3);
    assertThat(index.search(query(SparseVector.EMPTY, K, null)).size()).isZero();
    SparseVector zero = new SparseVector(new int[] {5}, new float[] {0});
    assertThat(index.search(query(zero, K, null)).size()).isZero();
    SparseVector unknown = new SparseVector(new int[] {6}, new float[] {1});
    assertThat(index.search(query(unknown, K, null)).size()).isZero();
    for (VectorIndex empty : List.of(open(List.of()), open(List.of(SparseVector.EMPTY)))) {
      assertThat(empty.search(query(five, K, null)).size()).isZero();
    }
  }

  @Test
  void staysWithinBoundsAndPagesThroughEverything() {
    List<SparseVector> data = SparseSamples.vectors(6_000, 300, 20, Seeds.seed(3));
    VectorIndex index = open(data);
    SparseVector query = queries(1, 8, 300).getFirst();
    Neighbors all = exact(data, query, data.size(), null);
    assertThat(all.size()).isGreaterThan(1_000);
    float upper = all.distances()[40];
    Neighbors near = index.search(bounded(query, 100, Float.NEGATIVE_INFINITY, upper));
    assertThat(near.rows()).hasSizeLessThan(41).hasSizeGreaterThan(20);
    for (float distance : near.distances()) {
      assertThat(distance).isLessThan(upper);
    }
    Set<Integer> seen = new HashSet<>();
    float from = Float.NEGATIVE_INFINITY;
    while (true) {
      Neighbors page = index.search(bounded(query, 500, from, Float.POSITIVE_INFINITY));
      if (page.size() == 0) {
        break;
      }
      // The last of a full page may have equals that did not fit: they begin the next one.
      boolean full = page.size() == 500;
      float last = page.distances()[page.size() - 1];
      for (int i = 0; i < page.size(); i++) {
        if (!full || page.distances()[i] < last) {
          assertThat(seen.add(page.rows()[i])).isTrue();
        }
      }
      from = full ? last : Math.nextUp(last);
    }
    assertThat(seen).hasSize(all.size());
  }

  @Test
  void dropsTheSmallestEntriesOfTheQueryAlone() {
    List<SparseVector> data = SparseSamples.vectors(20_000, VOCABULARY, 40, Seeds.seed(4));
    VectorIndex index = open(data);
    SearchParams params = new SearchParams(Map.of("drop_ratio_search", "0.2"));
    int hits = 0;
    int wanted = 0;
    for (SparseVector query : queries(60, 15)) {
      Neighbors found = index.search(query(query, K, null, params));
      assertSame(found, exact(data, dropped(query, 0.2), K, null));
      Set<Integer> right = new HashSet<>();
      for (int row : exact(data, query, K, null).rows()) {
        right.add(row);
      }
      wanted += right.size();
      hits += (int) Arrays.stream(found.rows()).filter(right::contains).count();
    }
    assertThat((double) hits / wanted).isGreaterThan(0.85).isLessThan(1);
  }

  @Test
  void keepsMostOfItsAnswersWhereBoundsAreTakenForLess() {
    List<SparseVector> data = SparseSamples.vectors(20_000, VOCABULARY, 40, Seeds.seed(5));
    VectorIndex index = open(data);
    SearchParams params = new SearchParams(Map.of("dim_max_score_ratio", "0.8"));
    int hits = 0;
    int wanted = 0;
    for (SparseVector query : queries(40, 12)) {
      Neighbors right = exact(data, query, K, null);
      Set<Integer> found = new HashSet<>();
      for (int row : index.search(query(query, K, null, params)).rows()) {
        found.add(row);
      }
      wanted += right.size();
      hits += (int) Arrays.stream(right.rows()).filter(found::contains).count();
    }
    assertThat((double) hits / wanted).isGreaterThan(0.9);
  }

  @Test
  void answersHugeAndTinyValues() {
    for (float scale : new float[] {1e38f, 1e-38f, Float.MIN_VALUE}) {
      List<SparseVector> data = new ArrayList<>();
      for (int row = 0; row < 100; row++) {
        data.add(new SparseVector(new int[] {row % 7, 9}, new float[] {scale, scale}));
      }
      SparseVector query = new SparseVector(new int[] {3, 9}, new float[] {2, 1});
      assertSame(open(data).search(query(query, K, null)), exact(data, query, K, null));
      SparseVector huge = new SparseVector(new int[] {3, 9}, new float[] {3e38f, 1e-30f});
      assertSame(open(data).search(query(huge, K, null)), exact(data, huge, K, null));
    }
  }

  @Test
  void findsTheSameWithoutAnIndex() {
    List<SparseVector> data = SparseSamples.vectors(3_000, 500, 20, Seeds.seed(6));
    SparseRows rows = SparseSamples.rows(data, arena);
    RowBitmap allowed = share(data.size(), 0.3, new Random(7));
    for (SparseVector query : queries(20, 10, 500)) {
      assertSame(SparseScan.search(rows, query(query, K, null)), exact(data, query, K, null));
      assertSame(SparseScan.search(rows, query(query, K, allowed)), exact(data, query, K, allowed));
    }
  }

  @Test
  void buildsTheSameTwiceAndStopsWhenToldTo() {
    List<SparseVector> data = SparseSamples.vectors(5_000, 500, 20, 8);
    assertThat(build(data)).isEqualTo(build(data));
    ElanusException stop = new ElanusException(ErrorCode.CANCELED, "stop");
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create("index")) {
      assertThatThrownBy(
              () ->
                  format.build(
                      new VectorData(SparseSamples.rows(data, arena)),
                      Metric.IP,
                      Map.of(),
                      1,
                      row -> {
                        throw stop;
                      },
                      out))
          .isSameAs(stop);
    }
    assertThat(objects.exists("index")).isFalse();
  }

  @Test
  void verifyFindsAnyDamageAndSearchesOverItDoNoHarm() {
    List<SparseVector> data = SparseSamples.vectors(9_000, 300, 6, Seeds.seed(9));
    byte[] file = build(data);
    VectorData rows = new VectorData(SparseSamples.rows(data, arena));
    List<SparseVector> queries = queries(10, 6, 300);
    Random random = new Random(10);
    int opened = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged = file.clone();
      damaged[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
      MemorySegment segment = mapped(damaged);
      assertCorrupt(() -> format.verify(segment));
      try {
        VectorIndex index = format.open(segment, rows, Metric.IP);
        opened++;
        for (SparseVector query : queries) {
          for (int row : index.search(query(query, K, null)).rows()) {
            assertThat(row).isBetween(0, data.size() - 1);
          }
        }
      } catch (ElanusException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
      }
    }
    assertThat(opened).as("files whose damage opening cannot see").isPositive();
    for (int length : new int[] {0, 63, 64, file.length / 2, file.length - 1}) {
      assertCorrupt(() -> format.open(mapped(Arrays.copyOf(file, length)), rows, Metric.IP));
    }
    VectorData fewer = new VectorData(SparseSamples.rows(data.subList(1, data.size()), arena));
    assertCorrupt(() -> format.open(mapped(file), fewer, Metric.IP));
  }

  @Test
  void answersManyThreadsAsItAnswersOne() throws Exception {
    List<SparseVector> data = SparseSamples.vectors(9_000, 1_000, 20, Seeds.seed(11));
    VectorIndex index = open(data);
    List<SparseVector> queries = queries(40, 10, 1_000);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Neighbors>> together = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        SparseVector query = queries.get(i % 40);
        together.add(threads.submit(() -> index.search(query(query, K, null))));
      }
      for (int i = 0; i < 400; i++) {
        Neighbors alone = index.search(query(queries.get(i % 40), K, null));
        assertSame(together.get(i).get(), alone);
      }
    }
  }

  @Test
  void refusesWrongParameters() {
    for (String algorithm : List.of("DAAT_MAXSCORE", "DAAT_WAND", "TAAT_NAIVE", "SINDI")) {
      format.checkBuild(Map.of("inverted_index_algo", algorithm, "drop_ratio_build", "0.3"), 0);
    }
    assertInvalid(() -> format.checkBuild(Map.of("inverted_index_algo", "FAST"), 0), "FAST");
    assertInvalid(() -> format.checkBuild(Map.of("drop_ratio_build", "1"), 0), "drop_ratio_build");
    for (String ratio : List.of("-0.1", "1", "NaN", "x")) {
      SearchParams params = new SearchParams(Map.of("drop_ratio_search", ratio));
      assertInvalid(() -> format.checkSearch(params, K), "drop_ratio_search");
    }
    SearchParams ratio = new SearchParams(Map.of("dim_max_score_ratio", "1.4"));
    assertInvalid(() -> format.checkSearch(ratio, K), "dim_max_score_ratio");
  }

  // --- helpers --------------------------------------------------------------------------------

  private static void assertSame(Neighbors found, Neighbors right) {
    assertThat(found.rows()).isEqualTo(right.rows());
    assertThat(found.distances()).isEqualTo(right.distances());
  }

  private static void assertCorrupt(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
  }

  private static void assertInvalid(Runnable call, String named) {
    assertThatThrownBy(call::run).isInstanceOf(ElanusException.class).hasMessageContaining(named);
  }

  private static Neighbors exact(
      List<SparseVector> data, SparseVector query, int limit, RowBitmap allowed) {
    NearestHeap heap = new NearestHeap(limit);
    for (int row = 0; row < data.size(); row++) {
      if (allowed == null || allowed.get(row)) {
        double score = SparseSamples.score(query, data.get(row));
        if (score > 0) {
          heap.offer((float) -score, row);
        }
      }
    }
    return heap.drain();
  }

  private static SparseVector dropped(SparseVector query, double ratio) {
    float[] sorted = query.values().clone();
    Arrays.sort(sorted);
    float least = sorted.length == 0 ? 0 : sorted[(int) (ratio * sorted.length)];
    float[] kept = query.values().clone();
    for (int i = 0; i < kept.length; i++) {
      kept[i] = kept[i] < least ? 0 : kept[i];
    }
    return new SparseVector(query.indices(), kept);
  }

  private static List<SparseVector> queries(int count, int about) {
    return queries(count, about, VOCABULARY);
  }

  private static List<SparseVector> queries(int count, int about, int vocabulary) {
    return SparseSamples.vectors(count, vocabulary, about, Seeds.seed(100));
  }

  private static RowBitmap share(int rows, double share, Random random) {
    RowBitmap allowed = new RowBitmap(rows);
    for (int row = 0; row < rows; row++) {
      if (random.nextDouble() < share) {
        allowed.set(row);
      }
    }
    return allowed;
  }

  private static VectorQuery query(SparseVector vector, int limit, RowBitmap allowed) {
    return query(vector, limit, allowed, SearchParams.NONE);
  }

  private static VectorQuery query(
      SparseVector vector, int limit, RowBitmap allowed, SearchParams params) {
    int count = allowed == null ? Integer.MAX_VALUE : allowed.cardinality();
    return new VectorQuery(
        new QueryVector.Sparse(vector),
        limit,
        allowed,
        count,
        Float.NEGATIVE_INFINITY,
        Float.POSITIVE_INFINITY,
        params);
  }

  private static VectorQuery bounded(SparseVector vector, int limit, float min, float max) {
    return new VectorQuery(
        new QueryVector.Sparse(vector),
        limit,
        null,
        Integer.MAX_VALUE,
        min,
        max,
        SearchParams.NONE);
  }

  private VectorIndex open(List<SparseVector> data) {
    return format.open(
        mapped(build(data)), new VectorData(SparseSamples.rows(data, arena)), Metric.IP);
  }

  private byte[] build(List<SparseVector> data) {
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create("index")) {
      format.build(
          new VectorData(SparseSamples.rows(data, arena)),
          Metric.IP,
          Map.of(),
          1,
          BuildMonitor.NONE,
          out);
      out.commit();
    }
    return objects.read("index");
  }

  private MemorySegment mapped(byte[] file) {
    return arena
        .allocate(Math.max(1, file.length), 64)
        .asSlice(0, file.length)
        .copyFrom(MemorySegment.ofArray(file));
  }
}
