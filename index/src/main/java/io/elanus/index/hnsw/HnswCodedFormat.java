package io.elanus.index.hnsw;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Parameters;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.code.row.PlacedVectors;
import io.elanus.index.code.row.RowCodeKind;
import io.elanus.index.code.row.RowCodes;
import io.elanus.index.recall.Draft;
import io.elanus.index.recall.RecallCurve;
import io.elanus.index.recall.RecallMeasure;
import io.elanus.index.scan.RowScan;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * HNSW whose walks measure by codes in the index: HNSW_SQ ({@code sq_type} SQ4U, SQ6, SQ8, BF16 or
 * FP16), HNSW_PQ ({@code m}, {@code nbits}) and HNSW_PRQ ({@code nrq} stages of them). The graph is
 * built over the vectors, so that it is that of HNSW. With {@code refine} all that a walk found, or
 * with {@code refine_k} so many times the limit, is measured again by {@code refine_type}: finer
 * codes in the index, or with FP32 the segment's vectors. Without, codes answer, as in Milvus, with
 * what that costs in recall.
 */
public final class HnswCodedFormat implements VectorIndexFormat {
  private final HnswCodedKind kind;

  private HnswCodedFormat(HnswCodedKind kind) {
    this.kind = kind;
  }

  /** Codes of coordinates. */
  public static HnswCodedFormat scalar() {
    return new HnswCodedFormat(HnswCodedKind.HNSW_SQ);
  }

  /** Product codes. */
  public static HnswCodedFormat product() {
    return new HnswCodedFormat(HnswCodedKind.HNSW_PQ);
  }

  /** Product codes in stages. */
  public static HnswCodedFormat residual() {
    return new HnswCodedFormat(HnswCodedKind.HNSW_PRQ);
  }

  @Override
  public String type() {
    return kind.name();
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {
    HnswFormat.m(params);
    HnswFormat.efConstruction(params);
    HnswCodedParameters.of(kind, params, dim);
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    HnswFormat.checkEf(params, limit);
    Parameters.number(params.values(), "refine_k", 1, 1, Float.MAX_VALUE);
  }

  @Override
  public void build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    HnswCodedParameters parameters = HnswCodedParameters.of(kind, params, vectors.dim());
    int rotation = (int) seed;
    try (Arena arena = monitor.arena()) {
      HnswFormat.Built built = HnswFormat.build(vectors, metric, params, seed, monitor, arena);
      PlacedVectors rows = PlacedVectors.of(vectors, metric, rotation, monitor);
      RowCodes walked =
          parameters.walked().encode(rows, seed, arena, monitor, done -> monitor.progress(0));
      RowCodeKind finer = parameters.refining();
      RowCodes refining =
          finer == null
              ? null
              : finer.encode(rows, seed, arena, monitor, done -> monitor.progress(0));
      monitor.progress(vectors.count());
      HnswCodedFile.Made made =
          new HnswCodedFile.Made(built, parameters, rows, rotation, walked, refining);
      int efConstruction = HnswFormat.efConstruction(params);
      long nodeBytes = 4L * (3 + 2L * HnswFormat.m(params)) + vectors.vectorBytes();
      Draft draft = new Draft(arena, nodeBytes * vectors.count());
      HnswCodedFile.write(kind, made, metric, efConstruction, null, draft);
      RecallCurve curve =
          RecallMeasure.curve(
              open(draft.written(), vectors, metric),
              vectors,
              metric,
              HnswFormat.PLAN,
              seed,
              monitor);
      HnswCodedFile.write(kind, made, metric, efConstruction, curve, out);
    }
  }

  @Override
  public boolean takesRecall() {
    return true;
  }

  @Override
  public HnswIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    HnswCodedFile open = HnswCodedFile.open(kind, file, metric, vectors.count(), vectors.dim());
    return new HnswIndex(
        type(),
        open.graph(),
        vectors,
        metric,
        HnswFormat.efforts(open.curve(), OptionalDouble.empty(), HnswFormat.EF_DEFAULT),
        open.codes(),
        new RowScan(vectors, null));
  }
}
