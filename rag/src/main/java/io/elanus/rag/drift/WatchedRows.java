package io.elanus.rag.drift;

import io.elanus.model.Caller;
import io.elanus.model.Rows;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.MutationResult;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.QueryResult;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.Column;
import io.elanus.rag.knowledge.KnowledgeSchema;

/** Rows whose searches by a vector are seen by the watch, when they have succeeded. */
public final class WatchedRows implements Rows {
  private final Rows inner;
  private final DriftWatch watch;

  public WatchedRows(Rows inner, DriftWatch watch) {
    this.inner = inner;
    this.watch = watch;
  }

  @Override
  public SearchResult search(Caller caller, SearchRequest request) {
    SearchResult result = inner.search(caller, request);
    if (request.vectorField().equals(KnowledgeSchema.DENSE)
        && request.queries() instanceof Column.FloatVectors vectors
        && vectors.size() == 1) {
      watch.asked(caller.database(), request.collection(), vectors.values());
    }
    return result;
  }

  @Override
  public MutationResult insert(Caller caller, InsertRequest request) {
    return inner.insert(caller, request);
  }

  @Override
  public MutationResult upsert(Caller caller, InsertRequest request) {
    return inner.upsert(caller, request);
  }

  @Override
  public MutationResult delete(Caller caller, DeleteRequest request) {
    return inner.delete(caller, request);
  }

  @Override
  public QueryResult query(Caller caller, QueryRequest request) {
    return inner.query(caller, request);
  }

  @Override
  public SearchResult hybridSearch(Caller caller, HybridSearchRequest request) {
    return inner.hybridSearch(caller, request);
  }
}
