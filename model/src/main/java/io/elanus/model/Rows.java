package io.elanus.model;

import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.MutationResult;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.QueryResult;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;

/**
 * The rows of a collection. A write that returned is durable; one that threw USER changed nothing.
 */
public interface Rows {
  MutationResult insert(Caller caller, InsertRequest request);

  /** Delete plus insert at one timestamp; with auto id the new keys are answered. */
  MutationResult upsert(Caller caller, InsertRequest request);

  MutationResult delete(Caller caller, DeleteRequest request);

  QueryResult query(Caller caller, QueryRequest request);

  SearchResult search(Caller caller, SearchRequest request);

  SearchResult hybridSearch(Caller caller, HybridSearchRequest request);
}
