package io.elanus.index.sparse;

import io.elanus.index.BuildMonitor;
import io.elanus.index.IndexFile;
import io.elanus.index.Neighbors;
import io.elanus.index.Parameters;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;

/**
 * SPARSE_INVERTED_INDEX, and SPARSE_WAND as it was called: postings with bounds, searched exactly.
 * {@code inverted_index_algo} is checked and makes no difference, since every one of them promises
 * the same answer and one search serves it. {@code drop_ratio_build} is checked and drops nothing,
 * as Milvus has it since 2.5.
 */
public final class SparseInvertedFormat {
  private static final Set<String> ALGORITHMS =
      Set.of(
          "DAAT_MAXSCORE",
          "DAAT_WAND",
          "TAAT_NAIVE",
          "BLOCK_MAX_MAXSCORE",
          "BLOCK_MAX_WAND",
          "SINDI");

  private final String type;

  /**
   * @param type as users name it
   */
  public SparseInvertedFormat(String type) {
    this.type = type;
  }

  /** Upper-case name as users write it. */
  public String type() {
    return type;
  }

  /** INVALID_ARGUMENT where a build parameter is wrong. */
  public void checkBuild(Map<String, String> params) {
    Parameters.number(params, "drop_ratio_build", 0, 0, Math.nextDown(1.0));
    String algorithm = params.get("inverted_index_algo");
    if (algorithm != null && !ALGORITHMS.contains(algorithm)) {
      throw Parameters.invalid(
          "sparse inverted index algo %s not found or not supported, supported: %s"
              .formatted(algorithm, ALGORITHMS.stream().sorted().toList()));
    }
  }

  /** INVALID_ARGUMENT where a search parameter is wrong. */
  public void checkSearch(SearchParams params) {
    Weights.dropRatio(params);
    boundRatio(params);
    Parameters.integer(params.values(), "refine_factor", 1, 1, Integer.MAX_VALUE);
  }

  /** Writes the index of these rows; the caller commits the writer. */
  public void build(SparseRows rows, Metric metric, BuildMonitor monitor, ObjectStore.Writer out) {
    new PostingsWriter(rows, monitor).write(metric, out);
  }

  /** Opens a file by mapping; checks header and sizes and throws DATA_CORRUPT. */
  public SparseIndex open(MemorySegment file, SparseRows rows, Metric metric) {
    return new Inverted(type, PostingsFile.open(file, metric, rows.count()), rows);
  }

  /** Reads a whole file against its checksum; DATA_CORRUPT where any byte is not as written. */
  public void verify(MemorySegment file) {
    IndexFile.verify(file, "an index of type " + type);
  }

  private static float boundRatio(SearchParams params) {
    return (float) Parameters.number(params.values(), "dim_max_score_ratio", 1.05, 0.5, 1.3);
  }

  private record Inverted(String type, PostingsFile file, SparseRows rows) implements SparseIndex {
    @Override
    public int size() {
      return file.rows();
    }

    @Override
    public long sizeBytes() {
      return file.sizeBytes();
    }

    @Override
    public Neighbors search(SparseQuery query) {
      Weights weights = Weights.of(query.vector(), query.params());
      if (weights.size() == 0 || query.allowedCount() == 0) {
        return Neighbors.NONE;
      }
      return new PostingsSearch(file, rows, weights, query, boundRatio(query.params())).run();
    }
  }
}
