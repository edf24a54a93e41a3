package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.databind.JsonNode;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.json.SchemaReader;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.TemplateArrayValue;
import io.milvus.grpc.TemplateValue;
import java.util.List;
import java.util.Map;

/** {@code id}, one key or an array of them, as a filter. Keys are bound, never pasted into text. */
public final class PrimaryKeys {
  private static final String PARAMETER = "elanus_keys";

  /** A filter and the values of its templates. */
  public record KeyFilter(String expression, Map<String, TemplateValue> values) {}

  private PrimaryKeys() {}

  public static KeyFilter filter(CollectionSchema schema, JsonNode id) {
    FieldSchema key = SchemaReader.primaryKey(schema);
    List<JsonNode> ids = id.isArray() ? id.valueStream().toList() : List.of(id);
    TemplateArrayValue.Builder keys = TemplateArrayValue.newBuilder();
    if (key.getDataType() == DataType.VarChar) {
      StringArray.Builder texts = StringArray.newBuilder();
      ids.forEach(one -> texts.addData(text(key, one)));
      keys.setStringData(texts);
    } else {
      LongArray.Builder numbers = LongArray.newBuilder();
      ids.forEach(one -> numbers.addData(number(key, one)));
      keys.setLongData(numbers);
    }
    return new KeyFilter(
        key.getName() + " in {" + PARAMETER + "}",
        Map.of(PARAMETER, TemplateValue.newBuilder().setArrayVal(keys).build()));
  }

  private static String text(FieldSchema key, JsonNode id) {
    if (!id.isTextual()) {
      throw mismatch(key, "a string", id);
    }
    return id.textValue();
  }

  private static long number(FieldSchema key, JsonNode id) {
    if (id.isIntegralNumber() && id.canConvertToLong()) {
      return id.longValue();
    }
    try {
      if (id.isTextual()) {
        return Long.parseLong(id.textValue());
      }
    } catch (NumberFormatException e) {
      throw mismatch(key, "an integer of 64 bits", id);
    }
    throw mismatch(key, "an integer of 64 bits", id);
  }

  private static RestException mismatch(FieldSchema key, String expected, JsonNode id) {
    return RestException.primaryKey(
        "the primary key \""
            + key.getName()
            + "\" is "
            + expected
            + ", but id holds "
            + Json.describe(id));
  }
}
