package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import io.elanus.server.reply.RowsReply;
import io.elanus.server.validate.QueryReader;
import io.elanus.server.validate.RowsReader;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.UpsertRequest;

/** Writes of rows. */
public final class RowCalls {
  private final Database database;

  public RowCalls(Database database) {
    this.database = database;
  }

  public MutationResult insert(Call call, InsertRequest request) {
    Ask.named("collection", request.getCollectionName());
    return RowsReply.write(
        database.rows().insert(call.in(request.getDbName()), RowsReader.insert(request)));
  }

  public MutationResult upsert(Call call, UpsertRequest request) {
    Ask.named("collection", request.getCollectionName());
    return RowsReply.write(
        database.rows().upsert(call.in(request.getDbName()), RowsReader.upsert(request)));
  }

  public MutationResult delete(Call call, DeleteRequest request) {
    Ask.named("collection", request.getCollectionName());
    return RowsReply.delete(
        database.rows().delete(call.in(request.getDbName()), QueryReader.delete(request)));
  }
}
