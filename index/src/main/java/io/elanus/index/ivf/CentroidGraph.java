package io.elanus.index.ivf;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Crew;
import io.elanus.index.Neighbors;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.hnsw.HnswFormat;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** An HNSW index over centroids: the nearest ones without looking at all. */
final class CentroidGraph {
  /** With fewer centroids, looking at all of them costs less than a graph. */
  private static final int PAYS_FROM = 8_192;

  private static final int PIECE = 256;
  private static final String NAME = "graph";

  /** For assigning rows, where nothing but the nearest is asked for. */
  private static final Map<String, String> FOR_ROWS = Map.of("M", "16", "efConstruction", "80");

  private static final SearchParams NEAREST = new SearchParams(Map.of("ef", "24"));

  private final VectorIndex graph;

  private CentroidGraph(VectorIndex graph) {
    this.graph = graph;
  }

  /** Whether so many centroids are better assigned to by a graph. */
  static boolean pays(int centroids) {
    return centroids >= PAYS_FROM;
  }

  /** The file of a graph. */
  static byte[] build(
      VectorData centroids,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor) {
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create(NAME)) {
      new HnswFormat().build(centroids, metric, params, seed, monitor, out);
      out.commit();
    }
    return objects.read(NAME);
  }

  static CentroidGraph open(MemorySegment file, VectorData centroids, Metric metric) {
    return new CentroidGraph(new HnswFormat().open(file, centroids, metric));
  }

  /** The nearest centroids, nearest first. */
  int[] nearest(float[] query, int count, SearchParams params) {
    return search(query, count, params).rows();
  }

  private Neighbors search(float[] query, int count, SearchParams params) {
    return graph.search(
        new VectorQuery(
            query,
            count,
            null,
            graph.size(),
            Float.NEGATIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            params));
  }

  /** Assigns rows by a graph that is made for it; see {@link io.elanus.index.cluster.Assigner}. */
  static int[] assign(
      VectorData data,
      int @Nullable [] rows,
      VectorData centroids,
      BuildMonitor monitor,
      IntConsumer progress) {
    int count = rows == null ? data.count() : rows.length;
    int[] nearest = new int[count];
    BuildMonitor watched =
        new BuildMonitor() {
          @Override
          public void progress(int done) {
            monitor.progress(0);
          }

          @Override
          public Helpers helpers() {
            return monitor.helpers();
          }
        };
    byte[] file = build(centroids, Metric.L2, FOR_ROWS, 1, watched);
    try (Arena arena = monitor.arena()) {
      MemorySegment room = arena.allocate(file.length, 64).copyFrom(MemorySegment.ofArray(file));
      CentroidGraph graph = open(room, centroids, Metric.L2);
      Crew.Worker worker =
          (from, to) -> {
            for (int i = from; i < to; i++) {
              float[] row = data.vector(rows == null ? i : rows[i]);
              nearest[i] = graph.nearest(row, 1, NEAREST)[0];
            }
          };
      Crew.run(count, PIECE, monitor.helpers(), () -> worker, progress);
    }
    return nearest;
  }
}
