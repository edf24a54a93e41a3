package io.elanus.index;

import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** One kind of vector index on disk: checks parameters, builds files, opens them. Stateless. */
public interface VectorIndexFormat {
  /** Upper-case name as users write it. */
  String type();

  /** Whether vectors of this type can have such an index; each of their metrics goes with it. */
  default boolean supports(DataType vectorType) {
    return vectorType.isNumericVector();
  }

  /** Throws INVALID_ARGUMENT with a sentence where a build parameter is wrong or out of range. */
  void checkBuild(Map<String, String> params, int dim);

  /** Throws INVALID_ARGUMENT where a search parameter is wrong; {@code limit} is the top-k. */
  void checkSearch(SearchParams params, int limit);

  /**
   * Whether {@code recall} may be asked for: the kind measures how hard to look for it, or is
   * exact.
   */
  default boolean takesRecall() {
    return false;
  }

  /**
   * Builds the index over the vectors and writes it; the caller commits the writer. Runs in the
   * calling thread; asks the monitor often and stops with its exception when told to.
   *
   * @param seed makes builds repeatable
   */
  void build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out);

  /**
   * Opens a file by mapping; checks header and sizes and throws DATA_CORRUPT where they are wrong.
   *
   * @param vectors the vectors it was built over, for exact distances
   */
  VectorIndex open(MemorySegment file, VectorData vectors, Metric metric);

  /**
   * Reads a whole file against the checksum at its end, which opening does not, and throws
   * DATA_CORRUPT where any byte is not as it was written.
   */
  default void verify(MemorySegment file) {
    IndexFile.verify(file, "an index of type " + type());
  }
}
