package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.ByteString;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.json.SchemaReader;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.VectorField;
import java.io.IOException;

/** Vectors of halves, int8 or bits: the bytes of rows one after another. */
final class ByteVectorColumn extends FieldColumn {
  private final ByteString.Output values = ByteString.newOutput();
  private final VectorText text;

  ByteVectorColumn(FieldSchema field) {
    super(field);
    this.text = new VectorText(field);
  }

  @Override
  String expected() {
    return text.expected();
  }

  @Override
  void value(JsonParser parser, int row) throws IOException {
    values.write(text.read(parser, problem -> RestException.insertData(where(row) + problem)));
  }

  @Override
  void values(FieldData.Builder data) {
    ByteString bytes = values.toByteString();
    VectorField.Builder vectors = VectorField.newBuilder().setDim(SchemaReader.dim(field));
    switch (field.getDataType()) {
      case BinaryVector -> vectors.setBinaryVector(bytes);
      case Float16Vector -> vectors.setFloat16Vector(bytes);
      case BFloat16Vector -> vectors.setBfloat16Vector(bytes);
      case Int8Vector -> vectors.setInt8Vector(bytes);
      default -> throw new IllegalStateException("no vectors of bytes: " + field.getDataType());
    }
    data.setVectors(vectors);
  }
}
