package io.elanus.server.wire.rest.catalog;

import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.milvus.grpc.CreatePartitionRequest;
import io.milvus.grpc.DropPartitionRequest;
import io.milvus.grpc.GetPartitionStatisticsRequest;
import io.milvus.grpc.HasPartitionRequest;
import io.milvus.grpc.LoadPartitionsRequest;
import io.milvus.grpc.ReleasePartitionsRequest;
import io.milvus.grpc.ShowPartitionsRequest;
import java.util.List;

/** {@code /partitions/}. */
final class PartitionRoutes {
  private static final String COLLECTION = "collectionName";
  private static final String PARTITION = "partitionName";
  private static final String PARTITIONS = "partitionNames";

  private final MilvusCalls calls;

  PartitionRoutes(MilvusCalls calls) {
    this.calls = calls;
  }

  List<Route> routes() {
    return List.of(
        new Route("/partitions/list", "ShowPartitions", this::list),
        new Route("/partitions/has", "HasPartition", this::has),
        new Route("/partitions/get_stats", "GetPartitionStatistics", this::statistics),
        new Route("/partitions/create", "CreatePartition", this::create),
        new Route("/partitions/drop", "DropPartition", this::drop),
        new Route("/partitions/load", "LoadPartitions", this::load),
        new Route("/partitions/release", "ReleasePartitions", this::release));
  }

  private Answer list(RestRequest request) {
    var message =
        ShowPartitionsRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(request.collection())
            .build();
    var answer = calls.partitions().showPartitions(request.call(), message);
    return Answer.names(answer.getPartitionNamesList());
  }

  private Answer has(RestRequest request) {
    var body = request.body().require(COLLECTION, PARTITION);
    var message =
        HasPartitionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setPartitionName(body.text(PARTITION))
            .build();
    return Answer.has(calls.partitions().hasPartition(request.call(), message).getValue());
  }

  private Answer statistics(RestRequest request) {
    var body = request.body().require(COLLECTION, PARTITION);
    var message =
        GetPartitionStatisticsRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setPartitionName(body.text(PARTITION))
            .build();
    var answer = calls.statistics().getPartitionStatistics(request.call(), message);
    return CollectionRoutes.rowCount(answer.getStatsList());
  }

  private Answer create(RestRequest request) {
    var body = request.body().require(COLLECTION, PARTITION);
    var message =
        CreatePartitionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setPartitionName(body.text(PARTITION))
            .build();
    calls.partitions().createPartition(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer drop(RestRequest request) {
    var body = request.body().require(COLLECTION, PARTITION);
    var message =
        DropPartitionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setPartitionName(body.text(PARTITION))
            .build();
    calls.partitions().dropPartition(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer load(RestRequest request) {
    var body = request.body().require(COLLECTION, PARTITIONS);
    var message =
        LoadPartitionsRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .addAllPartitionNames(body.texts(PARTITIONS))
            .build();
    calls.loads().loadPartitions(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer release(RestRequest request) {
    var body = request.body().require(COLLECTION, PARTITIONS);
    var message =
        ReleasePartitionsRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .addAllPartitionNames(body.texts(PARTITIONS))
            .build();
    calls.loads().releasePartitions(request.call(), message);
    return Answer.EMPTY;
  }
}
