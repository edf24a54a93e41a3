package io.elanus.server.wire.rest.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.FunctionType;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.ValueField;

/** {@code schema} of a create request to the protocol's schema, and what a schema says. */
public final class SchemaReader {
  private SchemaReader() {}

  public static CollectionSchema collection(String name, String description, Body schema) {
    CollectionSchema.Builder collection =
        CollectionSchema.newBuilder()
            .setName(name)
            .setDescription(schema.text("description", description))
            .setEnableDynamicField(schema.flag("enableDynamicField", false));
    boolean autoId = schema.flag("autoID", schema.flag("autoId", false));
    for (Body field : schema.parts("fields")) {
      FieldSchema read = field(field);
      if (read.getIsPrimaryKey() && autoId) {
        read = read.toBuilder().setAutoID(true).build();
      }
      collection.addFields(read);
    }
    for (Body function : schema.parts("functions")) {
      collection.addFunctions(function(function));
    }
    return collection.build();
  }

  public static FieldSchema field(Body body) {
    body.require("fieldName", "dataType");
    DataType type = type(body.text("dataType"), "dataType");
    FieldSchema.Builder field =
        FieldSchema.newBuilder()
            .setName(body.text("fieldName"))
            .setDescription(body.text("description"))
            .setDataType(type)
            .setIsPrimaryKey(body.flag("isPrimary", false))
            .setAutoID(body.flag("autoID", body.flag("autoId", false)))
            .setIsPartitionKey(body.flag("isPartitionKey", false))
            .setIsClusteringKey(body.flag("isClusteringKey", false))
            .setNullable(body.flag("nullable", false))
            .addAllTypeParams(KeyValues.of(body.object("elementTypeParams")));
    if (type == DataType.Array) {
      body.require("elementDataType");
      field.setElementType(type(body.text("elementDataType"), "elementDataType"));
    }
    JsonNode value = body.member("defaultValue");
    if (value != null) {
      field.setDefaultValue(defaultValue(field.getName(), type, value));
    }
    return field.build();
  }

  public static FunctionSchema function(Body body) {
    body.require("name", "type");
    FunctionType type;
    try {
      type = FunctionType.valueOf(body.text("type"));
    } catch (IllegalArgumentException e) {
      throw invalid("function type " + body.text("type") + " is invalid (case sensitive)");
    }
    return FunctionSchema.newBuilder()
        .setName(body.text("name"))
        .setDescription(body.text("description"))
        .setType(type)
        .addAllInputFieldNames(body.texts("inputFieldNames"))
        .addAllOutputFieldNames(body.texts("outputFieldNames"))
        .addAllParams(KeyValues.of(body.object("params")))
        .build();
  }

  private static DataType type(String name, String member) {
    try {
      DataType type = DataType.valueOf(name);
      if (type != DataType.UNRECOGNIZED) {
        return type;
      }
    } catch (IllegalArgumentException e) {
      throw invalid(member + " " + name + " is invalid (case sensitive)");
    }
    throw invalid(member + " " + name + " is invalid (case sensitive)");
  }

  private static ValueField defaultValue(String field, DataType type, JsonNode value) {
    ValueField.Builder data = ValueField.newBuilder();
    boolean fits =
        switch (type) {
          case Bool -> value.isBoolean() && data.setBoolData(value.booleanValue()).hasBoolData();
          case Int8, Int16, Int32 ->
              value.canConvertToInt()
                  && value.isIntegralNumber()
                  && data.setIntData(value.intValue()).hasIntData();
          case Int64 ->
              value.canConvertToLong()
                  && value.isIntegralNumber()
                  && data.setLongData(value.longValue()).hasLongData();
          case Float -> value.isNumber() && data.setFloatData(value.floatValue()).hasFloatData();
          case Double ->
              value.isNumber() && data.setDoubleData(value.doubleValue()).hasDoubleData();
          case VarChar ->
              value.isTextual() && data.setStringData(value.textValue()).hasStringData();
          default -> throw invalid("a field of type " + type + " cannot have a default value");
        };
    if (!fits) {
      throw invalid(
          "the default value of field \""
              + field
              + "\" must be of type "
              + type
              + ", but is "
              + Json.describe(value));
    }
    return data.build();
  }

  /** The primary key's field. */
  public static FieldSchema primaryKey(CollectionSchema schema) {
    for (FieldSchema field : schema.getFieldsList()) {
      if (field.getIsPrimaryKey()) {
        return field;
      }
    }
    throw new IllegalStateException("every schema has a primary key");
  }

  /** Of a dense vector. */
  public static int dim(FieldSchema field) {
    for (KeyValuePair param : field.getTypeParamsList()) {
      if (param.getKey().equals("dim")) {
        return Integer.parseInt(param.getValue());
      }
    }
    throw new IllegalStateException("every dense vector has a dimension");
  }

  private static ElanusException invalid(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
