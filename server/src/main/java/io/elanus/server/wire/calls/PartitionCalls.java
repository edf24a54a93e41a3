package io.elanus.server.wire.calls;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.info.PartitionInfo;
import io.elanus.server.reply.CollectionReply;
import io.elanus.server.reply.Statuses;
import io.milvus.grpc.BoolResponse;
import io.milvus.grpc.CreatePartitionRequest;
import io.milvus.grpc.DropPartitionRequest;
import io.milvus.grpc.HasPartitionRequest;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.grpc.ShowType;
import io.milvus.grpc.Status;
import java.util.List;

/** Partitions of a collection. */
public final class PartitionCalls {
  private static final int LOADED_PERCENT = 100;

  private final Database database;

  public PartitionCalls(Database database) {
    this.database = database;
  }

  public Status createPartition(Call call, CreatePartitionRequest request) {
    database
        .partitions()
        .create(
            call.in(request.getDbName()),
            Ask.named("collection", request.getCollectionName()),
            Ask.named("partition", request.getPartitionName()));
    return Statuses.SUCCESS;
  }

  public Status dropPartition(Call call, DropPartitionRequest request) {
    database
        .partitions()
        .drop(
            call.in(request.getDbName()),
            Ask.named("collection", request.getCollectionName()),
            Ask.named("partition", request.getPartitionName()));
    return Statuses.SUCCESS;
  }

  public BoolResponse hasPartition(Call call, HasPartitionRequest request) {
    boolean exists =
        database
            .partitions()
            .exists(
                call.in(request.getDbName()),
                Ask.named("collection", request.getCollectionName()),
                Ask.named("partition", request.getPartitionName()));
    return BoolResponse.newBuilder().setStatus(Statuses.SUCCESS).setValue(exists).build();
  }

  /** All of the collection, or with type InMemory only the loaded ones. */
  @SuppressWarnings("deprecation") // Old clients still ask by these fields.
  public ShowPartitionsResponse showPartitions(Call call, ShowPartitionsRequest request) {
    Caller caller = call.in(request.getDbName());
    String collection = request.getCollectionName();
    if (collection.isEmpty()) {
      collection = Ask.collection(database, caller, "", request.getCollectionID()).name();
    }
    boolean loadedOnly = request.getType() == ShowType.InMemory;
    List<String> names = request.getPartitionNamesList();
    ShowPartitionsResponse.Builder answer =
        ShowPartitionsResponse.newBuilder().setStatus(Statuses.SUCCESS);
    for (PartitionInfo info : database.partitions().list(caller, collection)) {
      if ((!names.isEmpty() && !names.contains(info.name())) || (loadedOnly && !info.loaded())) {
        continue;
      }
      answer
          .addPartitionNames(info.name())
          .addPartitionIDs(info.id())
          .addCreatedTimestamps(info.createdTimestamp())
          .addCreatedUtcTimestamps(CollectionReply.physicalMillis(info.createdTimestamp()));
      if (loadedOnly) {
        answer.addInMemoryPercentages(LOADED_PERCENT);
      }
    }
    return answer.build();
  }
}
