package io.elanus.index.ivf;

import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.hnsw.HnswFormat;
import io.elanus.index.recall.RecallCurve;
import io.elanus.index.recall.RecallMeasure;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * IVF_HNSW: the lists of IVF_FLAT and an HNSW graph over their centroids, which finds the {@code
 * nprobe} nearest with effort {@code ef}; for tens of thousands of lists, which takes longer to
 * look at one by one than to read the few that are near. Parameters {@code nlist}, {@code M},
 * {@code efConstruction}; {@code nprobe}, {@code ef}.
 *
 * <pre>
 * as {@link IvfFlatFormat}, but
 * header ELAIVHN1; own fields more: bytes of the graph (8), after its five
 * graph  behind the vectors: the file of an HNSW index over the centroids; nothing without lists
 * </pre>
 */
public final class IvfHnswFormat implements VectorIndexFormat {
  private static final String MAGIC = "ELAIVHN1";

  @Override
  public String type() {
    return "IVF_HNSW";
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {
    IvfParameters.nlist(params);
    new HnswFormat().checkBuild(params, dim);
  }

  @Override
  public boolean takesRecall() {
    return true;
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    IvfParameters.centroidEffort(params, IvfParameters.nprobe(params));
    IvfParameters.checkRecall(params);
  }

  @Override
  public void build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    try (Arena arena = monitor.arena()) {
      VectorData data = metric == Metric.COSINE ? IvfFlatFormat.unit(vectors, arena) : vectors;
      int[] asked = RecallMeasure.asked(vectors.count(), IvfParameters.PLAN, seed);
      int nlist = IvfParameters.nlist(params);
      Partition lists = Partition.of(data, asked, nlist, seed, arena, monitor, monitor::progress);
      byte[] graph =
          lists.centroids().count() == 0
              ? new byte[0]
              : CentroidGraph.build(
                  lists.centroids(),
                  CentroidOrder.unit(metric),
                  params,
                  seed,
                  done -> monitor.progress(vectors.count()));
      VectorData kept = vectors.type() == DataType.FLOAT_VECTOR ? data : vectors;
      CentroidGraph open = opened(graph, lists.centroids(), metric, arena);
      RecallCurve curve = IvfFlatFormat.curve(lists, open, vectors, metric, seed, monitor, arena);
      IvfFlatFormat.write(MAGIC, kept, metric, lists, graph, curve, out);
    }
  }

  private static @Nullable CentroidGraph opened(
      byte[] graph, VectorData centroids, Metric metric, Arena arena) {
    if (graph.length == 0) {
      return null;
    }
    MemorySegment room = arena.allocate(graph.length, 64).copyFrom(MemorySegment.ofArray(graph));
    return CentroidGraph.open(room, centroids, CentroidOrder.unit(metric));
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    return IvfFlatFormat.open(type(), MAGIC, file, vectors, metric);
  }
}
