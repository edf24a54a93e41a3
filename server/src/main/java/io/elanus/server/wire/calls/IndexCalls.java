package io.elanus.server.wire.calls;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.IndexInfo;
import io.elanus.model.schema.Field;
import io.elanus.server.reply.IndexReply;
import io.elanus.server.reply.Statuses;
import io.elanus.server.validate.IndexReader;
import io.elanus.server.validate.KeyValues;
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
import java.util.List;
import java.util.Set;

/** Indexes of fields and how far their building is. */
public final class IndexCalls {
  private final Database database;

  public IndexCalls(Database database) {
    this.database = database;
  }

  public Status createIndex(Call call, CreateIndexRequest request) {
    Caller caller = call.in(request.getDbName());
    String collection = Ask.named("collection", request.getCollectionName());
    Field field =
        database
            .collections()
            .describe(caller, collection)
            .schema()
            .field(request.getFieldName())
            .orElseThrow(
                () ->
                    new ElanusException(
                        ErrorCode.FIELD_NOT_FOUND,
                        "cannot create index on non-exist field: " + request.getFieldName()));
    database.indexes().create(caller, collection, IndexReader.read(request, field));
    return Statuses.SUCCESS;
  }

  public Status alterIndex(Call call, AlterIndexRequest request) {
    database
        .indexes()
        .alter(
            call.in(request.getDbName()),
            Ask.named("collection", request.getCollectionName()),
            Ask.named("index", request.getIndexName()),
            KeyValues.of(request.getExtraParamsList()).asMap(),
            Set.copyOf(request.getDeleteKeysList()));
    return Statuses.SUCCESS;
  }

  /** All indexes where the request names none; clients pick by field name themselves. */
  public DescribeIndexResponse describeIndex(Call call, DescribeIndexRequest request) {
    DescribeIndexResponse.Builder answer =
        DescribeIndexResponse.newBuilder().setStatus(Statuses.SUCCESS);
    for (IndexInfo info :
        describe(
            call.in(request.getDbName()), request.getCollectionName(), request.getIndexName())) {
      answer.addIndexDescriptions(IndexReply.describe(info));
    }
    return answer.build();
  }

  /** By index name, or by field name where the request names no index. */
  public Status dropIndex(Call call, DropIndexRequest request) {
    String name =
        request.getIndexName().isEmpty() ? request.getFieldName() : request.getIndexName();
    database
        .indexes()
        .drop(
            call.in(request.getDbName()),
            Ask.named("collection", request.getCollectionName()),
            Ask.named("index", name));
    return Statuses.SUCCESS;
  }

  public GetIndexStatisticsResponse getIndexStatistics(
      Call call, GetIndexStatisticsRequest request) {
    GetIndexStatisticsResponse.Builder answer =
        GetIndexStatisticsResponse.newBuilder().setStatus(Statuses.SUCCESS);
    for (IndexInfo info :
        describe(
            call.in(request.getDbName()), request.getCollectionName(), request.getIndexName())) {
      answer.addIndexDescriptions(IndexReply.describe(info));
    }
    return answer.build();
  }

  public GetIndexStateResponse getIndexState(Call call, GetIndexStateRequest request) {
    IndexInfo info =
        first(
            call.in(request.getDbName()),
            request.getCollectionName(),
            request.getIndexName(),
            request.getFieldName());
    return GetIndexStateResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setState(IndexReply.state(info.state()))
        .setFailReason(info.failure())
        .build();
  }

  public GetIndexBuildProgressResponse getIndexBuildProgress(
      Call call, GetIndexBuildProgressRequest request) {
    IndexInfo info =
        first(
            call.in(request.getDbName()),
            request.getCollectionName(),
            request.getIndexName(),
            request.getFieldName());
    return GetIndexBuildProgressResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setIndexedRows(info.indexedRows())
        .setTotalRows(info.totalRows())
        .build();
  }

  private IndexInfo first(Caller caller, String collection, String indexName, String fieldName) {
    return describe(caller, collection, indexName).stream()
        .filter(info -> fieldName.isEmpty() || info.spec().field().equals(fieldName))
        .findFirst()
        .orElseThrow(
            () ->
                new ElanusException(
                    ErrorCode.INDEX_NOT_FOUND,
                    "index not found[collection=%s][field=%s]".formatted(collection, fieldName)));
  }

  private List<IndexInfo> describe(Caller caller, String collection, String indexName) {
    return database.indexes().describe(caller, Ask.named("collection", collection), indexName);
  }
}
