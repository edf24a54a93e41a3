package io.elanus.index.ivf;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Parameters;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * IVF_RABITQ: one bit per coordinate ({@link io.elanus.index.code.SignCodes}), scanned 32 rows at a
 * time. What their error bounds cannot exclude is measured: by the segment's vectors, or with
 * {@code refine} true and {@code refine_type} SQ8 by byte codes in the index, so that a search
 * touches nothing else.
 *
 * <p>Milvus answers the estimates themselves where {@code refine} is false; here they only choose
 * what is measured. {@code rbq_query_bits} is checked and has no effect: queries have 8 bits.
 */
public final class IvfRabitqFormat implements VectorIndexFormat {
  @Override
  public String type() {
    return CodedFile.Kind.IVF_RABITQ.name();
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {
    IvfParameters.nlist(params);
    exact(params);
  }

  @Override
  public boolean takesRecall() {
    return true;
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    IvfParameters.nprobe(params);
    IvfParameters.checkRecall(params);
    IvfParameters.refineK(params);
    Parameters.integer(params.values(), "rbq_query_bits", 0, 0, 8);
  }

  @Override
  public void build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    CodedBuild.run(
        CodedFile.Kind.IVF_RABITQ,
        vectors,
        metric,
        IvfParameters.nlist(params),
        new CodedFile.Shape(exact(params), 0, 0),
        seed,
        monitor,
        out);
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    CodedFile open =
        CodedFile.open(CodedFile.Kind.IVF_RABITQ, file, metric, vectors.count(), vectors.dim());
    return new CodedIndex(open, vectors, metric);
  }

  private static boolean exact(Map<String, String> params) {
    String type = IvfParameters.refineType("IVF_RABITQ", params, List.of("FP32", "SQ8"));
    return !IvfParameters.refine(params, false) || type.equals("FP32");
  }
}
