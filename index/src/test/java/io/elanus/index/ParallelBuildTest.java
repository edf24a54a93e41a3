package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.index.flat.ExactScan;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.testkit.fixture.Clustered;
import io.elanus.testkit.fixture.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Builds that take help are as good as those that do not. */
class ParallelBuildTest {
  private static final int K = 10;
  private static final Map<String, String> PARAMS = Map.of("M", "8", "efConstruction", "100");

  private final ExecutorService threads = Executors.newFixedThreadPool(3);
  private final Arena arena = Arena.ofShared();
  private final AtomicInteger helpersThatRan = new AtomicInteger();

  @AfterEach
  void close() {
    threads.shutdownNow();
    arena.close();
  }

  @Test
  void hasTheRecallOfABuildByOneThread() {
    Clustered data = Clustered.of(12_000, 32, 40, 200, Seeds.seed(41));
    VectorData vectors = vectors(data);
    double alone = recall(vectors, data, BuildMonitor.NONE);
    double together = recall(vectors, data, helped(rows -> {}));
    assertThat(helpersThatRan.get()).isPositive();
    assertThat(alone).isBetween(0.6, 0.999);
    assertThat(together).isGreaterThan(alone - 0.02);
  }

  /** A quantised graph is the same byte by byte, and its progress never goes back. */
  @Test
  void buildsTheSameQuantisedGraph() {
    Clustered data = Clustered.of(8_000, 32, 40, 1, Seeds.seed(43));
    VectorData vectors = vectors(data);
    byte[] alone = quantisedGraph(vectors, BuildMonitor.NONE);
    AtomicInteger last = new AtomicInteger();
    byte[] together =
        quantisedGraph(
            vectors,
            helped(
                rows -> {
                  assertThat(rows).isBetween(last.get(), vectors.count());
                  last.set(rows);
                }));
    assertThat(helpersThatRan.get()).isPositive();
    assertThat(last.get()).isEqualTo(vectors.count());
    assertThat(Arrays.equals(together, alone)).isTrue();
  }

  private static byte[] quantisedGraph(VectorData vectors, BuildMonitor monitor) {
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create("index")) {
      VectorIndexes.format("QG").build(vectors, Metric.L2, Map.of(), 1, monitor, out);
      out.commit();
    }
    try (Arena reading = Arena.ofConfined()) {
      return objects.map("index", reading).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  @Test
  void stopsWhenTheMonitorSaysSo() {
    Clustered data = Clustered.of(20_000, 16, 10, 1, 42);
    ElanusException stop = new ElanusException(ErrorCode.CANCELED, "stop");
    BuildMonitor monitor =
        helped(
            rows -> {
              if (rows > 2_000) {
                throw stop;
              }
            });
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create("index")) {
      VectorIndexFormat format = VectorIndexes.format("HNSW");
      assertThatThrownBy(() -> format.build(vectors(data), Metric.L2, PARAMS, 1, monitor, out))
          .isSameAs(stop);
    }
    assertThat(objects.exists("index")).isFalse();
  }

  private BuildMonitor helped(BuildMonitor inner) {
    return new BuildMonitor() {
      @Override
      public void progress(int rows) {
        inner.progress(rows);
      }

      @Override
      public Helpers helpers() {
        return new Helpers(
            task ->
                threads.execute(
                    () -> {
                      helpersThatRan.incrementAndGet();
                      task.run();
                    }),
            3);
      }
    };
  }

  private double recall(VectorData vectors, Clustered data, BuildMonitor monitor) {
    VectorIndexFormat format = VectorIndexes.format("HNSW");
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create("index")) {
      format.build(vectors, Metric.L2, PARAMS, 1, monitor, out);
      out.commit();
    }
    VectorIndex index = format.open(objects.map("index", arena), vectors, Metric.L2);
    SearchParams effort = new SearchParams(Map.of("ef", "12"));
    int queries = data.queries().length / data.dim();
    double hits = 0;
    for (int q = 0; q < queries; q++) {
      VectorQuery query =
          VectorIndexContract.query(data.query(q), K, null, vectors.count(), effort);
      int[] right = ExactScan.search(vectors, Metric.L2, null, query).rows().clone();
      Arrays.sort(right);
      for (int row : index.search(query).rows()) {
        hits += Arrays.binarySearch(right, row) >= 0 ? 1 : 0;
      }
    }
    return hits / (queries * K);
  }

  private VectorData vectors(Clustered data) {
    MemorySegment values = arena.allocate(4L * data.vectors().length, 64);
    MemorySegment.copy(data.vectors(), 0, values, ValueLayout.JAVA_FLOAT, 0, data.vectors().length);
    return new VectorData(values, data.rows(), data.dim());
  }
}
