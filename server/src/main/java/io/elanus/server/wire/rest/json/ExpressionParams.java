package io.elanus.server.wire.rest.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.milvus.grpc.BoolArray;
import io.milvus.grpc.DoubleArray;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.TemplateArrayValue;
import io.milvus.grpc.TemplateArrayValueArray;
import io.milvus.grpc.TemplateValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code exprParams}: the values of a filter's templates. */
public final class ExpressionParams {
  private ExpressionParams() {}

  /** What the elements of an array have in common. */
  private enum Elements {
    BOOLEANS,
    INTEGERS,
    NUMBERS,
    TEXTS,
    ARRAYS,
    MIXED
  }

  public static Map<String, TemplateValue> of(ObjectNode params) {
    Map<String, TemplateValue> values = new LinkedHashMap<>();
    for (var member : params.properties()) {
      values.put(member.getKey(), value(member.getKey(), member.getValue()));
    }
    return values;
  }

  private static TemplateValue value(String name, JsonNode node) {
    TemplateValue.Builder value = TemplateValue.newBuilder();
    if (node.isBoolean()) {
      value.setBoolVal(node.booleanValue());
    } else if (node.isIntegralNumber() && node.canConvertToLong()) {
      value.setInt64Val(node.longValue());
    } else if (node.isNumber()) {
      value.setFloatVal(node.doubleValue());
    } else if (node.isTextual()) {
      value.setStringVal(node.textValue());
    } else if (node.isArray()) {
      value.setArrayVal(array(node));
    } else {
      throw Body.wrongType("exprParams." + name, "a boolean, number, string or array", node);
    }
    return value.build();
  }

  /** Recursion is bounded by {@link Json#DEPTH_MAX}. */
  private static TemplateArrayValue array(JsonNode array) {
    TemplateArrayValue.Builder value = TemplateArrayValue.newBuilder();
    switch (elements(array)) {
      case BOOLEANS -> {
        BoolArray.Builder data = BoolArray.newBuilder();
        array.forEach(element -> data.addData(element.booleanValue()));
        value.setBoolData(data);
      }
      case INTEGERS -> {
        LongArray.Builder data = LongArray.newBuilder();
        array.forEach(element -> data.addData(element.longValue()));
        value.setLongData(data);
      }
      case NUMBERS -> {
        DoubleArray.Builder data = DoubleArray.newBuilder();
        array.forEach(element -> data.addData(element.doubleValue()));
        value.setDoubleData(data);
      }
      case TEXTS -> {
        StringArray.Builder data = StringArray.newBuilder();
        array.forEach(element -> data.addData(element.textValue()));
        value.setStringData(data);
      }
      case ARRAYS -> {
        TemplateArrayValueArray.Builder data = TemplateArrayValueArray.newBuilder();
        array.forEach(element -> data.addData(array(element)));
        value.setArrayData(data);
      }
      case MIXED -> {
        JSONArray.Builder data = JSONArray.newBuilder();
        array.forEach(element -> data.addData(ByteString.copyFromUtf8(element.toString())));
        value.setJsonData(data);
      }
    }
    return value.build();
  }

  /** Integers beside fractions are numbers; an empty array is one of integers. */
  private static Elements elements(JsonNode array) {
    Elements all = null;
    for (JsonNode element : array) {
      Elements one = kind(element);
      if (all == null || all == one) {
        all = one;
      } else if (isNumeric(all) && isNumeric(one)) {
        all = Elements.NUMBERS;
      } else {
        return Elements.MIXED;
      }
    }
    return all == null ? Elements.INTEGERS : all;
  }

  private static boolean isNumeric(Elements elements) {
    return elements == Elements.INTEGERS || elements == Elements.NUMBERS;
  }

  private static Elements kind(JsonNode element) {
    return switch (element.getNodeType()) {
      case BOOLEAN -> Elements.BOOLEANS;
      case NUMBER ->
          element.isIntegralNumber() && element.canConvertToLong()
              ? Elements.INTEGERS
              : Elements.NUMBERS;
      case STRING -> Elements.TEXTS;
      case ARRAY -> Elements.ARRAYS;
      default -> Elements.MIXED;
    };
  }
}
