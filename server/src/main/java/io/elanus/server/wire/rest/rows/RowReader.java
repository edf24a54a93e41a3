package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.json.Slice;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows as JSON objects to columns, in one pass over the text: no row is ever held as a tree. A
 * member goes to the field of its name, to the dynamic field where the collection has one, and is
 * refused otherwise.
 */
public final class RowReader {
  private static final String DYNAMIC_FIELD = "$meta";

  /** Which fields the rows must bring. */
  public enum Keys {
    /** The server makes the keys: they must not be given. */
    MADE,
    /** The server makes the keys of rows that bring none; either all bring one or none does. */
    OPTIONAL,
    /** Every row brings its key. */
    GIVEN
  }

  /** Columns of equal length. */
  public record Columns(List<FieldData> fields, int rowCount) {}

  private final Slice text;
  private final boolean isPartial;
  private final @Nullable DynamicColumn dynamic;
  private final Map<String, FieldColumn> columns = new LinkedHashMap<>();
  private int rowCount;

  /**
   * @param isPartial whether a field may be absent from all rows
   */
  public RowReader(CollectionSchema schema, Slice text, Keys keys, boolean isPartial) {
    this.text = text;
    this.isPartial = isPartial;
    for (FieldSchema field : schema.getFieldsList()) {
      if (field.getIsDynamic()) {
        continue;
      }
      FieldColumn column = FieldColumn.of(field, text);
      boolean isMadeKey = field.getIsPrimaryKey() && field.getAutoID() && keys != Keys.GIVEN;
      columns.put(field.getName(), column);
      if (field.getIsFunctionOutput()) {
        column.setGiven(FieldColumn.Given.NEVER);
      } else if (isMadeKey) {
        column.setGiven(keys == Keys.MADE ? FieldColumn.Given.NEVER : FieldColumn.Given.IN_ALL);
      } else if (isPartial) {
        column.setGiven(FieldColumn.Given.IN_ALL);
      }
    }
    this.dynamic = schema.getEnableDynamicField() ? new DynamicColumn(text) : null;
  }

  public Columns read() {
    try (JsonParser parser = Json.parser(text)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        row(parser);
      } else if (first == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw RestException.insertData(
                "row " + rowCount + " must be an object, but is " + Json.describe(parser));
          }
          row(parser);
        }
      } else {
        throw RestException.insertData(
            "data must be an object or an array of objects, but is " + Json.describe(parser));
      }
    } catch (JsonProcessingException e) {
      throw Json.malformed(e);
    } catch (IOException e) {
      throw Json.unreadable(e);
    }
    if (rowCount == 0) {
      throw RestException.insertData("data holds no row");
    }
    return new Columns(build(), rowCount);
  }

  private List<FieldData> build() {
    List<FieldData> fields = new ArrayList<>(columns.size() + 1);
    for (FieldColumn column : columns.values()) {
      if (column.isUsed()) {
        fields.add(column.build());
      }
    }
    if (dynamic != null && !(isPartial && dynamic.isEmpty())) {
      fields.add(dynamic.build());
    }
    return fields;
  }

  private void row(JsonParser parser) throws IOException {
    if (dynamic != null) {
      dynamic.startRow();
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      FieldColumn column = columns.get(name);
      if (column != null) {
        column.read(parser, rowCount);
      } else {
        readDynamic(name, parser);
      }
    }
    for (FieldColumn column : columns.values()) {
      column.endRow(rowCount);
    }
    if (dynamic != null) {
      dynamic.endRow();
    }
    rowCount++;
  }

  private void readDynamic(String name, JsonParser parser) throws IOException {
    if (dynamic == null) {
      throw RestException.insertData(
          "row "
              + rowCount
              + " has the field \""
              + name
              + "\", which the collection does not have; remove it or enable the dynamic field");
    }
    if (name.equals(DYNAMIC_FIELD)) {
      throw RestException.insertData(
          "row "
              + rowCount
              + " has the field \"$meta\"; write its keys into the row itself instead");
    }
    if (!dynamic.add(name, parser)) {
      throw RestException.insertData(
          "row " + rowCount + " has the field \"" + name + "\" twice; keep one of them");
    }
  }
}
