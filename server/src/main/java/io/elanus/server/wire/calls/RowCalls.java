package io.elanus.server.wire.calls;

import io.elanus.model.Database;
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
    throw new UnsupportedOperationException("insert" + database);
  }

  public MutationResult upsert(Call call, UpsertRequest request) {
    throw new UnsupportedOperationException("upsert" + database);
  }

  public MutationResult delete(Call call, DeleteRequest request) {
    throw new UnsupportedOperationException("delete" + database);
  }
}
