package io.elanus.server.wire.calls;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.server.reply.RowsReply;
import io.elanus.server.validate.SearchReader;
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
    Caller caller = call.in(request.getDbName());
    String collection = Ask.named("collection", request.getCollectionName());
    return RowsReply.search(
        collection,
        database
            .rows()
            .search(
                caller,
                SearchReader.search(
                    request, () -> database.collections().describe(caller, collection))));
  }

  public SearchResults hybridSearch(Call call, HybridSearchRequest request) {
    Caller caller = call.in(request.getDbName());
    String collection = Ask.named("collection", request.getCollectionName());
    return RowsReply.search(
        collection,
        database
            .rows()
            .hybridSearch(
                caller,
                SearchReader.hybrid(
                    request, () -> database.collections().describe(caller, collection))));
  }
}
