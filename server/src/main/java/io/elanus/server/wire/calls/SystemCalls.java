package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.CheckHealthRequest;
import io.milvus.grpc.CheckHealthResponse;
import io.milvus.grpc.ComponentStates;
import io.milvus.grpc.ConnectRequest;
import io.milvus.grpc.ConnectResponse;
import io.milvus.grpc.GetComponentStatesRequest;
import io.milvus.grpc.GetMetricsRequest;
import io.milvus.grpc.GetMetricsResponse;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.GetVersionResponse;
import java.time.InstantSource;

/** The server itself: connect, version, health, timestamps. */
public final class SystemCalls {
  private final Database database;
  private final InstantSource clock;

  public SystemCalls(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  public ConnectResponse connect(Call call, ConnectRequest request) {
    throw new UnsupportedOperationException("connect" + database);
  }

  public GetVersionResponse getVersion(Call call, GetVersionRequest request) {
    throw new UnsupportedOperationException("getVersion" + database);
  }

  public CheckHealthResponse checkHealth(Call call, CheckHealthRequest request) {
    throw new UnsupportedOperationException("checkHealth" + database);
  }

  public AllocTimestampResponse allocTimestamp(Call call, AllocTimestampRequest request) {
    throw new UnsupportedOperationException("allocTimestamp" + database);
  }

  public GetMetricsResponse getMetrics(Call call, GetMetricsRequest request) {
    throw new UnsupportedOperationException("getMetrics" + database);
  }

  public ComponentStates getComponentStates(Call call, GetComponentStatesRequest request) {
    throw new UnsupportedOperationException("getComponentStates" + database);
  }
}
