package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import io.milvus.grpc.AlterIndexRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.DropIndexRequest;
import io.milvus.grpc.GetIndexBuildProgressRequest;
import io.milvus.grpc.GetIndexBuildProgressResponse;
import io.milvus.grpc.GetIndexStateRequest;
import io.milvus.grpc.GetIndexStateResponse;
import io.milvus.grpc.GetIndexStatisticsRequest;
import io.milvus.grpc.GetIndexStatisticsResponse;
import io.milvus.grpc.Status;

/** Indexes of fields and how far their building is. */
public final class IndexCalls {
  private final Database database;

  public IndexCalls(Database database) {
    this.database = database;
  }

  public Status createIndex(Call call, CreateIndexRequest request) {
    throw new UnsupportedOperationException("createIndex" + database);
  }

  public Status alterIndex(Call call, AlterIndexRequest request) {
    throw new UnsupportedOperationException("alterIndex" + database);
  }

  public DescribeIndexResponse describeIndex(Call call, DescribeIndexRequest request) {
    throw new UnsupportedOperationException("describeIndex" + database);
  }

  public Status dropIndex(Call call, DropIndexRequest request) {
    throw new UnsupportedOperationException("dropIndex" + database);
  }

  public GetIndexStatisticsResponse getIndexStatistics(
      Call call, GetIndexStatisticsRequest request) {
    throw new UnsupportedOperationException("getIndexStatistics" + database);
  }

  public GetIndexStateResponse getIndexState(Call call, GetIndexStateRequest request) {
    throw new UnsupportedOperationException("getIndexState" + database);
  }

  public GetIndexBuildProgressResponse getIndexBuildProgress(
      Call call, GetIndexBuildProgressRequest request) {
    throw new UnsupportedOperationException("getIndexBuildProgress" + database);
  }
}
