package io.elanus.server.wire.calls;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.LoadInfo;
import io.elanus.server.reply.CollectionReply;
import io.elanus.server.reply.Statuses;
import io.elanus.server.validate.KeyValues;
import io.elanus.server.validate.SchemaReader;
import io.milvus.grpc.AddCollectionFieldRequest;
import io.milvus.grpc.AlterCollectionFieldRequest;
import io.milvus.grpc.AlterCollectionRequest;
import io.milvus.grpc.BatchDescribeCollectionRequest;
import io.milvus.grpc.BatchDescribeCollectionResponse;
import io.milvus.grpc.BoolResponse;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.HasCollectionRequest;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.ShowType;
import io.milvus.grpc.Status;
import io.milvus.grpc.TruncateCollectionRequest;
import io.milvus.grpc.TruncateCollectionResponse;
import java.util.List;
import java.util.Set;

/** Collections: create, describe, list, alter, drop. */
public final class CollectionCalls {
  private final Database database;

  public CollectionCalls(Database database) {
    this.database = database;
  }

  public Status createCollection(Call call, CreateCollectionRequest request) {
    Ask.named("collection", request.getCollectionName());
    Caller caller = call.in(request.getDbName());
    database.collections().create(caller, SchemaReader.collection(request));
    return Statuses.SUCCESS;
  }

  public Status dropCollection(Call call, DropCollectionRequest request) {
    String name = Ask.named("collection", request.getCollectionName());
    database.collections().drop(call.in(request.getDbName()), name);
    return Statuses.SUCCESS;
  }

  public BoolResponse hasCollection(Call call, HasCollectionRequest request) {
    String name = Ask.named("collection", request.getCollectionName());
    boolean exists = database.collections().exists(call.in(request.getDbName()), name);
    return BoolResponse.newBuilder().setStatus(Statuses.SUCCESS).setValue(exists).build();
  }

  public DescribeCollectionResponse describeCollection(
      Call call, DescribeCollectionRequest request) {
    return CollectionReply.describe(
        Ask.collection(
            database,
            call.in(request.getDbName()),
            request.getCollectionName(),
            request.getCollectionID()));
  }

  /** By names, then by ids; one that is missing fails the call. */
  public BatchDescribeCollectionResponse batchDescribeCollection(
      Call call, BatchDescribeCollectionRequest request) {
    Caller caller = call.in(request.getDbName());
    BatchDescribeCollectionResponse.Builder answer =
        BatchDescribeCollectionResponse.newBuilder().setStatus(Statuses.SUCCESS);
    for (String name : request.getCollectionNameList()) {
      answer.addResponses(CollectionReply.describe(Ask.collection(database, caller, name, 0)));
    }
    for (long id : request.getCollectionIDList()) {
      answer.addResponses(CollectionReply.describe(database.collections().describe(caller, id)));
    }
    return answer.build();
  }

  /** All of the database, or with type InMemory only the loaded ones and how far they are. */
  @SuppressWarnings("deprecation") // Old clients still ask by these fields.
  public ShowCollectionsResponse showCollections(Call call, ShowCollectionsRequest request) {
    Caller caller = call.in(request.getDbName());
    boolean loadedOnly = request.getType() == ShowType.InMemory;
    List<String> names = request.getCollectionNamesList();
    ShowCollectionsResponse.Builder answer =
        ShowCollectionsResponse.newBuilder().setStatus(Statuses.SUCCESS);
    for (CollectionInfo info : database.collections().list(caller)) {
      if (!names.isEmpty() && !names.contains(info.name())) {
        continue;
      }
      if (loadedOnly) {
        LoadInfo load = database.collections().loadState(caller, info.name(), List.of());
        if (load.state() != LoadInfo.State.LOADED && load.state() != LoadInfo.State.LOADING) {
          continue;
        }
        answer.addInMemoryPercentages(load.progress());
        answer.addQueryServiceAvailable(load.state() == LoadInfo.State.LOADED);
      }
      answer
          .addCollectionNames(info.name())
          .addCollectionIds(info.id())
          .addCreatedTimestamps(info.createdTimestamp())
          .addCreatedUtcTimestamps(CollectionReply.physicalMillis(info.createdTimestamp()))
          .addShardsNum(info.shardCount());
    }
    return answer.build();
  }

  public Status alterCollection(Call call, AlterCollectionRequest request) {
    Caller caller = call.in(request.getDbName());
    String name = request.getCollectionName();
    if (name.isEmpty()) {
      name = Ask.collection(database, caller, name, request.getCollectionID()).name();
    }
    database
        .collections()
        .alter(
            caller,
            name,
            KeyValues.of(request.getPropertiesList()).asMap(),
            Set.copyOf(request.getDeleteKeysList()));
    return Statuses.SUCCESS;
  }

  public Status alterCollectionField(Call call, AlterCollectionFieldRequest request) {
    database
        .collections()
        .alterField(
            call.in(request.getDbName()),
            Ask.named("collection", request.getCollectionName()),
            Ask.named("field", request.getFieldName()),
            KeyValues.of(request.getPropertiesList()).asMap(),
            Set.copyOf(request.getDeleteKeysList()));
    return Statuses.SUCCESS;
  }

  public Status addCollectionField(Call call, AddCollectionFieldRequest request) {
    Caller caller = call.in(request.getDbName());
    String name = request.getCollectionName();
    if (name.isEmpty()) {
      name = Ask.collection(database, caller, name, request.getCollectionID()).name();
    }
    database.collections().addField(caller, name, SchemaReader.addedField(request.getSchema()));
    return Statuses.SUCCESS;
  }

  public Status renameCollection(Call call, RenameCollectionRequest request) {
    database
        .collections()
        .rename(
            call.in(request.getDbName()),
            Ask.named("collection", request.getOldName()),
            Ask.named("collection", request.getNewName()),
            request.getNewDBName());
    return Statuses.SUCCESS;
  }

  public TruncateCollectionResponse truncateCollection(
      Call call, TruncateCollectionRequest request) {
    String name = Ask.named("collection", request.getCollectionName());
    database.collections().truncate(call.in(request.getDbName()), name);
    return TruncateCollectionResponse.newBuilder().setStatus(Statuses.SUCCESS).build();
  }
}
