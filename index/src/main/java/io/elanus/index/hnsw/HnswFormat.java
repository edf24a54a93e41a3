package io.elanus.index.hnsw;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Parameters;
import io.elanus.index.Twins;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.distance.Scorer;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HNSW with the parameters M, efConstruction and ef as hnswlib means them. */
public final class HnswFormat implements VectorIndexFormat {
  static final int M_DEFAULT = 30;
  static final int EF_CONSTRUCTION_DEFAULT = 360;

  /** Search effort where the user names none; never less than the limit. */
  static final int EF_DEFAULT = 64;

  @Override
  public String type() {
    return "HNSW";
  }

  @Override
  public boolean supports(DataType vectorType) {
    return vectorType.isDenseVector();
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {
    m(params);
    efConstruction(params);
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    checkEf(params, limit);
  }

  static void checkEf(SearchParams params, int limit) {
    int ef = Parameters.integer(params.values(), "ef", Math.max(limit, 1), 1, Integer.MAX_VALUE);
    if (ef < limit) {
      throw Parameters.invalid("ef(%d) should be larger than k(%d)".formatted(ef, limit));
    }
  }

  @Override
  public void build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    try (Arena arena = Arena.ofShared()) {
      Built built = build(vectors, metric, params, seed, monitor, arena);
      HnswFile.write(built.graph, metric, efConstruction(params), built.norms, out);
    }
  }

  /**
   * @param norms 1/length of each row, for COSINE
   */
  record Built(HnswBuilder graph, @Nullable MemorySegment norms) {}

  /** Builds the graph over the vectors themselves. */
  static Built build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      Arena arena) {
    @Nullable MemorySegment norms = null;
    if (metric == Metric.COSINE) {
      norms = arena.allocate(Math.max(4, 4L * vectors.count()), 64);
      Scorer.inverseNorms(vectors, norms);
    }
    HnswBuilder graph =
        new HnswBuilder(
            Scorer.of(metric, vectors, norms),
            Twins.find(vectors, monitor),
            GraphShape.hnsw(m(params), efConstruction(params)),
            arena);
    graph.build(seed, monitor);
    return new Built(graph, norms);
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    return open(file, vectors, metric, type(), EF_DEFAULT);
  }

  /** Opens it under the name and with the default effort of another format. */
  public VectorIndex open(
      MemorySegment file, VectorData vectors, Metric metric, String type, int efDefault) {
    HnswFile graph = HnswFile.open(file, metric, vectors.count());
    return new HnswIndex(type, graph, vectors, metric, efDefault, null);
  }

  /** Whether a file says that it is one of these. */
  public static boolean wrote(MemorySegment file) {
    return FileHeader.isOf(file, HnswFile.MAGIC);
  }

  static int m(Map<String, String> params) {
    return Parameters.integer(params, "M", M_DEFAULT, 2, 2048);
  }

  static int efConstruction(Map<String, String> params) {
    return Parameters.integer(
        params, "efConstruction", EF_CONSTRUCTION_DEFAULT, 1, Integer.MAX_VALUE);
  }
}
