package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import io.milvus.grpc.HybridSearchRequest;
import io.milvus.grpc.SearchRequest;
import io.milvus.grpc.SearchResults;

/** Nearest-neighbour searches. */
public final class SearchCalls {
  private final Database database;

  public SearchCalls(Database database) {
    this.database = database;
  }

  public SearchResults search(Call call, SearchRequest request) {
    throw new UnsupportedOperationException("search" + database);
  }

  public SearchResults hybridSearch(Call call, HybridSearchRequest request) {
    throw new UnsupportedOperationException("hybridSearch" + database);
  }
}
