package io.elanus.index.hnsw;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Parameters;
import io.elanus.index.Scorer;
import io.elanus.index.Twins;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
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
    int m = m(params);
    int efConstruction = efConstruction(params);
    try (Arena arena = Arena.ofShared()) {
      @Nullable MemorySegment norms = null;
      if (metric == Metric.COSINE) {
        norms = arena.allocate(Math.max(4, 4L * vectors.count()), 64);
        Scorer.inverseNorms(vectors, norms);
      }
      Scorer scorer = Scorer.of(metric, vectors, norms);
      HnswBuilder graph =
          new HnswBuilder(scorer, Twins.find(vectors, monitor), m, efConstruction, arena);
      graph.build(seed, monitor);
      HnswFile.write(graph, metric, efConstruction, norms, out);
    }
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    return open(file, vectors, metric, type(), EF_DEFAULT);
  }

  /** Opens it under the name and with the default effort of another format. */
  public VectorIndex open(
      MemorySegment file, VectorData vectors, Metric metric, String type, int efDefault) {
    HnswFile graph = HnswFile.open(file, metric, vectors.count());
    return new HnswIndex(type, graph, vectors, metric, efDefault);
  }

  /** Whether a file says that it is one of these. */
  public static boolean wrote(MemorySegment file) {
    return FileHeader.isOf(file, HnswFile.MAGIC);
  }

  private static int m(Map<String, String> params) {
    return Parameters.integer(params, "M", M_DEFAULT, 2, 2048);
  }

  private static int efConstruction(Map<String, String> params) {
    return Parameters.integer(
        params, "efConstruction", EF_CONSTRUCTION_DEFAULT, 1, Integer.MAX_VALUE);
  }
}
