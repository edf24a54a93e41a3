package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.json.Slice;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.IDs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Columns of an answer as an array of JSON objects, streamed. The dynamic field's keys become
 * members of the row: all of them where everything or {@code $meta} was asked for, else those
 * named.
 */
public final class RowWriter {
  private static final String DYNAMIC_FIELD = "$meta";
  private static final String DISTANCE = "distance";

  private final boolean int64AsNumbers;
  private final boolean isWholeDynamic;
  private final Set<String> asked;

  /**
   * @param int64AsNumbers false to write integers of 64 bits as strings
   * @param outputFields as the client asked for them
   */
  public RowWriter(boolean int64AsNumbers, List<String> outputFields) {
    this.int64AsNumbers = int64AsNumbers;
    this.asked = new HashSet<>();
    outputFields.forEach(name -> asked.add(dynamicKey(name)));
    this.isWholeDynamic = asked.contains("*") || asked.contains(DYNAMIC_FIELD);
  }

  /** {@code $meta["key"]} asks for the key as {@code key} does. */
  private static String dynamicKey(String name) {
    boolean isPath =
        name.startsWith(DYNAMIC_FIELD + "[") && name.endsWith("]") && name.length() > 9;
    return isPath ? name.substring(7, name.length() - 2) : name;
  }

  /** Rows of a query. */
  public void write(JsonGenerator out, List<FieldData> fields) throws IOException {
    List<FieldValues> columns = columns(fields, Set.of());
    int rowCount = columns.isEmpty() ? 0 : columns.getFirst().rowCount();
    out.writeStartArray();
    for (int row = 0; row < rowCount; row++) {
      out.writeStartObject();
      writeFields(out, columns, row);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** Hits of all queries of a search, one after another. */
  public void write(JsonGenerator out, Hits hits) throws IOException {
    List<FieldValues> columns = columns(hits.fields(), Set.of(hits.keyName()));
    int rowCount = hits.scores().size();
    if (keyCount(hits.keys()) != rowCount) {
      throw RestException.searchResult(
          "the result has "
              + keyCount(hits.keys())
              + " primary keys and "
              + rowCount
              + " distances");
    }
    out.writeStartArray();
    for (int row = 0; row < rowCount; row++) {
      out.writeStartObject();
      out.writeFieldName(hits.keyName());
      writeKey(out, hits.keys(), row);
      out.writeNumberField(DISTANCE, hits.scores().get(row));
      writeFields(out, columns, row);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /**
   * What a search found.
   *
   * @param fields aligned with the keys
   */
  public record Hits(String keyName, IDs keys, List<Float> scores, List<FieldData> fields) {}

  /** Keys alone, as an array. */
  public void writeKeys(JsonGenerator out, IDs keys) throws IOException {
    out.writeStartArray();
    for (int row = 0; row < keyCount(keys); row++) {
      writeKey(out, keys, row);
    }
    out.writeEndArray();
  }

  private static int keyCount(IDs keys) {
    return keys.hasStrId() ? keys.getStrId().getDataCount() : keys.getIntId().getDataCount();
  }

  private void writeKey(JsonGenerator out, IDs keys, int row) throws IOException {
    if (keys.hasStrId()) {
      out.writeString(keys.getStrId().getData(row));
    } else if (int64AsNumbers) {
      out.writeNumber(keys.getIntId().getData(row));
    } else {
      out.writeString(Long.toString(keys.getIntId().getData(row)));
    }
  }

  private List<FieldValues> columns(List<FieldData> fields, Set<String> writtenAlready) {
    List<FieldValues> columns = new ArrayList<>(fields.size());
    for (FieldData field : fields) {
      if (!writtenAlready.contains(field.getFieldName())) {
        columns.add(FieldValues.of(field, int64AsNumbers));
      }
    }
    return columns;
  }

  private void writeFields(JsonGenerator out, List<FieldValues> columns, int row)
      throws IOException {
    for (FieldValues column : columns) {
      if (column.isDynamic()) {
        writeDynamic(out, column.bytes(row));
      } else {
        out.writeFieldName(column.name());
        column.write(out, row);
      }
    }
  }

  /** Values are passed on as text, so that no digit is lost. */
  private void writeDynamic(JsonGenerator out, byte[] json) throws IOException {
    if (json.length == 0) {
      return;
    }
    Slice text = Slice.of(json);
    try (JsonParser parser = Json.parser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw RestException.searchResult("the dynamic field of a row is not an object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        Slice value = Json.slice(parser, text);
        if (isWholeDynamic || asked.contains(name)) {
          out.writeFieldName(name);
          out.writeRawValue(value.text());
        }
      }
    } catch (JsonProcessingException e) {
      throw RestException.searchResult("the dynamic field of a row is not JSON");
    }
  }
}
