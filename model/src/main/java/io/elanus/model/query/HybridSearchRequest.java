package io.elanus.model.query;

import java.util.List;

/** Several searches over one collection, fused by a ranker. All have the same number of queries. */
public record HybridSearchRequest(
    String collection,
    List<String> partitions,
    List<SearchRequest> searches,
    Ranker ranker,
    int limit,
    int offset,
    List<String> outputFields,
    Consistency consistency,
    int roundDecimal) {
  public HybridSearchRequest {
    partitions = List.copyOf(partitions);
    searches = List.copyOf(searches);
    outputFields = List.copyOf(outputFields);
  }
}
