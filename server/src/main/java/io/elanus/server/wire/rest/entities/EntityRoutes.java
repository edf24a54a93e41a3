package io.elanus.server.wire.rest.entities;

import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import java.util.List;
import java.util.stream.Stream;

/** All paths of this folder. */
public final class EntityRoutes {
  private EntityRoutes() {}

  public static List<Route> of(MilvusCalls calls) {
    return Stream.of(
            new WriteRoutes(calls).routes(),
            new QueryRoutes(calls).routes(),
            new SearchRoutes(calls).routes())
        .flatMap(List::stream)
        .toList();
  }

  /** The collection that the request names, without which its JSON cannot be read. */
  static DescribeCollectionResponse collection(MilvusCalls calls, RestRequest request) {
    var message =
        DescribeCollectionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(request.collection())
            .build();
    return calls.collections().describeCollection(request.call(), message);
  }
}
