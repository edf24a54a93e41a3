package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;

/** Rows by filter. */
public final class QueryCalls {
  private final Database database;

  public QueryCalls(Database database) {
    this.database = database;
  }

  public QueryResults query(Call call, QueryRequest request) {
    throw new UnsupportedOperationException("query" + database);
  }
}
