package io.elanus.index.ivf;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Parameters;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.code.CodeSpace;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * SCANN: product codes of 4 bits for every two coordinates ({@link
 * io.elanus.index.code.ProductCodes}), scanned 32 at a time, after the way of ScaNN (Guo et al.,
 * ICML 2020) without its anisotropic loss. What their error bounds cannot exclude, or with {@code
 * reorder_k} so many of the nearest estimates, is measured by the segment's vectors; with {@code
 * with_raw_data} false the codes answer.
 */
public final class ScannFormat implements VectorIndexFormat {
  @Override
  public String type() {
    return CodedFile.Kind.SCANN.name();
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
    int reorderK = IvfParameters.reorderK(params);
    if (reorderK != 0 && reorderK < limit) {
      throw Parameters.invalid(
          "reorder_k(%d) should be larger than k(%d)".formatted(reorderK, limit));
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
    int groups = (CodeSpace.width(vectors.dim()) + 1) / 2;
    CodedBuild.run(
        CodedFile.Kind.SCANN,
        vectors,
        metric,
        IvfParameters.nlist(params),
        new CodedFile.Shape(exact(params), groups, 4),
        seed,
        monitor,
        out);
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    CodedFile open =
        CodedFile.open(CodedFile.Kind.SCANN, file, metric, vectors.count(), vectors.dim());
    return new CodedIndex(open, vectors, metric);
  }

  private static boolean exact(Map<String, String> params) {
    return Parameters.bool(params, "with_raw_data", true);
  }
}
