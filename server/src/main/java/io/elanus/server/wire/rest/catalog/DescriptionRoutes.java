package io.elanus.server.wire.rest.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.KeyValues;
import io.elanus.server.wire.rest.json.SchemaReader;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.ValueField;
import java.util.ArrayList;
import java.util.List;

/** {@code /collections/describe}: one answer out of three calls. */
final class DescriptionRoutes {
  private final MilvusCalls calls;

  DescriptionRoutes(MilvusCalls calls) {
    this.calls = calls;
  }

  List<Route> routes() {
    return List.of(new Route("/collections/describe", "DescribeCollection", this::describe));
  }

  private Answer describe(RestRequest request) {
    String name = request.collection();
    var message =
        DescribeCollectionRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(name)
            .build();
    DescribeCollectionResponse found =
        calls.collections().describeCollection(request.call(), message);
    List<String> troubles = new ArrayList<>();
    ObjectNode data = data(found);
    data.put("load", loadState(request, name, troubles));
    data.set("indexes", indexes(request, name, troubles));
    Answer answer = Answer.of(data);
    answer.beside().put("message", String.join("; ", troubles));
    return answer;
  }

  private static ObjectNode data(DescribeCollectionResponse found) {
    CollectionSchema schema = found.getSchema();
    ObjectNode data =
        Json.NODES
            .objectNode()
            .put("collectionName", found.getCollectionName())
            .put("collectionID", found.getCollectionID())
            .put("description", schema.getDescription())
            .put("autoId", SchemaReader.primaryKey(schema).getAutoID())
            .put("shardsNum", found.getShardsNum())
            .put("partitionsNum", found.getNumPartitions())
            .put("consistencyLevel", found.getConsistencyLevel().name())
            .put("enableDynamicField", schema.getEnableDynamicField());
    data.set("fields", fields(schema.getFieldsList()));
    data.putArray("structFields");
    data.set("functions", functions(schema.getFunctionsList()));
    ArrayNode aliases = data.putArray("aliases");
    found.getAliasesList().forEach(aliases::add);
    data.set("properties", KeyValues.json(found.getPropertiesList()));
    return data;
  }

  private static ArrayNode fields(List<FieldSchema> fields) {
    ArrayNode array = Json.NODES.arrayNode();
    for (FieldSchema field : fields) {
      if (field.getIsDynamic()) {
        continue;
      }
      ObjectNode object =
          array
              .addObject()
              .put("name", field.getName())
              .put("id", field.getFieldID())
              .put("description", field.getDescription())
              .put("type", field.getDataType().name())
              .put("primaryKey", field.getIsPrimaryKey())
              .put("autoId", field.getAutoID())
              .put("partitionKey", field.getIsPartitionKey())
              .put("clusteringKey", field.getIsClusteringKey())
              .put("nullable", field.getNullable());
      if (field.getDataType() == DataType.Array) {
        object.put("elementType", field.getElementType().name());
      }
      if (field.getTypeParamsCount() > 0) {
        object.set("params", KeyValues.json(field.getTypeParamsList()));
      }
      if (field.hasDefaultValue()) {
        putDefault(object, field.getDefaultValue());
      }
    }
    return array;
  }

  private static void putDefault(ObjectNode object, ValueField value) {
    String name = "defaultValue";
    switch (value.getDataCase()) {
      case BOOL_DATA -> object.put(name, value.getBoolData());
      case INT_DATA -> object.put(name, value.getIntData());
      case LONG_DATA -> object.put(name, value.getLongData());
      case FLOAT_DATA -> object.put(name, value.getFloatData());
      case DOUBLE_DATA -> object.put(name, value.getDoubleData());
      case STRING_DATA -> object.put(name, value.getStringData());
      case BYTES_DATA, TIMESTAMPTZ_DATA, DATA_NOT_SET -> object.putNull(name);
    }
  }

  private static ArrayNode functions(List<FunctionSchema> functions) {
    ArrayNode array = Json.NODES.arrayNode();
    for (FunctionSchema function : functions) {
      ObjectNode object =
          array
              .addObject()
              .put("name", function.getName())
              .put("id", function.getId())
              .put("description", function.getDescription())
              .put("type", function.getType().name());
      ArrayNode inputs = object.putArray("inputFieldNames");
      function.getInputFieldNamesList().forEach(inputs::add);
      ArrayNode outputs = object.putArray("outputFieldNames");
      function.getOutputFieldNamesList().forEach(outputs::add);
      object.set("params", KeyValues.json(function.getParamsList()));
    }
    return array;
  }

  private String loadState(RestRequest request, String name, List<String> troubles) {
    try {
      var message =
          GetLoadStateRequest.newBuilder()
              .setDbName(request.database())
              .setCollectionName(name)
              .build();
      return calls.loads().getLoadState(request.call(), message).getState().name();
    } catch (ElanusException e) {
      troubles.add(e.getMessage());
      return "";
    }
  }

  private ArrayNode indexes(RestRequest request, String name, List<String> troubles) {
    ArrayNode array = Json.NODES.arrayNode();
    try {
      for (IndexDescription index : IndexRoutes.describe(calls.indexes(), request, name)) {
        array
            .addObject()
            .put("fieldName", index.getFieldName())
            .put("indexName", index.getIndexName())
            .put("metricType", KeyValues.value(index.getParamsList(), "metric_type"));
      }
    } catch (ElanusException e) {
      troubles.add(e.getMessage());
    }
    return array;
  }
}
