package io.elanus.app.export;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.milvus.grpc.FieldData;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; what no field declares lies beside the fields, as it was inserted. */
final class JsonRows implements RowFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BufferedWriter out;

  JsonRows(Path file) throws IOException {
    out = Files.newBufferedWriter(file);
  }

  @Override
  public void write(List<FieldData> columns, int rows) throws IOException {
    JsonGenerator json = JSON.createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.setRootValueSeparator(null);
    for (int row = 0; row < rows; row++) {
      json.writeStartObject();
      for (FieldData column : columns) {
        Object value = PageValues.at(column, row);
        if (column.getIsDynamic()) {
          beside(json, value);
        } else {
          json.writeFieldName(column.getFieldName());
          write(json, value);
        }
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }
    json.flush();
  }

  private static void beside(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof PageValues.Json object) {
      for (var member : JSON.readTree(object.text()).properties()) {
        json.writeFieldName(member.getKey());
        json.writeTree(member.getValue());
      }
    }
  }

  static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case PageValues.Json(String text) -> {
        JsonNode tree = JSON.readTree(text);
        json.writeTree(tree);
      }
      case PageValues.Sparse sparse -> {
        json.writeStartObject();
        for (int i = 0; i < sparse.indices().size(); i++) {
          json.writeNumberField(Long.toString(sparse.indices().get(i)), sparse.values().get(i));
        }
        json.writeEndObject();
      }
      case List<?> list -> {
        json.writeStartArray();
        for (Object each : list) {
          write(json, each);
        }
        json.writeEndArray();
      }
      case Boolean flag -> json.writeBoolean(flag);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Float number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      default -> json.writeString(value.toString());
    }
  }

  /** A value as JSON on one line. */
  static String text(Object value) throws IOException {
    java.io.StringWriter text = new java.io.StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(json, value);
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
