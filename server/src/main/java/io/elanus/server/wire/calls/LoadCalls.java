package io.elanus.server.wire.calls;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.LoadInfo;
import io.elanus.model.info.PartitionInfo;
import io.elanus.server.reply.Statuses;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.GetLoadingProgressRequest;
import io.milvus.grpc.GetLoadingProgressResponse;
import io.milvus.grpc.GetReplicasRequest;
import io.milvus.grpc.GetReplicasResponse;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LoadPartitionsRequest;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.ReleaseCollectionRequest;
import io.milvus.grpc.ReleasePartitionsRequest;
import io.milvus.grpc.ReplicaInfo;
import io.milvus.grpc.ShardReplica;
import io.milvus.grpc.Status;
import java.util.List;

/**
 * Loading and releasing, and what is loaded where. One process holds one replica of everything; a
 * choice of fields to load is taken as leave to load all of them.
 */
public final class LoadCalls {
  private static final String RESOURCE_GROUP = "__default_resource_group";
  private static final int LOADED_PERCENT = 100;

  private final Database database;

  public LoadCalls(Database database) {
    this.database = database;
  }

  public Status loadCollection(Call call, LoadCollectionRequest request) {
    checkPlacement(request.getReplicaNumber(), request.getResourceGroupsList());
    String name = Ask.named("collection", request.getCollectionName());
    database.collections().load(call.in(request.getDbName()), name, List.of());
    return Statuses.SUCCESS;
  }

  public Status releaseCollection(Call call, ReleaseCollectionRequest request) {
    String name = Ask.named("collection", request.getCollectionName());
    database.collections().release(call.in(request.getDbName()), name, List.of());
    return Statuses.SUCCESS;
  }

  public Status loadPartitions(Call call, LoadPartitionsRequest request) {
    checkPlacement(request.getReplicaNumber(), request.getResourceGroupsList());
    String name = Ask.named("collection", request.getCollectionName());
    database
        .collections()
        .load(call.in(request.getDbName()), name, some(request.getPartitionNamesList()));
    return Statuses.SUCCESS;
  }

  public Status releasePartitions(Call call, ReleasePartitionsRequest request) {
    String name = Ask.named("collection", request.getCollectionName());
    database
        .collections()
        .release(call.in(request.getDbName()), name, some(request.getPartitionNamesList()));
    return Statuses.SUCCESS;
  }

  /** Progress of what is loaded or loading; what is neither is an error. */
  public GetLoadingProgressResponse getLoadingProgress(
      Call call, GetLoadingProgressRequest request) {
    Caller caller = call.in(request.getDbName());
    String name = Ask.named("collection", request.getCollectionName());
    LoadInfo load = database.collections().loadState(caller, name, request.getPartitionNamesList());
    switch (load.state()) {
      case NOT_EXIST ->
          throw new ElanusException(
              ErrorCode.COLLECTION_NOT_FOUND,
              "collection not found[database=%s][collection=%s]"
                  .formatted(caller.database(), name));
      case NOT_LOADED ->
          throw new ElanusException(
              ErrorCode.COLLECTION_NOT_LOADED, "collection not loaded[collection=" + name + "]");
      case LOADING, LOADED -> {}
    }
    return GetLoadingProgressResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setProgress(load.progress())
        .setRefreshProgress(load.state() == LoadInfo.State.LOADED ? LOADED_PERCENT : 0)
        .build();
  }

  public GetLoadStateResponse getLoadState(Call call, GetLoadStateRequest request) {
    String name = Ask.named("collection", request.getCollectionName());
    LoadInfo load =
        database
            .collections()
            .loadState(call.in(request.getDbName()), name, request.getPartitionNamesList());
    LoadState state =
        switch (load.state()) {
          case NOT_EXIST -> LoadState.LoadStateNotExist;
          case NOT_LOADED -> LoadState.LoadStateNotLoad;
          case LOADING -> LoadState.LoadStateLoading;
          case LOADED -> LoadState.LoadStateLoaded;
        };
    return GetLoadStateResponse.newBuilder().setStatus(Statuses.SUCCESS).setState(state).build();
  }

  /** One replica, on this process, where the collection is loaded; none where it is not. */
  public GetReplicasResponse getReplicas(Call call, GetReplicasRequest request) {
    Caller caller = call.in(request.getDbName());
    CollectionInfo info =
        Ask.collection(database, caller, request.getCollectionName(), request.getCollectionID());
    GetReplicasResponse.Builder answer =
        GetReplicasResponse.newBuilder().setStatus(Statuses.SUCCESS);
    ReplicaInfo.Builder replica =
        ReplicaInfo.newBuilder()
            .setReplicaID(info.id())
            .setCollectionID(info.id())
            .addNodeIds(SystemCalls.NODE_ID)
            .setResourceGroupName(RESOURCE_GROUP);
    for (PartitionInfo partition : database.partitions().list(caller, info.name())) {
      if (partition.loaded()) {
        replica.addPartitionIds(partition.id());
      }
    }
    if (replica.getPartitionIdsCount() == 0) {
      return answer.build();
    }
    replica.addShardReplicas(
        ShardReplica.newBuilder()
            .setLeaderID(SystemCalls.NODE_ID)
            .setDmChannelName("shard_0_" + info.id())
            .addNodeIds(SystemCalls.NODE_ID));
    return answer.addReplicas(replica).build();
  }

  private static void checkPlacement(int replicas, List<String> resourceGroups) {
    if (replicas < 0 || replicas > 1) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "replica number %d is more than the nodes there are: 1".formatted(replicas));
    }
    for (String group : resourceGroups) {
      if (!group.equals(RESOURCE_GROUP)) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "resource group %s does not exist; the only one is %s"
                .formatted(group, RESOURCE_GROUP));
      }
    }
  }

  private static List<String> some(List<String> partitions) {
    if (partitions.isEmpty()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "no partition is specified; name the partitions, or use the call for collections");
    }
    return partitions;
  }
}
