package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.flat.ExactScan;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.testkit.fixture.Clustered;
import io.elanus.testkit.fixture.Seeds;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Recall@10 over tens of thousands of vectors that are not float32: 48 numbers each, or 384 bits.
 * Of rows that are equally far, any may be answered.
 */
class TypedRecallFloorTest {
  private static final int K = 10;
  private static final int QUERIES = 100;

  @ParameterizedTest
  @CsvSource({
    "HNSW, FLOAT16_VECTOR, COSINE, 10000, M=16;efConstruction=100, ef=128, 0.95",
    "IVF_FLAT, BFLOAT16_VECTOR, L2, 20000, nlist=256, nprobe=32, 0.95",
    "IVF_FLAT, INT8_VECTOR, IP, 20000, nlist=256, nprobe=32, 0.95",
    "AUTOINDEX, INT8_VECTOR, L2, 10000, , , 0.95",
    "BIN_IVF_FLAT, BINARY_VECTOR, HAMMING, 20000, nlist=256, nprobe=32, 0.95",
    "BIN_IVF_FLAT, BINARY_VECTOR, JACCARD, 20000, nlist=256, nprobe=48, 0.95",
    "AUTOINDEX, BINARY_VECTOR, HAMMING, 33000, , , 0.95",
  })
  void holds(
      String name,
      DataType type,
      Metric metric,
      int rows,
      String build,
      String search,
      double floor) {
    Clustered data = Typed.shaped(type, Clustered.of(rows, 48, 200, QUERIES, Seeds.seed(31)));
    VectorIndexFormat format = VectorIndexes.format(name, type);
    try (Arena arena = Arena.ofShared()) {
      VectorData vectors = Typed.data(type, data, arena);
      MemoryObjects objects = new MemoryObjects();
      try (ObjectStore.Writer out = objects.create("index")) {
        format.build(vectors, metric, parameters(build), 1, BuildMonitor.NONE, out);
        out.commit();
      }
      VectorIndex index = format.open(objects.map("index", arena), vectors, metric);
      double recall = recall(index, vectors, metric, data, new SearchParams(parameters(search)));
      System.out.printf("%s %s %s: recall %.4f%n", name, type, metric, recall);
      assertThat(recall).isGreaterThanOrEqualTo(floor);
      // What shows that this test can fail: hardly any effort, hardly any recall.
      SearchParams least = new SearchParams(Map.of("ef", "10", "nprobe", "1"));
      assertThat(recall(index, vectors, metric, data, least)).isLessThan(0.99);
    }
  }

  private static double recall(
      VectorIndex index, VectorData vectors, Metric metric, Clustered data, SearchParams search) {
    int hits = 0;
    for (int q = 0; q < QUERIES; q++) {
      VectorQuery query =
          new VectorQuery(
              Typed.query(vectors.type(), data.query(q)),
              K,
              null,
              vectors.count(),
              Float.NEGATIVE_INFINITY,
              Float.POSITIVE_INFINITY,
              search);
      float farthest = ExactScan.search(vectors, metric, null, query).distances()[K - 1];
      for (float distance : index.search(query).distances()) {
        hits += distance <= farthest + 1e-5f * Math.abs(farthest) ? 1 : 0;
      }
    }
    return (double) hits / (K * QUERIES);
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : text == null ? new String[0] : text.split(";")) {
      String[] parts = pair.split("=");
      parameters.put(parts[0], parts[1]);
    }
    return parameters;
  }
}
