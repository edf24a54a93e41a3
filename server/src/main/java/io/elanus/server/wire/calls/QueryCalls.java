package io.elanus.server.wire.calls;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.server.reply.RowsReply;
import io.elanus.server.validate.QueryReader;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;

/** Rows by filter. */
public final class QueryCalls {
  private final Database database;

  public QueryCalls(Database database) {
    this.database = database;
  }

  public QueryResults query(Call call, QueryRequest request) {
    Caller caller = call.in(request.getDbName());
    String collection = Ask.named("collection", request.getCollectionName());
    return RowsReply.query(
        collection,
        database
            .rows()
            .query(
                caller,
                QueryReader.query(
                    request, () -> database.collections().describe(caller, collection))));
  }
}
