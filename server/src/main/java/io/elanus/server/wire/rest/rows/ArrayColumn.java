package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.elanus.server.wire.rest.json.Slice;
import io.milvus.grpc.ArrayArray;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.ScalarField;
import java.io.IOException;

/** {@code array_data}: each row is a column of its elements. */
final class ArrayColumn extends FieldColumn {
  private final ArrayArray.Builder values = ArrayArray.newBuilder();
  private final FieldSchema element;
  private final Slice text;
  private final String elements;

  ArrayColumn(FieldSchema field, Slice text) {
    super(field);
    this.text = text;
    this.element =
        FieldSchema.newBuilder()
            .setName(field.getName())
            .setDataType(field.getElementType())
            .build();
    this.elements = FieldColumn.of(element, text).expected();
  }

  @Override
  String expected() {
    return "an array whose elements are each " + elements;
  }

  @Override
  void value(JsonParser parser, int row) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw mismatch(parser, row);
    }
    FieldColumn column = FieldColumn.of(element, text);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.VALUE_NULL) {
        throw mismatch(parser, row);
      }
      column.value(parser, row);
    }
    FieldData.Builder data = FieldData.newBuilder();
    column.values(data);
    values.addData(data.getScalars());
  }

  @Override
  void values(FieldData.Builder data) {
    data.setScalars(
        ScalarField.newBuilder().setArrayData(values.setElementType(field.getElementType())));
  }
}
