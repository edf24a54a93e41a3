package io.elanus.server.validate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Limits;
import io.elanus.model.schema.Schema;
import io.elanus.model.schema.SchemaFunction;
import io.elanus.model.schema.SchemaRules;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.FunctionType;
import io.milvus.grpc.ValueField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads schemas, which travel as serialized bytes inside of requests. */
public final class SchemaReader {
  private SchemaReader() {}

  public static CollectionSpec collection(CreateCollectionRequest request) {
    CollectionSchema sent = parse(request.getSchema());
    if (!sent.getName().isEmpty() && !sent.getName().equals(request.getCollectionName())) {
      throw Problems.argument(
          "the request creates collection %s, but its schema is named %s; name both the same",
          request.getCollectionName(), sent.getName());
    }
    Schema schema = schema(request.getCollectionName(), sent);
    SchemaRules.check(schema);
    Map<String, String> properties = new HashMap<>(KeyValues.of(sent.getPropertiesList()).asMap());
    properties.putAll(KeyValues.of(request.getPropertiesList()).asMap());
    return new CollectionSpec(
        schema,
        ConsistencyReader.level(request.getConsistencyLevel()),
        properties,
        partitions(request.getNumPartitions(), schema),
        shards(request.getShardsNum()));
  }

  /** The schema of one field that is to be added to a collection. */
  public static Field addedField(ByteString bytes) {
    FieldSchema sent;
    try {
      sent = FieldSchema.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw Problems.schema("the bytes of the field's schema cannot be read");
    }
    return field(sent);
  }

  private static CollectionSchema parse(ByteString bytes) {
    try {
      return CollectionSchema.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw Problems.schema("the bytes of the collection's schema cannot be read");
    }
  }

  private static Schema schema(String name, CollectionSchema sent) {
    NewerProtocol.refuse(sent, "schema");
    if (sent.getStructArrayFieldsCount() > 0) {
      throw Problems.unsupported(
          "arrays of structs are not offered yet; leave field %s out of the schema",
          sent.getStructArrayFields(0).getName());
    }
    if (sent.getEnableNamespace()) {
      throw Problems.unsupported("namespaces are not offered; use partitions or a partition key");
    }
    if (sent.getFieldsCount() > Limits.FIELDS_MAX) {
      throw Problems.schema(
          "maximum field's number should be limited to %d, got %d",
          Limits.FIELDS_MAX, sent.getFieldsCount());
    }
    List<Field> fields = new ArrayList<>();
    for (FieldSchema field : sent.getFieldsList()) {
      fields.add(field(field));
    }
    List<SchemaFunction> functions =
        sent.getFunctionsList().stream().map(SchemaReader::function).toList();
    return new Schema(
        name, sent.getDescription(), fields, sent.getEnableDynamicField(), 0, functions);
  }

  private static SchemaFunction function(FunctionSchema sent) {
    NewerProtocol.refuse(sent, "function " + sent.getName());
    if (sent.getType() != FunctionType.BM25) {
      throw Problems.unsupported(
          "functions of type %s are not offered yet, only BM25; leave function %s out of the schema",
          sent.getType(), sent.getName());
    }
    return new SchemaFunction(
        0,
        sent.getName(),
        sent.getDescription(),
        SchemaFunction.Type.BM25,
        sent.getInputFieldNamesList(),
        sent.getOutputFieldNamesList(),
        KeyValues.of(sent.getParamsList()).asMap());
  }

  private static Field field(FieldSchema sent) {
    NewerProtocol.refuse(sent, "schema of field " + sent.getName());
    if (sent.getIsDynamic() || sent.getName().equals(Schema.DYNAMIC_FIELD)) {
      throw Problems.schema(
          "field %s: cannot explicitly set a field as a dynamic field; enable the dynamic field of the schema instead",
          sent.getName());
    }
    DataType type = type(sent.getName(), sent.getDataType());
    Map<String, String> params = KeyValues.of(sent.getTypeParamsList()).asMap();
    return Field.named(sent.getName(), type)
        .description(sent.getDescription())
        .elementType(type == DataType.ARRAY ? elementType(sent) : null)
        .primaryKey(sent.getIsPrimaryKey())
        .autoId(sent.getAutoID())
        .nullable(sent.getNullable())
        .defaultValue(sent.hasDefaultValue() ? defaultValue(sent, type) : null)
        .partitionKey(sent.getIsPartitionKey())
        .clusteringKey(sent.getIsClusteringKey())
        .dim(number(sent.getName(), params, "dim"))
        .maxLength(number(sent.getName(), params, "max_length"))
        .maxCapacity(number(sent.getName(), params, "max_capacity"))
        .typeParams(params)
        .build();
  }

