package io.elanus.model.query;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hits of all queries, flat and in order: the first {@code hitCounts[0]} belong to query 0, and so
 * on; best first.
 *
 * @param limit the limit asked for
 * @param ids primary keys (Longs or Strings), aligned with scores
 * @param scores in the metric's own convention
 * @param fields output columns, aligned with the hits
 * @param outputFields the names as asked, wildcard expanded, dynamic keys included
 * @param sessionTimestamp the hybrid timestamp at which was read
 * @param page null unless a page of an iterator was asked for
 */
public record SearchResult(
    int limit,
    int[] hitCounts,
    Column ids,
    float[] scores,
    RowBatch fields,
    List<String> outputFields,
    String primaryField,
    long sessionTimestamp,
    @Nullable NextPage page) {

  /** What the next page's request must carry. */
  public record NextPage(String token, float lastBound) {}

  public SearchResult {
    outputFields = List.copyOf(outputFields);
  }
}
