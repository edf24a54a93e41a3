package io.elanus.index.recall;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.BuildMonitor;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.VectorIndexes;
import io.elanus.index.VectorQuery;
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
 * What is asked for is found: over queries that are no rows, at each recall and limit, with a
 * filter and without, at most 0.01 is missing; and what finds most looks harder than what finds
 * least, so that a curve which always asks for everything would fail.
 */
class RecallAskedTest {
  private static final int ROWS = 8_000;
  private static final int QUERIES = 400;
  private static final double SLACK = 0.01;

  @ParameterizedTest
  @CsvSource({
    "QG,L2,48",
    "AUTOINDEX,COSINE,48",
    "HNSW,IP,32",
  })
  void isFound(String type, Metric metric, int dim) {
    Clustered data = Clustered.of(ROWS, dim, 60, QUERIES, Seeds.seed(31));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment values = arena.allocate(4L * ROWS * dim, 64);
      MemorySegment.copy(data.vectors(), 0, values, ValueLayout.JAVA_FLOAT, 0, ROWS * dim);
      VectorData vectors = new VectorData(values, ROWS, dim);
      VectorIndexFormat format = VectorIndexes.format(type);
      MemoryObjects objects = new MemoryObjects();
      try (ObjectStore.Writer out = objects.create("index")) {
        format.build(vectors, metric, build(type), 1, BuildMonitor.NONE, out);
        out.commit();
      }
      VectorIndex index = format.open(objects.map("index", arena), vectors, metric);
      Filter none = Filter.passing(1);
      SearchParams little = new SearchParams(Map.of("recall", "0.8"));
      assertThat(recall(index, vectors, metric, data, none, 10, little)).isLessThan(0.99);
      for (double share : new double[] {1, 0.3}) {
        Filter filter = Filter.passing(share);
        for (int limit : new int[] {1, 10, 100}) {
          for (double asked : new double[] {0.8, 0.9, 0.95, 0.99, 0.999}) {
            SearchParams params = new SearchParams(Map.of("recall", Double.toString(asked)));
            double measured = recall(index, vectors, metric, data, filter, limit, params);
            assertThat(measured)
                .as("share %s limit %s asked %s", share, limit, asked)
                .isGreaterThanOrEqualTo(asked - SLACK);
          }
        }
      }
    }
  }

  private static Map<String, String> build(String type) {
    return type.equals("HNSW") ? Map.of("M", "16", "efConstruction", "100") : Map.of();
  }

  private record Filter(RowBitmap allowed, int count) {
    static Filter passing(double share) {
      if (share >= 1) {
        return new Filter(null, ROWS);
      }
      Random random = new Random(Seeds.seed(32));
      RowBitmap allowed = new RowBitmap(ROWS);
      for (int row = 0; row < ROWS; row++) {
        if (random.nextDouble() < share) {
          allowed.set(row);
        }
      }
      return new Filter(allowed, allowed.cardinality());
    }
  }

  private static double recall(
      VectorIndex index,
      VectorData vectors,
      Metric metric,
      Clustered data,
      Filter filter,
      int limit,
      SearchParams params) {
    long hits = 0;
    long wanted = 0;
    for (int q = 0; q < QUERIES; q++) {
      VectorQuery query =
          new VectorQuery(
              data.query(q),
              limit,
              filter.allowed,
              filter.count,
              Float.NEGATIVE_INFINITY,
              Float.POSITIVE_INFINITY,
              params);
      Set<Integer> right = new HashSet<>();
      for (int row : ExactScan.search(vectors, metric, null, query).rows()) {
        right.add(row);
      }
      wanted += right.size();
      for (int row : index.search(query).rows()) {
        hits += right.contains(row) ? 1 : 0;
      }
    }
    return (double) hits / wanted;
  }
}
