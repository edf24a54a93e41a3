package io.elanus.model.query;

import java.util.List;

/**
 * Rows by filter, ascending by primary key.
 *
 * @param partitions names; empty for all
 * @param outputFields field names, {@code "*"}, dynamic keys, or {@code count(*)} alone
 * @param limit most rows, or {@link #NO_LIMIT}
 */
public record QueryRequest(
    String collection,
    List<String> partitions,
    Filter filter,
    List<String> outputFields,
    int limit,
    int offset,
    Consistency consistency,
    boolean ignoreGrowing) {
  public static final int NO_LIMIT = -1;
  public static final String COUNT = "count(*)";

  public QueryRequest {
    partitions = List.copyOf(partitions);
    outputFields = List.copyOf(outputFields);
  }
}
