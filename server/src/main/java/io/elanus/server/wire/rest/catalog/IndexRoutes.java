package io.elanus.server.wire.rest.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.server.wire.calls.IndexCalls;
import io.elanus.server.wire.rest.json.Body;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.KeyValues;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.milvus.grpc.AlterIndexRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DropIndexRequest;
import io.milvus.grpc.IndexDescription;
import java.util.List;

/** {@code /indexes/}. */
final class IndexRoutes {
  private static final String COLLECTION = "collectionName";
  private static final String INDEX = "indexName";

  private final IndexCalls indexes;

  IndexRoutes(IndexCalls indexes) {
    this.indexes = indexes;
  }

  List<Route> routes() {
    return List.of(
        new Route("/indexes/list", "DescribeIndex", this::list),
        new Route("/indexes/describe", "DescribeIndex", this::describe),
        new Route("/indexes/create", "CreateIndex", this::create),
        new Route("/indexes/drop", "DropIndex", this::drop),
        new Route("/indexes/alter_properties", "AlterIndex", this::alter),
        new Route("/indexes/drop_properties", "AlterIndex", this::dropProperties));
  }

  private Answer list(RestRequest request) {
    List<IndexDescription> found = describe(indexes, request, request.collection());
    return Answer.names(found.stream().map(IndexDescription::getIndexName).toList());
  }

  /** A collection's indexes; none is not an error here. */
  static List<IndexDescription> describe(
      IndexCalls indexes, RestRequest request, String collection) {
    var message =
        DescribeIndexRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(collection)
            .build();
    try {
      return indexes.describeIndex(request.call(), message).getIndexDescriptionsList();
    } catch (ElanusException e) {
      if (e.code() == ErrorCode.INDEX_NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  private Answer describe(RestRequest request) {
    var body = request.body().require(COLLECTION, INDEX);
    var message =
        DescribeIndexRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setIndexName(body.text(INDEX))
            .build();
    var answer = indexes.describeIndex(request.call(), message);
    ArrayNode array = Json.NODES.arrayNode();
    for (IndexDescription index : answer.getIndexDescriptionsList()) {
      array
          .addObject()
          .put(INDEX, index.getIndexName())
          .put("fieldName", index.getFieldName())
          .put("indexType", KeyValues.value(index.getParamsList(), "index_type"))
          .put("metricType", KeyValues.value(index.getParamsList(), "metric_type"))
          .put("totalRows", index.getTotalRows())
          .put("indexedRows", index.getIndexedRows())
          .put("pendingRows", index.getPendingIndexRows())
          .put("indexState", index.getState().name())
          .put("failReason", index.getIndexStateFailReason());
    }
    return Answer.of(array);
  }

  private Answer create(RestRequest request) {
    var body = request.body().require(COLLECTION, "indexParams");
    List<CreateIndexRequest> messages =
        body.parts("indexParams").stream()
            .map(params -> creation(request.database(), body.text(COLLECTION), params))
            .toList();
    messages.forEach(message -> indexes.createIndex(request.call(), message));
    return Answer.EMPTY;
  }

  /** The index that {@code indexParams} of an index or a collection asks for. */
  static CreateIndexRequest creation(String database, String collection, Body params) {
    params.require("fieldName");
    ObjectNode inside = params.object("params").deepCopy();
    var message =
        CreateIndexRequest.newBuilder()
            .setDbName(database)
            .setCollectionName(collection)
            .setFieldName(params.text("fieldName"))
            .setIndexName(params.text(INDEX));
    addParam(message, "index_type", params.text("indexType"), inside);
    addParam(message, "metric_type", params.text("metricType"), inside);
    return message.addExtraParams(KeyValues.of("params", inside.toString())).build();
  }

  /** Older clients write the index's type among its params. */
  private static void addParam(
      CreateIndexRequest.Builder message, String name, String given, ObjectNode inside) {
    var insideValue = inside.remove(name);
    String value = given.isEmpty() && insideValue != null ? insideValue.asText() : given;
    if (!value.isEmpty()) {
      message.addExtraParams(KeyValues.of(name, value));
    }
  }

  private Answer drop(RestRequest request) {
    var body = request.body().require(COLLECTION, INDEX);
    var message =
        DropIndexRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setIndexName(body.text(INDEX))
            .build();
    indexes.dropIndex(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer alter(RestRequest request) {
    var body = request.body().require(COLLECTION, INDEX);
    var message =
        AlterIndexRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setIndexName(body.text(INDEX))
            .addAllExtraParams(KeyValues.of(body.object("properties")))
            .build();
    indexes.alterIndex(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer dropProperties(RestRequest request) {
    var body = request.body().require(COLLECTION, INDEX, "propertyKeys");
    var message =
        AlterIndexRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setIndexName(body.text(INDEX))
            .addAllDeleteKeys(body.texts("propertyKeys"))
            .build();
    indexes.alterIndex(request.call(), message);
    return Answer.EMPTY;
  }
}
