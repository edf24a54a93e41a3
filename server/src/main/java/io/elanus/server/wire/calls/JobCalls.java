package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import io.milvus.grpc.FlushAllRequest;
import io.milvus.grpc.FlushAllResponse;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.FlushResponse;
import io.milvus.grpc.GetCompactionPlansRequest;
import io.milvus.grpc.GetCompactionPlansResponse;
import io.milvus.grpc.GetCompactionStateRequest;
import io.milvus.grpc.GetCompactionStateResponse;
import io.milvus.grpc.GetFlushAllStateRequest;
import io.milvus.grpc.GetFlushAllStateResponse;
import io.milvus.grpc.GetFlushStateRequest;
import io.milvus.grpc.GetFlushStateResponse;
import io.milvus.grpc.ManualCompactionRequest;
import io.milvus.grpc.ManualCompactionResponse;

/** Flush and compaction. */
public final class JobCalls {
  private final Database database;

  public JobCalls(Database database) {
    this.database = database;
  }

  public FlushResponse flush(Call call, FlushRequest request) {
    throw new UnsupportedOperationException("flush" + database);
  }

  public GetFlushStateResponse getFlushState(Call call, GetFlushStateRequest request) {
    throw new UnsupportedOperationException("getFlushState" + database);
  }

  public FlushAllResponse flushAll(Call call, FlushAllRequest request) {
    throw new UnsupportedOperationException("flushAll" + database);
  }

  public GetFlushAllStateResponse getFlushAllState(Call call, GetFlushAllStateRequest request) {
    throw new UnsupportedOperationException("getFlushAllState" + database);
  }

  public ManualCompactionResponse manualCompaction(Call call, ManualCompactionRequest request) {
    throw new UnsupportedOperationException("manualCompaction" + database);
  }

  public GetCompactionStateResponse getCompactionState(
      Call call, GetCompactionStateRequest request) {
    throw new UnsupportedOperationException("getCompactionState" + database);
  }

  public GetCompactionPlansResponse getCompactionStateWithPlans(
      Call call, GetCompactionPlansRequest request) {
    throw new UnsupportedOperationException("getCompactionStateWithPlans" + database);
  }
}
