package io.elanus.index.recall;

import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import org.jspecify.annotations.Nullable;

/** An index that is being measured. */
public interface RecallProbe {
  /**
   * Searches by the index itself, never by a scan, as if one row were not there: it is neither
   * answered nor walked through, since a row's own place is linked to its neighbours better than
   * any query is.
   *
   * @param allowed rows that may be answered, without {@code absent}; null for all others
   * @param allowedCount how many they are
   * @param absent the row that is not there
   * @return fewer than {@code limit} where the effort finds no more
   */
  Neighbors search(
      float[] vector,
      int limit,
      @Nullable RowBitmap allowed,
      int allowedCount,
      int effort,
      int absent);
}
