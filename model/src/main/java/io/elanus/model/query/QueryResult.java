package io.elanus.model.query;

import io.elanus.model.rows.RowBatch;
import java.util.List;

/**
 * Rows found.
 *
 * @param rows the output columns; the primary key is always among them, except for a count, which
 *     answers one INT64 column named {@code count(*)}
 * @param outputFields the names as asked, wildcard expanded, dynamic keys included
 * @param sessionTimestamp the hybrid timestamp at which was read; iterators pin it
 */
public record QueryResult(
    RowBatch rows, List<String> outputFields, String primaryField, long sessionTimestamp) {
  public QueryResult {
    outputFields = List.copyOf(outputFields);
  }
}
