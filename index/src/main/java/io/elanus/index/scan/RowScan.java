package io.elanus.index.scan;

import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorQuery;
import io.elanus.index.distance.Scorer;
import io.elanus.index.flat.ExactScan;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Searches of an index that walks nothing: every allowed row is looked at, by its code first where
 * the index has codes and they pay. Safe for many threads.
 */
public final class RowScan {
  private final VectorData vectors;
  private final @Nullable RowSigns signs;
  private final Costs costs;
  private final ConcurrentLinkedQueue<SignSearch> searches = new ConcurrentLinkedQueue<>();

  /**
   * @param signs null for a file without
   */
  public RowScan(VectorData vectors, @Nullable RowSigns signs) {
    this.vectors = vectors;
    this.signs = signs;
    this.costs = Costs.of(vectors, signs == null ? 0 : signs.rows().bits());
  }

  /** What this and other ways cost over these rows. */
  public Costs costs() {
    return costs;
  }

  /** What a search by {@link #search} takes, in nanoseconds. */
  public double nanos(VectorQuery query) {
    return byCodes(query)
        ? costs.codes(query.allowedCount(), query.limit())
        : costs.exact(query.allowedCount());
  }

  /**
   * The nearest allowed rows.
   *
   * @param scorer has the query set
   * @param recall that is wanted; exact where codes do not serve
   */
  public Neighbors search(Scorer scorer, VectorQuery query, double recall) {
    RowBitmap allowed = query.allowed();
    RowSigns known = signs;
    if (known == null || allowed == null || !byCodes(query)) {
      return ExactScan.search(scorer, vectors.count(), query);
    }
    SignSearch search = searches.poll();
    if (search == null) {
      search = new SignSearch(known);
    }
    try {
      return search.search(allowed, scorer, query, recall);
    } finally {
      searches.add(search);
    }
  }

  private boolean byCodes(VectorQuery query) {
    int allowed = query.allowedCount();
    return signs != null
        && query.allowed() != null
        && !query.isRange()
        && costs.codes(allowed, query.limit()) < costs.exact(allowed);
  }
}
