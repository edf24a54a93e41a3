package io.elanus.index.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.elanus.index.BuildMonitor;
import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.QueryVector;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.model.error.ElanusException;
import io.elanus.model.query.SearchParams;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.testkit.fixture.Seeds;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Occurrences of terms under BM25: what the index answers is what the formula says of every row.
 */
class TermSearchTest {
  private static final int ROWS = 20_000;
  private static final int VOCABULARY = 3_000;
  private final Arena arena = Arena.ofShared();
  private final SparseInvertedFormat format = new SparseInvertedFormat("SPARSE_INVERTED_INDEX");

  @AfterEach
  void freeMemory() {
    arena.close();
  }

  /** Whole numbers from 1, few of them large. */
  private static List<SparseVector> texts(int count, int about, long seed) {
    List<SparseVector> texts = new ArrayList<>();
    Random random = new Random(seed);
    for (SparseVector v : SparseSamples.vectors(count, VOCABULARY, about, seed)) {
      float[] values = new float[v.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            1 + (int) (-Math.log(1 - random.nextDouble()) * (random.nextInt(50) == 0 ? 90 : 0.8));
      }
      texts.add(new SparseVector(v.indices(), values));
    }
    return texts;
  }

  private VectorIndex open(List<SparseVector> texts, Map<String, String> params) {
    MemoryObjects objects = new MemoryObjects();
    VectorData data = new VectorData(SparseSamples.rows(texts, arena));
    try (ObjectStore.Writer out = objects.create("index")) {
      format.build(data, Metric.BM25, params, 1, BuildMonitor.NONE, out);
      out.commit();
    }
    return format.open(objects.map("index", arena), data, Metric.BM25);
  }

  private static VectorQuery query(
      SparseVector weights, Saturation saturation, int limit, RowBitmap allowed) {
    return new VectorQuery(
        new QueryVector.Terms(weights, saturation),
        limit,
        allowed,
        allowed == null ? ROWS : allowed.cardinality(),
        Float.NEGATIVE_INFINITY,
        Float.POSITIVE_INFINITY,
        SearchParams.NONE);
  }

  /** By the formula, row by row; k1 + 1 and the rarity are in the weights. */
  private static Neighbors exact(
      List<SparseVector> texts,
      SparseVector weights,
      double k1,
      double b,
      double average,
      int limit,
      RowBitmap allowed) {
    NearestHeap heap = new NearestHeap(limit);
    for (int row = 0; row < texts.size(); row++) {
      if (allowed != null && !allowed.get(row)) {
        continue;
      }
      SparseVector text = texts.get(row);
      double length = 0;
      for (float times : text.values()) {
        length += times;
      }
      double score = 0;
      for (int i = 0; i < text.size(); i++) {
        for (int j = 0; j < weights.size(); j++) {
          if (text.indices()[i] == weights.indices()[j]) {
            double times = text.values()[i];
            score += weights.values()[j] * times / (times + k1 * (1 - b + b * length / average));
          }
        }
      }
      if (score > 0) {
        heap.offer((float) -score, row);
      }
    }
    return heap.drain();
  }

  @Test
  void answersWhatTheFormulaSaysUnderAnyNumbersAndLengths() {
    List<SparseVector> texts = texts(ROWS, 30, Seeds.seed(1));
    VectorIndex index = open(texts, Map.of());
    double average = texts.stream().mapToDouble(TermSearchTest::length).average().orElseThrow();
    Random random = new Random(2);
    double[][] numbers = {
      {1.2, 0.75, 1},
      {1.2, 0.75, 1.4},
      {1.2, 0.75, 0.7},
      {0.9, 0.4, 1},
      {2, 1, 1},
      {0, 0.75, 1},
      {1.2, 0, 3}
    };
    for (double[] n : numbers) {
      Saturation saturation = new Bm25(n[0], n[1]).saturation(average * n[2]);
      for (int i = 0; i < 12; i++) {
        SparseVector query = SparseSamples.vector(random, VOCABULARY, i < 10 ? 5 : 30);
        RowBitmap allowed = i % 3 == 0 ? null : share(i % 3 == 1 ? 0.5 : 0.01, random);
        int limit = i % 2 == 0 ? 10 : 200;
        Neighbors found = index.search(query(query, saturation, limit, allowed));
        Neighbors wanted = exact(texts, query, n[0], n[1], average * n[2], limit, allowed);
        assertThat(found.size()).isEqualTo(wanted.size());
        for (int at = 0; at < found.size(); at++) {
          assertThat(found.distances()[at])
              .isCloseTo(wanted.distances()[at], within(1e-5f * Math.abs(wanted.distances()[at])));
        }
      }
    }
  }

