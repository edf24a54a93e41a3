package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.flat.ExactScan;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.testkit.fixture.Clustered;
import io.elanus.testkit.fixture.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The promise of the README: recall@10 of at least 0.95 on 100,000 clustered vectors of 100
 * dimensions, also with 30 % of the rows deleted and under filters down to 0.1 %.
 */
class RecallFloorTest {
  private static final int ROWS = 100_000;
  private static final int DIM = 100;
  private static final int QUERIES = 200;
  private static final int K = 10;
  private static final double FLOOR = 0.95;

  @ParameterizedTest
  @CsvSource({"HNSW,L2", "HNSW,IP", "HNSW,COSINE", "AUTOINDEX,L2"})
  void holdsUnderDeletesAndFilters(String type, Metric metric) {
    Clustered data = Clustered.of(ROWS, DIM, 300, QUERIES, Seeds.seed(1));
    boolean hnsw = type.equals("HNSW");
    Map<String, String> build = hnsw ? Map.of("M", "16", "efConstruction", "200") : Map.of();
    SearchParams search = hnsw ? new SearchParams(Map.of("ef", "128")) : SearchParams.NONE;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment values = arena.allocate(4L * ROWS * DIM, 64);
      MemorySegment.copy(data.vectors(), 0, values, ValueLayout.JAVA_FLOAT, 0, ROWS * DIM);
      VectorData vectors = new VectorData(values, ROWS, DIM);
      VectorIndexFormat format = VectorIndexes.format(type);
      MemoryObjects objects = new MemoryObjects();
      try (ObjectStore.Writer out = objects.create("index")) {
        format.build(vectors, metric, build, 1, BuildMonitor.NONE, out);
        out.commit();
      }
      VectorIndex index = format.open(objects.map("index", arena), vectors, metric);
      for (double share : new double[] {1, 0.7, 0.5, 0.1, 0.01, 0.001}) {
        double recall = recall(index, vectors, metric, data, share, search);
        System.out.printf("%s %s share %.3f recall %.4f%n", type, metric, share, recall);
        assertThat(recall).as("share %s", share).isGreaterThanOrEqualTo(FLOOR);
      }
    }
  }

  private static double recall(
      VectorIndex index,
      VectorData vectors,
      Metric metric,
      Clustered data,
      double share,
      SearchParams search) {
    Random random = new Random(5);
    RowBitmap allowed = new RowBitmap(ROWS);
    for (int row = 0; row < ROWS; row++) {
      if (random.nextDouble() < share) {
        allowed.set(row);
      }
    }
    RowBitmap filter = share == 1 ? null : allowed;
    int count = allowed.cardinality();
    int hits = 0;
    for (int q = 0; q < QUERIES; q++) {
      VectorQuery query = VectorIndexContract.query(data.query(q), K, filter, count, search);
      Set<Integer> right = new HashSet<>();
      for (int row : ExactScan.search(vectors, metric, null, query).rows()) {
        right.add(row);
      }
      for (int row : index.search(query).rows()) {
        hits += right.contains(row) ? 1 : 0;
      }
    }
    return (double) hits / (QUERIES * Math.min(K, count));
  }
}
