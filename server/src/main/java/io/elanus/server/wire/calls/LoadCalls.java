package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.GetLoadingProgressRequest;
import io.milvus.grpc.GetLoadingProgressResponse;
import io.milvus.grpc.GetReplicasRequest;
import io.milvus.grpc.GetReplicasResponse;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LoadPartitionsRequest;
import io.milvus.grpc.ReleaseCollectionRequest;
import io.milvus.grpc.ReleasePartitionsRequest;
import io.milvus.grpc.Status;

/** Loading and releasing, and what is loaded where. */
public final class LoadCalls {
  private final Database database;

  public LoadCalls(Database database) {
    this.database = database;
  }

  public Status loadCollection(Call call, LoadCollectionRequest request) {
    throw new UnsupportedOperationException("loadCollection" + database);
  }

  public Status releaseCollection(Call call, ReleaseCollectionRequest request) {
    throw new UnsupportedOperationException("releaseCollection" + database);
  }

  public Status loadPartitions(Call call, LoadPartitionsRequest request) {
    throw new UnsupportedOperationException("loadPartitions" + database);
  }

  public Status releasePartitions(Call call, ReleasePartitionsRequest request) {
    throw new UnsupportedOperationException("releasePartitions" + database);
  }

  public GetLoadingProgressResponse getLoadingProgress(
      Call call, GetLoadingProgressRequest request) {
    throw new UnsupportedOperationException("getLoadingProgress" + database);
  }

  public GetLoadStateResponse getLoadState(Call call, GetLoadStateRequest request) {
    throw new UnsupportedOperationException("getLoadState" + database);
  }

  public GetReplicasResponse getReplicas(Call call, GetReplicasRequest request) {
    throw new UnsupportedOperationException("getReplicas" + database);
  }
}
