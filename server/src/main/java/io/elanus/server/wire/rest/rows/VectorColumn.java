package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.json.SchemaReader;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.VectorField;
import java.io.IOException;

/** {@code float_vector}: rows one after another. */
final class VectorColumn extends FieldColumn {
  private final FloatArray.Builder values = FloatArray.newBuilder();
  private final int dim;

  VectorColumn(FieldSchema field) {
    super(field);
    this.dim = SchemaReader.dim(field);
  }

  @Override
  String expected() {
    return "an array of " + dim + " numbers";
  }

  @Override
  void value(JsonParser parser, int row) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw mismatch(parser, row);
    }
    int length = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!parser.currentToken().isNumeric()) {
        throw RestException.insertData(
            where(row)
                + " must be "
                + expected()
                + ", but element "
                + length
                + " is "
                + Json.describe(parser));
      }
      values.addData(ScalarColumns.realNumber(this, parser, row));
      length++;
    }
    if (length != dim) {
      throw RestException.insertData(where(row) + " must be " + expected() + ", but has " + length);
    }
  }

  @Override
  void values(FieldData.Builder data) {
    data.setVectors(VectorField.newBuilder().setDim(dim).setFloatVector(values));
  }
}
