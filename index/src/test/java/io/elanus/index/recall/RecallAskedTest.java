package io.elanus.index.recall;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.BuildMonitor;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.VectorIndexes;
import io.elanus.index.VectorQuery;
import io.elanus.index.distance.Scorer;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.testkit.fixture.Clustered;
import io.elanus.testkit.fixture.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
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
    "QG,L2,48,FLOAT_VECTOR",
    "AUTOINDEX,COSINE,48,FLOAT_VECTOR",
    "HNSW,IP,32,FLOAT_VECTOR",
    "HNSW,L2,32,INT8_VECTOR",
    "HNSW,HAMMING,128,BINARY_VECTOR",
    "HNSW_SQ,COSINE,32,FLOAT_VECTOR",
    "HNSW_PQ,L2,32,FLOAT_VECTOR",
    "IVF_FLAT,COSINE,32,FLOAT_VECTOR",
    "IVF_FLAT,IP,32,INT8_VECTOR",
    "BIN_IVF_FLAT,HAMMING,128,BINARY_VECTOR",
    "IVF_HNSW,L2,32,FLOAT_VECTOR",
    "IVF_RABITQ,L2,32,FLOAT_VECTOR",
    "IVF_SQ8,COSINE,32,FLOAT_VECTOR",
    "IVF_PQ,L2,32,FLOAT_VECTOR",
    "SCANN,IP,32,FLOAT_VECTOR",
  })
  void isFound(String type, Metric metric, int dim, DataType rows) {
    Clustered data = Clustered.of(ROWS, dim, 60, QUERIES, Seeds.seed(31));
    try (Arena arena = Arena.ofShared()) {
      VectorData vectors = data(rows, dim, arena, ROWS, data::vector);
      VectorData queries = data(rows, dim, arena, QUERIES, data::query);
      VectorIndexFormat format = VectorIndexes.format(type);
      MemoryObjects objects = new MemoryObjects();
      try (ObjectStore.Writer out = objects.create("index")) {
        format.build(vectors, metric, build(type), 1, BuildMonitor.NONE, out);
        out.commit();
      }
      VectorIndex index = format.open(objects.map("index", arena), vectors, metric);
      Filter none = Filter.passing(1);
      SearchParams little = new SearchParams(Map.of("recall", "0.8"));
      assertThat(recall(index, vectors, metric, queries, none, 10, little)).isLessThan(0.99);
      for (double share : new double[] {1, 0.3}) {
        Filter filter = Filter.passing(share);
        for (int limit : new int[] {1, 10, 100}) {
          for (double asked : new double[] {0.8, 0.9, 0.95, 0.99, 0.999}) {
            SearchParams params = new SearchParams(Map.of("recall", Double.toString(asked)));
            double measured = recall(index, vectors, metric, queries, filter, limit, params);
            assertThat(measured)
                .as("share %s limit %s asked %s", share, limit, asked)
                .isGreaterThanOrEqualTo(asked - SLACK);
          }
        }
      }
    }
  }

  private static Map<String, String> build(String type) {
    if (type.equals("HNSW_PQ")) {
      return Map.of("M", "16", "efConstruction", "100", "m", "16", "refine", "true");
    }
    if (type.startsWith("HNSW")) {
      return Map.of("M", "16", "efConstruction", "100");
    }
    if (type.equals("IVF_PQ")) {
      return Map.of("nlist", "128", "m", "16");
    }
    return type.contains("IVF") || type.equals("SCANN") ? Map.of("nlist", "128") : Map.of();
  }

  private static VectorData data(
      DataType type, int dim, Arena arena, int count, IntFunction<float[]> rows) {
    MemorySegment values = arena.allocate(count * type.vectorBytes(dim), 64);
    VectorData data = new VectorData(values, count, dim, type);
    for (int row = 0; row < count; row++) {
      float[] vector = rows.apply(row);
      long at = data.offset(row);
      for (int d = 0; d < dim; d++) {
        switch (type) {
          case FLOAT_VECTOR -> values.set(FileHeader.FLOAT, at + 4L * d, vector[d]);
          case INT8_VECTOR ->
              values.set(
                  ValueLayout.JAVA_BYTE,
                  at + d,
                  (byte) Math.clamp(Math.round(40 * vector[d]), -127, 127));
          default -> {
            byte before = values.get(ValueLayout.JAVA_BYTE, at + d / 8);
            int bit = vector[d] > 0 ? 1 << d % 8 : 0;
            values.set(ValueLayout.JAVA_BYTE, at + d / 8, (byte) (before | bit));
          }
        }
      }
    }
    return data;
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
      VectorData queries,
      Filter filter,
      int limit,
      SearchParams params) {
    long hits = 0;
    long wanted = 0;
    for (int q = 0; q < QUERIES; q++) {
      VectorQuery query =
          new VectorQuery(
              queries.query(q),
              limit,
              filter.allowed,
              filter.count,
              Float.NEGATIVE_INFINITY,
              Float.POSITIVE_INFINITY,
              params);
      float[] truth = ExactScan.search(vectors, metric, null, query).distances();
      wanted += truth.length;
      int[] found = index.search(query).rows();
      float[] distances = new float[found.length];
      Scorer.of(metric, vectors, null).query(query.target()).to(found, found.length, distances);
      // By distance, since of equally near rows any may be answered.
      float farthest = truth[truth.length - 1] + 4e-6f * Math.abs(truth[truth.length - 1]);
      for (float distance : distances) {
        hits += distance <= farthest ? 1 : 0;
      }
    }
    return (double) hits / wanted;
  }
}
