package io.elanus.server.wire.rest.catalog;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.server.wire.calls.LoadCalls;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadingProgressRequest;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.ReleaseCollectionRequest;
import java.util.List;

/** {@code /collections/}: what of a collection can be searched. */
final class LoadRoutes {
  private final LoadCalls loads;

  LoadRoutes(LoadCalls loads) {
    this.loads = loads;
  }

  List<Route> routes() {
    return List.of(
        new Route("/collections/load", "LoadCollection", request -> load(request, false)),
        new Route("/collections/refresh_load", "LoadCollection", request -> load(request, true)),
        new Route("/collections/release", "ReleaseCollection", this::release),
        new Route("/collections/get_load_state", "GetLoadState", this::state));
  }

  private Answer load(RestRequest request, boolean isRefresh) {
    var message =
        LoadCollectionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(request.collection())
            .setRefresh(isRefresh)
            .build();
    loads.loadCollection(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer release(RestRequest request) {
    var message =
        ReleaseCollectionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(request.collection())
            .build();
    loads.releaseCollection(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer state(RestRequest request) {
    String name = request.collection();
    List<String> partitions = request.body().texts("partitionNames");
    var message =
        GetLoadStateRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(name)
            .addAllPartitionNames(partitions)
            .build();
    LoadState state = loads.getLoadState(request.call(), message).getState();
    return switch (state) {
      case LoadStateLoading -> state(state, progress(request, name, partitions));
      case LoadStateLoaded -> state(state, 100);
      case LoadStateNotLoad -> state(state, 0);
      case LoadStateNotExist, UNRECOGNIZED ->
          throw new ElanusException(
              ErrorCode.COLLECTION_NOT_FOUND,
              "collection not found[database=" + request.database() + "][collection=" + name + "]");
    };
  }

  private static Answer state(LoadState state, long progress) {
    return Answer.of(
        Json.NODES
            .objectNode()
            .put("loadState", state.name())
            .put("loadProgress", progress)
            .put("message", ""));
  }

  private long progress(RestRequest request, String name, List<String> partitions) {
    var message =
        GetLoadingProgressRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(name)
            .addAllPartitionNames(partitions)
            .build();
    return loads.getLoadingProgress(request.call(), message).getProgress();
  }
}
