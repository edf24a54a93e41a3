package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonParser;
import io.elanus.server.wire.rest.json.RestException;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.SparseFloatArray;
import io.milvus.grpc.VectorField;
import java.io.IOException;

/** {@code sparse_float_vector}: the pairs of each row. */
final class SparseColumn extends FieldColumn {
  private final SparseFloatArray.Builder rows = SparseFloatArray.newBuilder();

  SparseColumn(FieldSchema field) {
    super(field);
  }

  @Override
  String expected() {
    return SparseJson.EXPECTED;
  }

  @Override
  void value(JsonParser parser, int row) throws IOException {
    try {
      rows.addContents(SparseJson.read(parser));
    } catch (SparseJson.NotSparseException e) {
      throw RestException.insertData(where(row) + " must be " + expected());
    }
  }

  @Override
  void values(FieldData.Builder data) {
    data.setVectors(VectorField.newBuilder().setSparseFloatVector(rows));
  }
}
