package io.elanus.index.hnsw;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Parameters;
import io.elanus.index.Scorer;
import io.elanus.index.Twins;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.recall.Draft;
import io.elanus.index.recall.Efforts;
import io.elanus.index.recall.RecallCurve;
import io.elanus.index.recall.RecallMeasure;
import io.elanus.index.recall.RecallPlan;
import io.elanus.index.recall.RecallWanted;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** HNSW with the parameters M, efConstruction and ef as hnswlib means them. */
public final class HnswFormat implements VectorIndexFormat {
  static final int M_DEFAULT = 30;
  static final int EF_CONSTRUCTION_DEFAULT = 360;

  /** Search effort where the user names none; never less than the limit. */
  static final int EF_DEFAULT = 64;

  private static final String EF = "ef";

  /** A few percent of the build: as many searches as 1,500 rows take to be inserted. */
  private static final RecallPlan PLAN =
      new RecallPlan(new double[] {1, 0.5, 0.1}, new int[] {12, 24, 48, 96, 192, 384, 768}, 192);

  @Override
  public String type() {
    return "HNSW";
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {
    m(params);
    efConstruction(params);
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    int ef = Parameters.integer(params.values(), EF, Math.max(limit, 1), 1, Integer.MAX_VALUE);
    if (ef < limit) {
      throw Parameters.invalid("ef(%d) should be larger than k(%d)".formatted(ef, limit));
    }
    RecallWanted.check(params, EF);
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
      Draft draft = new Draft(arena);
      HnswFile.write(graph, metric, efConstruction, norms, null, draft);
      HnswFile drafted = HnswFile.open(draft.written(), metric, vectors.count());
      Efforts efforts = efforts(null, OptionalDouble.empty());
      HnswIndex index = new HnswIndex(type(), drafted, vectors, metric, efforts);
      RecallCurve curve = RecallMeasure.curve(index, vectors, metric, PLAN, seed, monitor);
      HnswFile.write(graph, metric, efConstruction, norms, curve, out);
    }
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    return open(file, vectors, metric, type(), OptionalDouble.empty());
  }

  /**
   * Opens it under the name of another format.
   *
   * @param recall where a query says nothing; an ef of {@value #EF_DEFAULT} where this is empty or
   *     the file has no curve
   */
  public VectorIndex open(
      MemorySegment file, VectorData vectors, Metric metric, String type, OptionalDouble recall) {
    HnswFile graph = HnswFile.open(file, metric, vectors.count());
    return new HnswIndex(type, graph, vectors, metric, efforts(graph.curve(), recall));
  }

  private static Efforts efforts(@Nullable RecallCurve curve, OptionalDouble recall) {
    return new Efforts(EF, EF_DEFAULT, recall, 0, curve);
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
