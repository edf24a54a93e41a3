package io.elanus.index.ivf;

import io.elanus.index.BuildMonitor;
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
 * IVF_SQ8: one byte per coordinate ({@link io.elanus.index.code.ByteCodes}), a quarter of the
 * vectors. Distances are those of the codes, off by about 0.1 %, and the segment's vectors stay
 * untouched; with {@code refine} true they are those of the vectors.
 */
public final class IvfSq8Format implements VectorIndexFormat {
  @Override
  public String type() {
    return CodedFile.Kind.IVF_SQ8.name();
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
        CodedFile.Kind.IVF_SQ8,
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
        CodedFile.open(CodedFile.Kind.IVF_SQ8, file, metric, vectors.count(), vectors.dim());
    return new CodedIndex(open, vectors, metric);
  }

  private static boolean exact(Map<String, String> params) {
    IvfParameters.refineType("IVF_SQ8", params, List.of("FP32"));
    return IvfParameters.refine(params, false);
  }
}
