package io.elanus.server.wire.rest.catalog;

import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.KeyValues;
import io.elanus.server.wire.rest.json.SchemaReader;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.milvus.grpc.AddCollectionFieldRequest;
import io.milvus.grpc.AlterCollectionFieldRequest;
import io.milvus.grpc.AlterCollectionRequest;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.GetCollectionStatisticsRequest;
import io.milvus.grpc.HasCollectionRequest;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.TruncateCollectionRequest;
import java.util.List;

/** {@code /collections/}: what a collection is. */
final class CollectionRoutes {
  private static final String COLLECTION = "collectionName";

  private final MilvusCalls calls;

  CollectionRoutes(MilvusCalls calls) {
    this.calls = calls;
  }

  List<Route> routes() {
    return List.of(
        new Route("/collections/list", "ShowCollections", this::list),
        new Route("/collections/has", "HasCollection", this::has),
        new Route("/collections/get_stats", "GetCollectionStatistics", this::statistics),
        new Route("/collections/drop", "DropCollection", this::drop),
        new Route("/collections/truncate", "TruncateCollection", this::truncate),
        new Route("/collections/rename", "RenameCollection", this::rename),
        new Route("/collections/alter_properties", "AlterCollection", this::alter),
        new Route("/collections/drop_properties", "AlterCollection", this::dropProperties),
        new Route("/collections/fields/add", "AddCollectionField", this::addField),
        new Route(
            "/collections/fields/alter_properties", "AlterCollectionField", this::alterField));
  }

  private Answer list(RestRequest request) {
    var message = ShowCollectionsRequest.newBuilder().setDbName(request.database()).build();
    var answer = calls.collections().showCollections(request.call(), message);
    return Answer.names(answer.getCollectionNamesList());
  }

  private Answer has(RestRequest request) {
    var message =
        HasCollectionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(request.collection())
            .build();
    return Answer.has(calls.collections().hasCollection(request.call(), message).getValue());
  }

  private Answer statistics(RestRequest request) {
    var message =
        GetCollectionStatisticsRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(request.collection())
            .build();
    var answer = calls.statistics().getCollectionStatistics(request.call(), message);
    return rowCount(answer.getStatsList());
  }

  static Answer rowCount(List<KeyValuePair> statistics) {
    String count = KeyValues.value(statistics, "row_count");
    return Answer.of(
        Json.NODES.objectNode().put("rowCount", count.isEmpty() ? 0 : Long.parseLong(count)));
  }

  private Answer drop(RestRequest request) {
    var message =
        DropCollectionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(request.collection())
            .build();
    calls.collections().dropCollection(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer truncate(RestRequest request) {
    var message =
        TruncateCollectionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(request.collection())
            .build();
    calls.collections().truncateCollection(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer rename(RestRequest request) {
    var body = request.body().require(COLLECTION, "newCollectionName");
    var message =
        RenameCollectionRequest.newBuilder()
            .setDbName(request.database())
            .setOldName(body.text(COLLECTION))
            .setNewName(body.text("newCollectionName"))
            .setNewDBName(body.text("newDbName"))
            .build();
    calls.collections().renameCollection(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer alter(RestRequest request) {
    var body = request.body().require(COLLECTION);
    var message =
        AlterCollectionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .addAllProperties(KeyValues.of(body.object("properties")))
            .build();
    calls.collections().alterCollection(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer dropProperties(RestRequest request) {
    var body = request.body().require(COLLECTION, "propertyKeys");
    var message =
        AlterCollectionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .addAllDeleteKeys(body.texts("propertyKeys"))
            .build();
    calls.collections().alterCollection(request.call(), message);
    return Answer.EMPTY;
  }

  /** Clients write the field as {@code schema}, or its members beside the collection's name. */
  private Answer addField(RestRequest request) {
    var body = request.body().require(COLLECTION);
    var field = SchemaReader.field(body.has("schema") ? body.part("schema") : body);
    var message =
        AddCollectionFieldRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setSchema(field.toByteString())
            .build();
    calls.collections().addCollectionField(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer alterField(RestRequest request) {
    var body = request.body().require(COLLECTION, "fieldName");
    var params = body.object(body.has("fieldParams") ? "fieldParams" : "properties");
    var message =
        AlterCollectionFieldRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setFieldName(body.text("fieldName"))
            .addAllProperties(KeyValues.of(params))
            .addAllDeleteKeys(body.texts("propertyKeys"))
            .build();
    calls.collections().alterCollectionField(request.call(), message);
    return Answer.EMPTY;
  }
}
