package io.elanus.index.sparse;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Neighbors;
import io.elanus.index.Parameters;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.VectorQuery;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SPARSE_INVERTED_INDEX, and SPARSE_WAND as it was called: postings with bounds, searched exactly.
 * {@code inverted_index_algo} is checked and makes no difference, since every one of them promises
 * the same answer and one search serves it. {@code drop_ratio_build} is checked and drops nothing,
 * as Milvus has it since 2.5. Over what a BM25 function makes, {@code bm25_k1} and {@code bm25_b}
 * are taken from the index, or from the search where it has its own.
 */
public final class SparseInvertedFormat implements VectorIndexFormat {
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

  @Override
  public String type() {
    return type;
  }

  @Override
  public boolean supports(DataType vectorType) {
    return vectorType == DataType.SPARSE_FLOAT_VECTOR;
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {
    Parameters.number(params, "drop_ratio_build", 0, 0, Math.nextDown(1.0));
    Bm25.of(params);
    String algorithm = params.get("inverted_index_algo");
    if (algorithm != null && !ALGORITHMS.contains(algorithm)) {
      throw Parameters.invalid(
          "sparse inverted index algo %s not found or not supported, supported: %s"
              .formatted(algorithm, ALGORITHMS.stream().sorted().toList()));
    }
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    Weights.dropRatio(params);
    boundRatio(params);
    Bm25.of(params.values());
    Parameters.integer(params.values(), "refine_factor", 1, 1, Integer.MAX_VALUE);
  }

  @Override
  public void build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    PostingsWriter writer = new PostingsWriter(vectors.sparse(), monitor);
    if (metric == Metric.BM25) {
      writer.writeTerms(Bm25.of(params), out);
    } else {
      writer.write(metric, out);
    }
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    SparseRows rows = vectors.sparse();
    return new Inverted(type, PostingsFile.open(file, metric, rows.count()), rows);
  }

  private static float boundRatio(SearchParams params) {
    return (float) Parameters.number(params.values(), "dim_max_score_ratio", 1.05, 0.5, 1.3);
  }

  private record Inverted(String type, PostingsFile file, SparseRows rows)
      implements VectorIndex, TermRows {
    @Override
    public int rowsWith(int dimension, @Nullable RowBitmap among) {
      int at = file.find(dimension);
      if (at < 0) {
        return 0;
      }
      int count = 0;
      int end = file.endBlock(at);
      for (int block = file.firstBlock(at); block < end; block++) {
        int first = file.window(block) * PostingsFile.WINDOW;
        count += among == null ? file.length(block) : among(block, first, among);
      }
      return count;
    }

    private int among(int block, int firstRow, RowBitmap among) {
      int count = 0;
      int end = file.endPosting(block);
      for (int posting = file.firstPosting(block); posting < end; posting++) {
        int row = firstRow + file.place(posting);
        count += row < among.size() && among.get(row) ? 1 : 0;
      }
      return count;
    }

    @Override
    public long tokens(@Nullable RowBitmap among) {
      if (among == null) {
        return file.tokens();
      }
      long tokens = 0;
      for (int row = among.next(0); row >= 0; row = among.next(row + 1)) {
        tokens += file.tokens(row);
      }
      return tokens;
    }

    @Override
    public String layout() {
      return "SPARSE_INVERTED_INDEX";
    }

    @Override
    public int size() {
      return file.rows();
    }

    @Override
    public long sizeBytes() {
      return file.sizeBytes();
    }

    @Override
    public Neighbors search(VectorQuery query) {
      Weights weights = Weights.of(query);
      if (weights.size() == 0 || query.allowedCount() == 0) {
        return Neighbors.NONE;
      }
      return new PostingsSearch(file, rows, weights, query, boundRatio(query.params())).run();
    }
  }
}
