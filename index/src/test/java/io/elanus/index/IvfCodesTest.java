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
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What codes cost beside IVF_FLAT over the same lists: hardly any recall; and what they save. */
class IvfCodesTest {
  private static final int K = 10;
  private static final Map<String, String> SQ8 = Map.of("refine", "true", "refine_type", "SQ8");
  private final Arena arena = Arena.ofShared();

  @AfterEach
  void freeMemory() {
    arena.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"L2", "IP", "COSINE"})
  void findsWhatTheVectorsThemselvesWouldFind(Metric metric) {
    Clustered data = Clustered.of(10_000, 96, 60, 100, Seeds.seed(31));
    VectorData vectors = vectors(data);
    VectorIndex flat = open("IVF_FLAT", Map.of(), vectors, metric);
    VectorIndex bits = open("IVF_RABITQ", Map.of(), vectors, metric);
    Map<VectorIndex, Double> losses =
        Map.of(
            bits,
            0.01,
            open("IVF_RABITQ", SQ8, vectors, metric),
            0.015,
            open("IVF_SQ8", Map.of(), vectors, metric),
            0.015,
            open("IVF_SQ8", Map.of("refine", "true"), vectors, metric),
            0.005,
            open("IVF_PQ", Map.of("m", "24"), vectors, metric),
            0.01,
            open("SCANN", Map.of(), vectors, metric),
            0.01,
            // Codes alone: what 2 bits for each coordinate leave of the recall.
            open("SCANN", Map.of("with_raw_data", "false"), vectors, metric),
            0.3);
    for (String nprobe : new String[] {"2", "8", "32"}) {
      SearchParams search = new SearchParams(Map.of("nprobe", nprobe));
      double best = recall(flat, vectors, metric, data, search);
      losses.forEach(
          (index, loss) ->
              assertThat(recall(index, vectors, metric, data, search))
                  .as("%s, nprobe %s, of %d bytes", index.type(), nprobe, index.sizeBytes())
                  .isGreaterThan(best - loss));
    }
    assertThat(recall(bits, vectors, metric, data, new SearchParams(Map.of("nprobe", "32"))))
        .isGreaterThan(0.97);
    // What shows that this test can fail: codes alone, with hardly any refinement.
    SearchParams least = new SearchParams(Map.of("nprobe", "32", "refine_k", "1"));
    assertThat(recall(bits, vectors, metric, data, least)).isLessThan(0.95);
  }

  @Test
  void takesTheMemoryThatItPromises() {
    for (int dim : new int[] {100, 384}) {
      Clustered data = Clustered.of(20_000, dim, 20, 1, 32);
      VectorData vectors = vectors(data);
      double raw = 4.0 * dim * data.rows();
      assertThat(open("IVF_RABITQ", SQ8, vectors, Metric.L2).sizeBytes() / raw)
          .as("IVF_RABITQ with SQ8, %d dimensions", dim)
          .isLessThan(0.35);
      assertThat(open("IVF_RABITQ", Map.of(), vectors, Metric.L2).sizeBytes() / raw)
          .isLessThan(0.08);
      assertThat(open("IVF_SQ8", Map.of(), vectors, Metric.L2).sizeBytes() / raw).isLessThan(0.30);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 15, 16, 17, 33, 63, 65, 127, 1000})
  void servesAnyDimension(int dim) {
    Clustered data = Clustered.of(600, dim, 5, 20, Seeds.seed(33));
    VectorData vectors = vectors(data);
    SearchParams all = new SearchParams(Map.of("nprobe", "128"));
    for (Metric metric : Metric.of(DataType.FLOAT_VECTOR)) {
      for (String type : new String[] {"IVF_SQ8", "IVF_RABITQ", "SCANN"}) {
        VectorIndex index = open(type, Map.of("refine", "true"), vectors, metric);
        assertThat(recall(index, vectors, metric, data, all)).as(type).isGreaterThan(0.93);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"L2", "IP", "COSINE"})
  void answersDistancesOfItsBytesNearTheTrueOnes(Metric metric) {
    Clustered data = Clustered.of(3_000, 64, 10, 20, Seeds.seed(34));
    VectorData vectors = vectors(data);
    VectorIndex bytes = open("IVF_SQ8", Map.of(), vectors, metric);
    VectorIndex exact = open("FLAT", Map.of(), vectors, metric);
    SearchParams all = new SearchParams(Map.of("nprobe", "128"));
    int differ = 0;
    for (int q = 0; q < 20; q++) {
      Neighbors found = search(bytes, data.query(q), 100, all);
      Map<Integer, Float> right = new HashMap<>();
      Neighbors truth = search(exact, data.query(q), 3_000, all);
      for (int i = 0; i < truth.size(); i++) {
        right.put(truth.rows()[i], truth.distances()[i]);
      }
      for (int i = 0; i < found.size(); i++) {
        float distance = right.get(found.rows()[i]);
        float off = Math.abs(found.distances()[i] - distance);
        assertThat(off).isLessThan(0.02f * Math.max(0.2f, Math.abs(distance)));
        differ += off > 0 ? 1 : 0;
      }
    }
    assertThat(differ).as("distances are those of codes").isGreaterThan(1_000);
  }

  @Test
  void survivesAQueryFromAnotherWorld() {
    Clustered data = Clustered.of(2_000, 24, 10, 1, 35);
    VectorData vectors = vectors(data);
    for (Metric metric : Metric.of(DataType.FLOAT_VECTOR)) {
      for (VectorIndex index :
          new VectorIndex[] {
            open("IVF_SQ8", Map.of(), vectors, metric),
            open("IVF_RABITQ", SQ8, vectors, metric),
            open("SCANN", Map.of("with_raw_data", "false"), vectors, metric)
          }) {
        for (float size : new float[] {3e38f, 1e-38f, 0}) {
          float[] query = new float[24];
          java.util.Arrays.fill(query, size);
          Neighbors found = search(index, query, K, SearchParams.NONE);
          assertThat(found.rows()).hasSize(K).doesNotHaveDuplicates();
          for (float distance : found.distances()) {
            assertThat(distance).isNotNaN();
          }
        }
      }
    }
  }

  private static Neighbors search(VectorIndex index, float[] query, int k, SearchParams search) {
    return index.search(VectorIndexContract.query(query, k, null, index.size(), search));
  }

  private static double recall(
      VectorIndex index, VectorData vectors, Metric metric, Clustered data, SearchParams search) {
    int queries = data.queries().length / data.dim();
    double hits = 0;
    double wanted = 0;
    for (int q = 0; q < queries; q++) {
      VectorQuery query =
          VectorIndexContract.query(data.query(q), K, null, vectors.count(), search);
      Set<Integer> right = new HashSet<>();
      for (int row : ExactScan.search(vectors, metric, null, query).rows()) {
        right.add(row);
      }
      wanted += right.size();
      for (int row : index.search(query).rows()) {
        hits += right.contains(row) ? 1 : 0;
      }
    }
    return hits / wanted;
  }

  private VectorData vectors(Clustered data) {
    MemorySegment values = arena.allocate(4L * data.vectors().length, 64);
    MemorySegment.copy(data.vectors(), 0, values, ValueLayout.JAVA_FLOAT, 0, data.vectors().length);
    return new VectorData(values, data.rows(), data.dim());
  }

  private VectorIndex open(
      String type, Map<String, String> params, VectorData vectors, Metric metric) {
    VectorIndexFormat format = VectorIndexes.format(type);
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create("index")) {
      format.build(vectors, metric, params, 1, BuildMonitor.NONE, out);
      out.commit();
    }
    return format.open(objects.map("index", arena), vectors, metric);
  }
}