  private static DataType type(String field, io.milvus.grpc.DataType sent) {
    if (sent == io.milvus.grpc.DataType.None) {
      throw Problems.schema("field %s has no data type", field);
    }
    return FieldTypes.of(sent)
        .orElseThrow(
            () ->
                Problems.unsupported(
                    "field %s: data type %s is not offered yet",
                    field,
                    sent == io.milvus.grpc.DataType.UNRECOGNIZED ? "of a newer protocol" : sent));
  }

  private static DataType elementType(FieldSchema sent) {
    DataType element =
        FieldTypes.of(sent.getElementType())
            .orElseThrow(
                () ->
                    Problems.schema(
                        "element type %s of array field %s is not supported",
                        sent.getElementType(), sent.getName()));
    if (!element.isArrayElement()) {
      throw Problems.schema(
          "element type %s of array field %s is not supported",
          sent.getElementType(), sent.getName());
    }
    return element;
  }

  private static int number(String field, Map<String, String> params, String key) {
    String value = params.get(key);
    if (value == null || value.isBlank()) {
      return 0;
    }
    try {
      return KeyValues.integer(key, value);
    } catch (io.elanus.model.error.ElanusException e) {
      throw Problems.schema("field %s: %s", field, e.getMessage());
    }
  }

  /**
   * Boolean, Long, Float, Double or String, as the field's type asks. Clients guess the protocol's
   * type from the value's own, so that any integer will do for an integer and any floating number
   * for a floating one.
   */
  private static @Nullable Object defaultValue(FieldSchema sent, DataType type) {
    ValueField value = sent.getDefaultValue();
    @Nullable Object plain =
        switch (value.getDataCase()) {
          case BOOL_DATA -> value.getBoolData();
          case INT_DATA -> (long) value.getIntData();
          case LONG_DATA -> value.getLongData();
          case FLOAT_DATA -> value.getFloatData();
          case DOUBLE_DATA -> value.getDoubleData();
          case STRING_DATA -> value.getStringData();
          case BYTES_DATA, TIMESTAMPTZ_DATA -> value;
          case DATA_NOT_SET -> null;
        };
    if (plain == null) {
      return null;
    }
    @Nullable Object fitting =
        switch (type) {
          case BOOL -> plain instanceof Boolean ? plain : null;
          case INT8, INT16, INT32, INT64 -> plain instanceof Long ? plain : null;
          case FLOAT -> floating(plain) ? (Object) ((Number) plain).floatValue() : null;
          case DOUBLE -> floating(plain) ? (Object) ((Number) plain).doubleValue() : null;
          case VARCHAR -> plain instanceof String ? plain : null;
          default ->
              throw Problems.schema(
                  "type (%s) does not support default_value, field name = %s",
                  sent.getDataType(), sent.getName());
        };
    if (fitting == null) {
      throw Problems.schema(
          "type (%s) of field (%s) is not equal to the type (%s) of default_value",
          sent.getDataType(), sent.getName(), value.getDataCase());
    }
    return fitting;
  }

  private static boolean floating(Object value) {
    return value instanceof Float || value instanceof Double;
  }

  private static int partitions(long sent, Schema schema) {
    if (sent < 0 || sent > Limits.PARTITIONS_MAX) {
      throw Problems.argument(
          "the number of partitions should be in range [1, %d], got %d",
          Limits.PARTITIONS_MAX, sent);
    }
    if (sent > 0 && schema.partitionKey().isEmpty()) {
      throw Problems.argument(
          "num_partitions should only be specified with partition key field enabled");
    }
    return (int) sent;
  }

  private static int shards(int sent) {
    if (sent < 0 || sent > Limits.SHARDS_MAX) {
      throw Problems.argument(
          "maximum shards's number should be limited to %d, got %d", Limits.SHARDS_MAX, sent);
    }
    return sent;
  }
}
