package io.elanus.rag.telemetry;

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
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.function.Supplier;

/**
 * Every call inside of a recorded trace is a span of what is done and the collection's name; a
 * search says which field was searched. Neither vectors nor filters nor keys.
 */
final class SeenRows implements Rows {
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
  private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("db.operation.name");
  private static final AttributeKey<String> COLLECTION =
      AttributeKey.stringKey("db.collection.name");
  private static final AttributeKey<String> FIELD = AttributeKey.stringKey("elanus.field");

  private final Rows inner;
  private final Telemetry telemetry;

  SeenRows(Rows inner, Telemetry telemetry) {
    this.inner = inner;
    this.telemetry = telemetry;
  }

  @Override
  public MutationResult insert(Caller caller, InsertRequest request) {
    return seen("insert", request.collection(), "", () -> inner.insert(caller, request));
  }

  @Override
  public MutationResult upsert(Caller caller, InsertRequest request) {
    return seen("upsert", request.collection(), "", () -> inner.upsert(caller, request));
  }

  @Override
  public MutationResult delete(Caller caller, DeleteRequest request) {
    return seen("delete", request.collection(), "", () -> inner.delete(caller, request));
  }

  @Override
  public QueryResult query(Caller caller, QueryRequest request) {
    return seen("query", request.collection(), "", () -> inner.query(caller, request));
  }

  @Override
  public SearchResult search(Caller caller, SearchRequest request) {
    return seen(
        "search", request.collection(), request.vectorField(), () -> inner.search(caller, request));
  }

  @Override
  public SearchResult hybridSearch(Caller caller, HybridSearchRequest request) {
    return seen(
        "hybrid_search", request.collection(), "", () -> inner.hybridSearch(caller, request));
  }

  private <T> T seen(String operation, String collection, String field, Supplier<T> work) {
    return telemetry.within(
        operation + " rows",
        () -> {
          var all =
              Attributes.builder()
                  .put(SYSTEM, "elanus")
                  .put(OPERATION, operation)
                  .put(COLLECTION, collection);
          return field.isEmpty() ? all.build() : all.put(FIELD, field).build();
        },
        work);
  }
}
