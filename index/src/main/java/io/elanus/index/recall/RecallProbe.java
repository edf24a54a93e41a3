package io.elanus.index.recall;

import io.elanus.index.Neighbors;
import io.elanus.index.QueryVector;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorQuery;
import io.elanus.model.query.SearchParams;
import org.jspecify.annotations.Nullable;

/** An index that is being measured. */
public interface RecallProbe {
  /**
   * A query that is a row.
   *
   * @param limit neighbours wanted
   * @param allowed rows that may be answered, without {@code absent}; null for all others
   * @param allowedCount how many they are
   * @param absent the row itself, which is not there: it is neither answered nor walked through,
   *     since a row's own place is linked to its neighbours better than any query is
   */
  record Asked(
      QueryVector vector, int limit, @Nullable RowBitmap allowed, int allowedCount, int absent) {
    /** As a search without parameters of its own would ask it. */
    public VectorQuery query() {
      float none = Float.NEGATIVE_INFINITY;
      return new VectorQuery(vector, limit, allowed, allowedCount, none, -none, SearchParams.NONE);
    }
  }

  /** Takes what was found. */
  @FunctionalInterface
  interface Answers {
    /**
     * @param near in the order in which the index would answer, with exact distances; fewer than
     *     wanted where the effort finds no more
     * @return whether more effort could be of use
     */
    boolean next(Neighbors near);
  }

  /**
   * Searches by the index itself, never by a scan.
   *
   * @param efforts rising; one answer for each of them, in their order, until one is enough
   */
  void search(Asked asked, int[] efforts, Answers answers);
}
