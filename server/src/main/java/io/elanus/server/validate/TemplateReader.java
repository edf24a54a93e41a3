package io.elanus.server.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.elanus.model.query.Filter;
import io.milvus.grpc.TemplateArrayValue;
import io.milvus.grpc.TemplateValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values bound to the placeholders of a filter. */
final class TemplateReader {
  /** Lists within lists go no deeper; the recursion below relies on it. */
  private static final int DEPTH_MAX = 8;

  private TemplateReader() {}

  static Filter filter(String expression, Map<String, TemplateValue> templates) {
    Map<String, Object> parameters = new HashMap<>();
    templates.forEach((name, value) -> parameters.put(name, value(name, value)));
    return new Filter(expression, parameters);
  }

  private static Object value(String name, TemplateValue value) {
    return switch (value.getValCase()) {
      case BOOL_VAL -> value.getBoolVal();
      case INT64_VAL -> value.getInt64Val();
      case FLOAT_VAL -> value.getFloatVal();
      case STRING_VAL -> value.getStringVal();
      case ARRAY_VAL -> array(name, value.getArrayVal(), 1);
      case VAL_NOT_SET ->
          throw Problems.argument(
              "the value of filter parameter %s is missing or of a type that is not offered", name);
    };
  }

  private static List<Object> array(String name, TemplateArrayValue value, int depth) {
    checkDepth(name, depth);
    return switch (value.getDataCase()) {
      case BOOL_DATA -> new ArrayList<>(value.getBoolData().getDataList());
      case LONG_DATA -> new ArrayList<>(value.getLongData().getDataList());
      case DOUBLE_DATA -> new ArrayList<>(value.getDoubleData().getDataList());
      case STRING_DATA -> new ArrayList<>(value.getStringData().getDataList());
      case ARRAY_DATA -> {
        List<Object> elements = new ArrayList<>();
        for (TemplateArrayValue element : value.getArrayData().getDataList()) {
          elements.add(array(name, element, depth + 1));
        }
        yield elements;
      }
      case JSON_DATA -> {
        List<Object> elements = new ArrayList<>();
        for (ByteString element : value.getJsonData().getDataList()) {
          elements.add(json(name, KeyValues.json(name, element.toStringUtf8()), depth + 1));
        }
        yield elements;
      }
      case DATA_NOT_SET -> List.of();
    };
  }

  private static Object json(String name, JsonNode node, int depth) {
    checkDepth(name, depth);
    if (node.isArray()) {
      List<Object> elements = new ArrayList<>();
      for (JsonNode element : node) {
        elements.add(json(name, element, depth + 1));
      }
      return elements;
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    if (node.isNumber()) {
      return node.doubleValue();
    }
    throw Problems.argument(
        "filter parameter %s holds %s; bind booleans, numbers, strings and lists of these",
        name, node.isNull() ? "null" : "a JSON object");
  }

  private static void checkDepth(String name, int depth) {
    if (depth > DEPTH_MAX) {
      throw Problems.argument(
          "filter parameter %s is nested deeper than %d lists", name, DEPTH_MAX);
    }
  }
}
