package io.elanus.index.hnsw;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Parameters;
import io.elanus.index.Twins;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.distance.Scorer;
import io.elanus.index.recall.Draft;
import io.elanus.index.recall.Efforts;
import io.elanus.index.recall.RecallCurve;
import io.elanus.index.recall.RecallMeasure;
import io.elanus.index.recall.RecallPlan;
import io.elanus.index.recall.RecallWanted;
import io.elanus.index.scan.RowScan;
import io.elanus.index.scan.RowSigns;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
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
  static final String TYPE = "HNSW";

  static final int M_DEFAULT = 30;
  static final int EF_CONSTRUCTION_DEFAULT = 360;

  /** Search effort where the user names none; never less than the limit. */
  static final int EF_DEFAULT = 64;

  private static final String EF = "ef";

  /** A few percent of the build: as many searches as 1,500 rows take to be inserted. */
  static final RecallPlan PLAN =
      new RecallPlan(
          new double[] {1, 0.5, 0.1}, new int[] {12, 24, 48, 96, 192, 384, 768}, 192, false);

  @Override
  public String type() {
    return TYPE;
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
  public boolean takesRecall() {
    return true;
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    checkEf(params, limit);
  }

  static void checkEf(SearchParams params, int limit) {
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
    try (Arena arena = monitor.arena()) {
      Built built = build(vectors, metric, params, seed, monitor, arena);
      Draft draft = new Draft(arena, 4L * (3 + 2L * m(params)) * vectors.count());
      int efConstruction = efConstruction(params);
      HnswFile.write(built.graph, metric, efConstruction, built.norms, draft);
      HnswFile drafted = HnswFile.open(draft.written(), metric, vectors.count());
      Efforts efforts = efforts(null, OptionalDouble.empty(), EF_DEFAULT);
      RowScan scan = new RowScan(vectors, null);
      HnswIndex index = new HnswIndex(type(), drafted, vectors, metric, efforts, null, scan);
      RecallCurve curve = RecallMeasure.curve(index, vectors, metric, PLAN, seed, monitor);
      HnswFile.write(
          built.graph, metric, efConstruction, built.norms, curve, vectors, seed, monitor, out);
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
    return open(file, vectors, metric, type(), OptionalDouble.empty(), EF_DEFAULT);
  }

  /**
   * Opens it under the name of another format.
   *
   * @param recall where a query says nothing
   * @param effort where it says nothing and that is empty, or the file has no curve
   */
  public VectorIndex open(
      MemorySegment file,
      VectorData vectors,
      Metric metric,
      String type,
      OptionalDouble recall,
      int effort) {
    HnswFile graph = HnswFile.open(file, metric, vectors.count());
    RowScan scan = new RowScan(vectors, RowSigns.in(file, HnswFile.WHAT, metric, vectors));
    return new HnswIndex(
        type, graph, vectors, metric, efforts(graph.curve(), recall, effort), null, scan);
  }

  static Efforts efforts(@Nullable RecallCurve curve, OptionalDouble recall, int fallback) {
    return new Efforts(EF, fallback, recall, 0, curve);
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
