package io.elanus.index.ivf;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Parameters;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * IVF_PQ: product codes ({@link io.elanus.index.code.ProductCodes}) of {@code m} groups with {@code
 * nbits} each. What their error bounds cannot exclude is measured by the segment's vectors; with
 * {@code refine} false the codes answer, as Milvus does, with what that costs in recall.
 *
 * <p>{@code nbits} 4 is scanned 32 codes at a time, 8 is looked up byte by byte; others are not
 * offered.
 */
public final class IvfPqFormat implements VectorIndexFormat {
  @Override
  public String type() {
    return CodedFile.Kind.IVF_PQ.name();
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {
    IvfParameters.nlist(params);
    groups(params, dim);
    bits(params);
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
        CodedFile.Kind.IVF_PQ,
        vectors,
        metric,
        IvfParameters.nlist(params),
        new CodedFile.Shape(exact(params), groups(params, vectors.dim()), bits(params)),
        seed,
        monitor,
        out);
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    CodedFile open =
        CodedFile.open(CodedFile.Kind.IVF_PQ, file, metric, vectors.count(), vectors.dim());
    return new CodedIndex(open, vectors, metric);
  }

  private static boolean exact(Map<String, String> params) {
    IvfParameters.refineType("IVF_PQ", params, List.of("FP32"));
    return IvfParameters.refine(params, true);
  }

  private static int groups(Map<String, String> params, int dim) {
    if (!params.containsKey("m")) {
      throw Parameters.invalid("IVF_PQ needs m, a divisor of the dimension %d".formatted(dim));
    }
    int groups = Parameters.integer(params, "m", 1, 1, 65_536);
    if (dim % groups != 0) {
      throw Parameters.invalid(
          "dimension must be able to be divided by `m`, dimension: %d, m: %d"
              .formatted(dim, groups));
    }
    return groups;
  }

  private static int bits(Map<String, String> params) {
    int bits = Parameters.integer(params, "nbits", 8, 1, 24);
    if (bits != 4 && bits != 8) {
      throw new ElanusException(
          ErrorCode.UNSUPPORTED, "nbits %d is not offered; use 4 or 8".formatted(bits));
    }
    return bits;
  }
}
