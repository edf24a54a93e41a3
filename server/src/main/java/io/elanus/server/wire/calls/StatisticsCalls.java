package io.elanus.server.wire.calls;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.LoadInfo;
import io.elanus.model.info.PartitionInfo;
import io.elanus.model.info.SegmentInfo;
import io.elanus.server.reply.KeyValuePairs;
import io.elanus.server.reply.Statuses;
import io.milvus.grpc.GetCollectionStatisticsRequest;
import io.milvus.grpc.GetCollectionStatisticsResponse;
import io.milvus.grpc.GetPartitionStatisticsRequest;
import io.milvus.grpc.GetPartitionStatisticsResponse;
import io.milvus.grpc.GetPersistentSegmentInfoRequest;
import io.milvus.grpc.GetPersistentSegmentInfoResponse;
import io.milvus.grpc.GetQuerySegmentInfoRequest;
import io.milvus.grpc.GetQuerySegmentInfoResponse;
import io.milvus.grpc.PersistentSegmentInfo;
import io.milvus.grpc.QuerySegmentInfo;
import io.milvus.grpc.SegmentLevel;
import io.milvus.grpc.SegmentState;
import java.util.List;

/** Row counts and segments. */
public final class StatisticsCalls {
  private static final String ROW_COUNT = "row_count";

  private final Database database;

  public StatisticsCalls(Database database) {
    this.database = database;
  }

  public GetCollectionStatisticsResponse getCollectionStatistics(
      Call call, GetCollectionStatisticsRequest request) {
    long rows =
        database
            .collections()
            .rowCount(
                call.in(request.getDbName()), Ask.named("collection", request.getCollectionName()));
    return GetCollectionStatisticsResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .addStats(KeyValuePairs.of(ROW_COUNT, Long.toString(rows)))
        .build();
  }

  public GetPartitionStatisticsResponse getPartitionStatistics(
      Call call, GetPartitionStatisticsRequest request) {
    String collection = Ask.named("collection", request.getCollectionName());
    String name = Ask.named("partition", request.getPartitionName());
    PartitionInfo partition =
        database.partitions().list(call.in(request.getDbName()), collection).stream()
            .filter(p -> p.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new ElanusException(
                        ErrorCode.PARTITION_NOT_FOUND,
                        "partition not found[partition=%s][collection=%s]"
                            .formatted(name, collection)));
    return GetPartitionStatisticsResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .addStats(KeyValuePairs.of(ROW_COUNT, Long.toString(partition.rowCount())))
        .build();
  }

  /** Segments on disk. */
  public GetPersistentSegmentInfoResponse getPersistentSegmentInfo(
      Call call, GetPersistentSegmentInfoRequest request) {
    String collection = Ask.named("collection", request.getCollectionName());
    GetPersistentSegmentInfoResponse.Builder answer =
        GetPersistentSegmentInfoResponse.newBuilder().setStatus(Statuses.SUCCESS);
    for (SegmentInfo info :
        database.collections().segments(call.in(request.getDbName()), collection)) {
      if (info.state() != SegmentInfo.State.GROWING) {
        answer.addInfos(
            PersistentSegmentInfo.newBuilder()
                .setSegmentID(info.id())
                .setCollectionID(info.collectionId())
                .setPartitionID(info.partitionId())
                .setNumRows(info.rowCount())
                .setState(SegmentState.Flushed)
                .setLevel(SegmentLevel.L1));
      }
    }
    return answer.build();
  }

  /** Segments that searches read; none where nothing is loaded. */
  public GetQuerySegmentInfoResponse getQuerySegmentInfo(
      Call call, GetQuerySegmentInfoRequest request) {
    Caller caller = call.in(request.getDbName());
    String collection = Ask.named("collection", request.getCollectionName());
    GetQuerySegmentInfoResponse.Builder answer =
        GetQuerySegmentInfoResponse.newBuilder().setStatus(Statuses.SUCCESS);
    List<SegmentInfo> segments = database.collections().segments(caller, collection);
    LoadInfo load = database.collections().loadState(caller, collection, List.of());
    if (load.state() != LoadInfo.State.LOADED) {
      return answer.build();
    }
    for (SegmentInfo info : segments) {
      boolean growing = info.state() == SegmentInfo.State.GROWING;
      answer.addInfos(
          QuerySegmentInfo.newBuilder()
              .setSegmentID(info.id())
              .setCollectionID(info.collectionId())
              .setPartitionID(info.partitionId())
              .setMemSize(info.memoryBytes())
              .setNumRows(info.rowCount())
              .setIndexName(info.indexName())
              .setIndexID(info.indexId())
              .setState(growing ? SegmentState.Growing : SegmentState.Sealed)
              .addNodeIds(SystemCalls.NODE_ID)
              .setLevel(SegmentLevel.L1));
    }
    return answer.build();
  }
}