  private static double length(SparseVector text) {
    double length = 0;
    for (float times : text.values()) {
      length += times;
    }
    return length;
  }

  private static RowBitmap share(double share, Random random) {
    RowBitmap rows = new RowBitmap(ROWS);
    for (int row = 0; row < ROWS; row++) {
      if (random.nextDouble() < share) {
        rows.set(row);
      }
    }
    return rows;
  }

  @Test
  void knowsRowsAndTokensWithoutLookingAtRows() {
    List<SparseVector> texts = texts(ROWS, 20, Seeds.seed(5));
    TermRows index = (TermRows) open(texts, Map.of());
    SparseRows rows = SparseSamples.rows(texts, arena);
    Random random = new Random(6);
    for (RowBitmap among : List.of(RowBitmap.full(ROWS), share(0.3, random), new RowBitmap(ROWS))) {
      int[] dimensions = SparseSamples.vector(random, VOCABULARY, 20).indices();
      TermStatistics seen = new TermStatistics(dimensions);
      seen.add(rows, 0, among);
      TermStatistics known = new TermStatistics(dimensions);
      int count = among.cardinality();
      known.add(index, count == ROWS ? null : among, count);
      assertThat(known.averageLength()).isEqualTo(seen.averageLength());
      for (int dimension : dimensions) {
        assertThat(known.rarity(dimension)).isEqualTo(seen.rarity(dimension));
      }
      assertThat(known.rarity(12345)).isEqualTo(Math.log1p((count + 0.5) / 0.5));
    }
    assertThat(index.tokens(null)).isEqualTo(texts.stream().mapToLong(t -> (long) length(t)).sum());
  }

  @Test
  void boundsRiseByWhatTheNumbersDiffer() {
    Saturation written = new Bm25(1.2, 0.75).saturation(10);
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      Saturation asked =
          new Bm25(3 * random.nextDouble(), random.nextDouble()).saturation(1 + random.nextInt(40));
      double raise = asked.over(written);
      double times = 1 + random.nextInt(200);
      double length = times + random.nextInt(500);
      assertThat(written.of(times, length) * raise * (1 + 1e-12))
          .isGreaterThanOrEqualTo(asked.of(times, length));
    }
  }

  @Test
  void anIndexOfAnotherMetricIsNotOpened() {
    List<SparseVector> texts = texts(100, 5, 8);
    MemoryObjects objects = new MemoryObjects();
    VectorData data = new VectorData(SparseSamples.rows(texts, arena));
    try (ObjectStore.Writer out = objects.create("index")) {
      format.build(data, Metric.BM25, Map.of(), 1, BuildMonitor.NONE, out);
      out.commit();
    }
    assertThatThrownBy(() -> format.open(objects.map("index", arena), data, Metric.IP))
        .isInstanceOf(ElanusException.class);
    for (Map<String, String> wrong :
        List.of(Map.of("bm25_k1", "3.5"), Map.of("bm25_b", "-0.1"), Map.of("bm25_b", "x"))) {
      assertThatThrownBy(() -> format.checkBuild(wrong, 0)).isInstanceOf(ElanusException.class);
      assertThatThrownBy(() -> format.checkSearch(new SearchParams(wrong), 10))
          .isInstanceOf(ElanusException.class);
    }
  }
}
