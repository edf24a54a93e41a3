package io.elanus.server.reply;

import io.elanus.model.info.CollectionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.model.schema.SchemaFunction;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.FunctionType;
import io.milvus.grpc.ValueField;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Describes collections. The hidden dynamic field is not listed, only that it is enabled. */
public final class CollectionReply {
  private static final int LOGICAL_BITS = 18;

  private CollectionReply() {}

  public static DescribeCollectionResponse describe(CollectionInfo info) {
    return DescribeCollectionResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setSchema(schema(info))
        .setCollectionName(info.name())
        .setCollectionID(info.id())
        .setDbName(info.database())
        .setDbId(info.databaseId())
        .addAllAliases(info.aliases())
        .setConsistencyLevel(level(info.consistencyLevel()))
        .addAllProperties(KeyValuePairs.of(info.properties()))
        .setShardsNum(info.shardCount())
        .setNumPartitions(info.partitionCount())
        .setCreatedTimestamp(info.createdTimestamp())
        .setCreatedUtcTimestamp(physicalMillis(info.createdTimestamp()))
        .setUpdateTimestamp(info.updatedTimestamp())
        .setUpdateTimestampStr(Long.toUnsignedString(info.updatedTimestamp()))
        .build();
  }

  /** The wall clock's part of a hybrid timestamp. */
  public static long physicalMillis(long timestamp) {
    return timestamp >>> LOGICAL_BITS;
  }

  private static CollectionSchema schema(CollectionInfo info) {
    Schema schema = info.schema();
    CollectionSchema.Builder answer =
        CollectionSchema.newBuilder()
            .setName(schema.name())
            .setDescription(schema.description())
            .setEnableDynamicField(schema.dynamicFieldEnabled())
            .setDbName(info.database())
            .setVersion(schema.version());
    for (Field field : schema.fields()) {
      boolean made = schema.functionOf(field.name()).isPresent();
      answer.addFields(field(field).setIsFunctionOutput(made));
    }
    for (SchemaFunction function : schema.functions()) {
      answer.addFunctions(function(schema, function));
    }
    return answer.build();
  }

  private static FunctionSchema function(Schema schema, SchemaFunction function) {
    return FunctionSchema.newBuilder()
        .setId(function.id())
        .setName(function.name())
        .setDescription(function.description())
        .setType(
            switch (function.type()) {
              case BM25 -> FunctionType.BM25;
            })
        .addAllInputFieldNames(function.inputs())
        .addAllInputFieldIds(ids(schema, function.inputs()))
        .addAllOutputFieldNames(function.outputs())
        .addAllOutputFieldIds(ids(schema, function.outputs()))
        .addAllParams(KeyValuePairs.of(function.params()))
        .build();
  }

  private static List<Long> ids(Schema schema, List<String> fields) {
    return fields.stream().map(name -> schema.field(name).orElseThrow().id()).toList();
  }

  private static FieldSchema.Builder field(Field field) {
    FieldSchema.Builder answer =
        FieldSchema.newBuilder()
            .setFieldID(field.id())
            .setName(field.name())
            .setDescription(field.description())
            .setDataType(DataTypes.of(field.type()))
            .setIsPrimaryKey(field.primaryKey())
            .setAutoID(field.autoId())
            .setNullable(field.nullable())
            .setIsPartitionKey(field.partitionKey())
            .setIsClusteringKey(field.clusteringKey())
            .addAllTypeParams(KeyValuePairs.of(typeParams(field)));
    if (field.elementType() != null) {
      answer.setElementType(DataTypes.of(field.elementType()));
    }
    if (field.defaultValue() != null) {
      answer.setDefaultValue(defaultValue(field, field.defaultValue()));
    }
    return answer;
  }

  /** As the user gave them, and surely those that make the type complete. */
  private static Map<String, String> typeParams(Field field) {
    Map<String, String> params = new TreeMap<>(field.typeParams());
    put(params, "dim", field.dim());
    put(params, "max_length", field.maxLength());
    put(params, "max_capacity", field.maxCapacity());
    return params;
  }

  private static void put(Map<String, String> params, String key, int value) {
    if (value > 0) {
      params.put(key, Integer.toString(value));
    }
  }

  private static ValueField defaultValue(Field field, Object value) {
    ValueField.Builder answer = ValueField.newBuilder();
    switch (field.type()) {
      case BOOL -> answer.setBoolData((Boolean) value);
      case INT8, INT16, INT32 -> answer.setIntData(((Long) value).intValue());
      case INT64 -> answer.setLongData((Long) value);
      case FLOAT -> answer.setFloatData((Float) value);
      case DOUBLE -> answer.setDoubleData((Double) value);
      case VARCHAR -> answer.setStringData((String) value);
      default -> throw new IllegalStateException("a default value for type " + field.type());
    }
    return answer.build();
  }

  private static ConsistencyLevel level(Consistency.Level level) {
    return switch (level) {
      case STRONG -> ConsistencyLevel.Strong;
      case SESSION -> ConsistencyLevel.Session;
      case BOUNDED -> ConsistencyLevel.Bounded;
      case EVENTUALLY -> ConsistencyLevel.Eventually;
      case CUSTOMIZED -> ConsistencyLevel.Customized;
    };
  }
}
