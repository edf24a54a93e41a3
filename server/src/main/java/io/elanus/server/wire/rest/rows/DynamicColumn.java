package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.protobuf.ByteString;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.Slice;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.ScalarField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** What rows bring beyond their schema: one JSON object a row, its values as they were written. */
final class DynamicColumn {
  private final Slice text;
  private final JSONArray.Builder rows = JSONArray.newBuilder();
  private final ByteArrayOutputStream row = new ByteArrayOutputStream();
  private final Set<String> names = new HashSet<>();
  private boolean isEmpty = true;

  DynamicColumn(Slice text) {
    this.text = text;
  }

  void startRow() {
    row.reset();
    names.clear();
    row.write('{');
  }

  /** False where the row has that name already. */
  boolean add(String name, JsonParser parser) throws IOException {
    if (!names.add(name)) {
      return false;
    }
    if (names.size() > 1) {
      row.write(',');
    }
    row.write('"');
    row.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(name));
    row.write('"');
    row.write(':');
    Json.slice(parser, text).to(row);
    isEmpty = false;
    return true;
  }

  void endRow() {
    row.write('}');
    rows.addData(ByteString.copyFrom(row.toByteArray()));
  }

  /** Whether no row brought anything. */
  boolean isEmpty() {
    return isEmpty;
  }

  FieldData build() {
    return FieldData.newBuilder()
        .setType(DataType.JSON)
        .setFieldName("$meta")
        .setIsDynamic(true)
        .setScalars(ScalarField.newBuilder().setJsonData(rows))
        .build();
  }
}
