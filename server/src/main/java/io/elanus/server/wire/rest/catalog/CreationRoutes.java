package io.elanus.server.wire.rest.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.rest.json.Body;
import io.elanus.server.wire.rest.json.Consistencies;
import io.elanus.server.wire.rest.json.KeyValues;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.json.SchemaReader;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.LoadCollectionRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /collections/create}. Without a schema it is a quick create: a key, a vector of {@code
 * dimension}, an index, loaded. With a schema and {@code indexParams} the indexes are built and the
 * collection is loaded; with a schema alone it is only created.
 */
final class CreationRoutes {
  private static final String COLLECTION = "collectionName";
  private static final String CONSISTENCY = "consistencyLevel";
  private static final String DEFAULT_METRIC = "COSINE";
  private static final String SPARSE_METRIC = "IP";
  private static final String DEFAULT_BINARY_METRIC = "HAMMING";
  private static final String DEFAULT_INDEX = "AUTOINDEX";

  private final MilvusCalls calls;

  CreationRoutes(MilvusCalls calls) {
    this.calls = calls;
  }

  List<Route> routes() {
    return List.of(new Route("/collections/create", "CreateCollection", this::create));
  }

  private Answer create(RestRequest request) {
    Body body = request.body().require(COLLECTION);
    String name = body.text(COLLECTION);
    boolean isQuick = body.part("schema").parts("fields").isEmpty();
    CollectionSchema schema =
        isQuick
            ? quickSchema(name, body)
            : SchemaReader.collection(name, body.text("description"), body.part("schema"));
    List<CreateIndexRequest> indexes =
        isQuick
            ? List.of(quickIndex(request, schema, body))
            : body.parts("indexParams").stream()
                .map(params -> index(request, schema, params))
                .toList();
    calls.collections().createCollection(request.call(), creation(request, schema, body));
    indexes.forEach(index -> calls.indexes().createIndex(request.call(), index));
    if (!indexes.isEmpty()) {
      var load =
          LoadCollectionRequest.newBuilder()
              .setDbName(request.database())
              .setCollectionName(name)
              .build();
      calls.loads().loadCollection(request.call(), load);
    }
    return Answer.EMPTY;
  }

  private static CreateCollectionRequest creation(
      RestRequest request, CollectionSchema schema, Body body) {
    Body params = body.part("params");
    var message =
        CreateCollectionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(schema.getName())
            .setSchema(schema.toByteString())
            .setShardsNum((int) params.integer("shardsNum", 1))
            .setConsistencyLevel(consistency(params))
            .addAllProperties(KeyValues.of(body.object("properties")));
    if (schema.getFieldsList().stream().anyMatch(FieldSchema::getIsPartitionKey)) {
      message.setNumPartitions(params.integer("partitionsNum", 0));
    }
    ObjectNode given = body.object("params");
    addProperty(message, "collection.ttl.seconds", given.get("ttlSeconds"));
    addProperty(message, "partitionkey.isolation", given.get("partitionKeyIsolation"));
    addProperty(message, "mmap.enabled", given.get("mmapEnabled"));
    return message.build();
  }

  private static void addProperty(
      CreateCollectionRequest.Builder message, String property, @Nullable JsonNode value) {
    if (value != null && !value.isNull()) {
      message.addProperties(KeyValues.of(property, KeyValues.text(value)));
    }
  }

  private static ConsistencyLevel consistency(Body params) {
    return params.has(CONSISTENCY)
        ? Consistencies.level(params.text(CONSISTENCY))
        : ConsistencyLevel.Bounded;
  }

  private static CollectionSchema quickSchema(String name, Body body) {
    if (!body.part("schema").parts("functions").isEmpty()) {
      throw invalid("functions are not supported for quickly create collection");
    }
    long dimension = body.integer("dimension", 0);
    boolean sparse = vectorType(body) == DataType.SparseFloatVector;
    if (dimension == 0 && !sparse) {
      throw invalid(
          "dimension is required for quickly create collection (default metric type: "
              + DEFAULT_METRIC
              + "); or give a schema");
    }
    Body params = body.part("params");
    var key =
        FieldSchema.newBuilder()
            .setName(body.text("primaryFieldName", "id"))
            .setIsPrimaryKey(true)
            .setAutoID(body.flag("autoID", body.flag("autoId", false)));
    switch (body.text("idType", "Int64")) {
      case "Int64", "int64", "" -> key.setDataType(DataType.Int64);
      case "VarChar", "Varchar", "varchar" ->
          key.setDataType(DataType.VarChar)
              .addTypeParams(KeyValues.of("max_length", maxLength(params)));
      default ->
          throw invalid(
              "idType can only be [Int64, VarChar], default: Int64, but is " + body.text("idType"));
    }
    var vector =
        FieldSchema.newBuilder()
            .setName(body.text("vectorFieldName", "vector"))
            .setDataType(vectorType(body));
    if (!sparse) {
      vector.addTypeParams(KeyValues.of("dim", dimension));
    }
    return CollectionSchema.newBuilder()
        .setName(name)
        .setDescription(body.text("description"))
        .addFields(key)
        .addFields(vector)
        .setEnableDynamicField(isDynamic(body, params))
        .build();
  }

  private static long maxLength(Body params) {
    if (!params.has("max_length")) {
      throw RestException.missing(List.of("params.max_length"));
    }
    return params.integer("max_length", 0);
  }

  private static boolean isDynamic(Body body, Body params) {
    return params.flag("enableDynamicField", body.flag("enableDynamicField", true));
  }

  private static DataType vectorType(Body body) {
    String name = body.text("vectorFieldType", "FloatVector");
    return switch (name) {
      case "FloatVector" -> DataType.FloatVector;
      case "BinaryVector" -> DataType.BinaryVector;
      case "Float16Vector" -> DataType.Float16Vector;
      case "BFloat16Vector" -> DataType.BFloat16Vector;
      case "Int8Vector" -> DataType.Int8Vector;
      case "SparseFloatVector" -> DataType.SparseFloatVector;
      default ->
          throw invalid(
              "vectorFieldType can only be [FloatVector, BinaryVector, Float16Vector,"
                  + " BFloat16Vector, Int8Vector, SparseFloatVector], but is "
                  + name);
    };
  }

  private static CreateIndexRequest quickIndex(
      RestRequest request, CollectionSchema schema, Body body) {
    String vector = schema.getFields(1).getName();
    boolean sparse = schema.getFields(1).getDataType() == DataType.SparseFloatVector;
    boolean bits = schema.getFields(1).getDataType() == DataType.BinaryVector;
    String metric = sparse ? SPARSE_METRIC : bits ? DEFAULT_BINARY_METRIC : DEFAULT_METRIC;
    return CreateIndexRequest.newBuilder()
        .setDbName(request.database())
        .setCollectionName(schema.getName())
        .setFieldName(vector)
        .setIndexName(vector)
        .addExtraParams(KeyValues.of("index_type", DEFAULT_INDEX))
        .addExtraParams(KeyValues.of("metric_type", body.text("metricType", metric)))
        .build();
  }

  private static CreateIndexRequest index(
      RestRequest request, CollectionSchema schema, Body params) {
    var index = IndexRoutes.creation(request.database(), schema.getName(), params);
    String field = index.getFieldName();
    if (schema.getFieldsList().stream().noneMatch(f -> f.getName().equals(field))) {
      throw new RestException(
          RestException.Code.MISSING_PARAMETERS,
          "missing required parameters, error: `" + field + "` hasn't defined in schema");
    }
    return index;
  }

  private static ElanusException invalid(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
