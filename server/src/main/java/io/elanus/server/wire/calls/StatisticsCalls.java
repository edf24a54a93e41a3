package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import io.milvus.grpc.GetCollectionStatisticsRequest;
import io.milvus.grpc.GetCollectionStatisticsResponse;
import io.milvus.grpc.GetPartitionStatisticsRequest;
import io.milvus.grpc.GetPartitionStatisticsResponse;
import io.milvus.grpc.GetPersistentSegmentInfoRequest;
import io.milvus.grpc.GetPersistentSegmentInfoResponse;
import io.milvus.grpc.GetQuerySegmentInfoRequest;
import io.milvus.grpc.GetQuerySegmentInfoResponse;

/** Row counts and segments. */
public final class StatisticsCalls {
  private final Database database;

  public StatisticsCalls(Database database) {
    this.database = database;
  }

  public GetCollectionStatisticsResponse getCollectionStatistics(
      Call call, GetCollectionStatisticsRequest request) {
    throw new UnsupportedOperationException("getCollectionStatistics" + database);
  }

  public GetPartitionStatisticsResponse getPartitionStatistics(
      Call call, GetPartitionStatisticsRequest request) {
    throw new UnsupportedOperationException("getPartitionStatistics" + database);
  }

  public GetPersistentSegmentInfoResponse getPersistentSegmentInfo(
      Call call, GetPersistentSegmentInfoRequest request) {
    throw new UnsupportedOperationException("getPersistentSegmentInfo" + database);
  }

  public GetQuerySegmentInfoResponse getQuerySegmentInfo(
      Call call, GetQuerySegmentInfoRequest request) {
    throw new UnsupportedOperationException("getQuerySegmentInfo" + database);
  }
}
