package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import io.elanus.server.wire.rest.json.RestException;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.VectorField;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One column of an answer, read by row. Nullable scalars are full-length, nullable vectors leave
 * the nulls out, as the protocol has it.
 */
final class FieldValues {
  private final FieldData field;
  private final boolean int64AsNumbers;
  private final int rowCount;

  /** Row to place among the values, −1 for null; null where each row has its own place. */
  private final int @Nullable [] places;

  private FieldValues(FieldData field, boolean int64AsNumbers) {
    this.field = field;
    this.int64AsNumbers = int64AsNumbers;
    this.places = places(field);
    this.rowCount = places == null ? valueCount(field) : places.length;
  }

  static FieldValues of(FieldData field, boolean int64AsNumbers) {
    return new FieldValues(field, int64AsNumbers);
  }

  private static int @Nullable [] places(FieldData field) {
    int count = field.getValidDataCount();
    if (count == 0) {
      return null;
    }
    boolean isCompact = valueCount(field) < count;
    int[] places = new int[count];
    int place = 0;
    for (int row = 0; row < count; row++) {
      boolean isValid = field.getValidData(row);
      places[row] = isValid ? place : -1;
      place += isValid || !isCompact ? 1 : 0;
    }
    return places;
  }

  private static int valueCount(FieldData field) {
    if (field.hasVectors()) {
      VectorField vectors = field.getVectors();
      int dim = Math.max(1, (int) vectors.getDim());
      return switch (vectors.getDataCase()) {
        case FLOAT_VECTOR -> vectors.getFloatVector().getDataCount() / dim;
        case INT8_VECTOR -> vectors.getInt8Vector().size() / dim;
        case SPARSE_FLOAT_VECTOR -> vectors.getSparseFloatVector().getContentsCount();
        case FLOAT16_VECTOR -> vectors.getFloat16Vector().size() / (2 * dim);
        case BFLOAT16_VECTOR -> vectors.getBfloat16Vector().size() / (2 * dim);
        case BINARY_VECTOR -> vectors.getBinaryVector().size() / Math.max(1, dim / 8);
        case DATA_NOT_SET -> 0;
        default -> throw unknown(field);
      };
    }
    ScalarField scalars = field.getScalars();
    return switch (scalars.getDataCase()) {
      case BOOL_DATA -> scalars.getBoolData().getDataCount();
      case INT_DATA -> scalars.getIntData().getDataCount();
      case LONG_DATA -> scalars.getLongData().getDataCount();
      case FLOAT_DATA -> scalars.getFloatData().getDataCount();
      case DOUBLE_DATA -> scalars.getDoubleData().getDataCount();
      case STRING_DATA -> scalars.getStringData().getDataCount();
      case ARRAY_DATA -> scalars.getArrayData().getDataCount();
      case JSON_DATA -> scalars.getJsonData().getDataCount();
      case DATA_NOT_SET -> 0;
      default -> throw unknown(field);
    };
  }

  String name() {
    return field.getFieldName();
  }

  boolean isDynamic() {
    return field.getIsDynamic();
  }

  int rowCount() {
    return rowCount;
  }

  /** The JSON of a row, empty for null. */
  byte[] bytes(int row) {
    int place = place(row);
    ByteString json =
        place < 0 ? ByteString.EMPTY : field.getScalars().getJsonData().getData(place);
    return json.toByteArray();
  }

  private int place(int row) {
    if (row >= rowCount) {
      throw RestException.searchResult(
          "field \"" + field.getFieldName() + "\" has only " + rowCount + " values");
    }
    return places == null ? row : places[row];
  }

  void write(JsonGenerator out, int row) throws IOException {
    int place = place(row);
    if (place < 0) {
      out.writeNull();
    } else if (field.hasVectors()) {
      writeVector(out, field.getVectors(), place);
    } else {
      writeScalar(out, field.getScalars(), place);
    }
  }

  /** Halves and bits are base64, as there is no other form that says all of them. */
  private void writeVector(JsonGenerator out, VectorField vectors, int place) throws IOException {
    if (vectors.hasSparseFloatVector()) {
      SparseJson.write(out, vectors.getSparseFloatVector().getContents(place));
      return;
    }
    int dim = (int) vectors.getDim();
    switch (vectors.getDataCase()) {
      case FLOAT16_VECTOR -> writeBytes(out, vectors.getFloat16Vector(), place, 2 * dim);
      case BFLOAT16_VECTOR -> writeBytes(out, vectors.getBfloat16Vector(), place, 2 * dim);
      case BINARY_VECTOR -> writeBytes(out, vectors.getBinaryVector(), place, dim / 8);
      default -> {
        out.writeStartArray();
        for (int i = place * dim; i < (place + 1) * dim; i++) {
          if (vectors.hasFloatVector()) {
            out.writeNumber(vectors.getFloatVector().getData(i));
          } else {
            out.writeNumber(vectors.getInt8Vector().byteAt(i));
          }
        }
        out.writeEndArray();
      }
    }
  }

  private static void writeBytes(JsonGenerator out, ByteString vectors, int place, int length)
      throws IOException {
    out.writeBinary(vectors.substring(place * length, (place + 1) * length).toByteArray());
  }

  private void writeScalar(JsonGenerator out, ScalarField scalars, int place) throws IOException {
    switch (scalars.getDataCase()) {
      case BOOL_DATA -> out.writeBoolean(scalars.getBoolData().getData(place));
      case INT_DATA -> out.writeNumber(scalars.getIntData().getData(place));
      case LONG_DATA -> writeLong(out, scalars.getLongData().getData(place));
      case FLOAT_DATA -> out.writeNumber(scalars.getFloatData().getData(place));
      case DOUBLE_DATA -> out.writeNumber(scalars.getDoubleData().getData(place));
      case STRING_DATA -> out.writeString(scalars.getStringData().getData(place));
      case JSON_DATA -> out.writeRawValue(scalars.getJsonData().getData(place).toStringUtf8());
      case ARRAY_DATA -> writeArray(out, scalars.getArrayData().getData(place));
      default -> throw unknown(field);
    }
  }

  private void writeArray(JsonGenerator out, ScalarField elements) throws IOException {
    FieldValues values =
        new FieldValues(FieldData.newBuilder().setScalars(elements).build(), int64AsNumbers);
    out.writeStartArray();
    for (int i = 0; i < values.rowCount(); i++) {
      values.write(out, i);
    }
    out.writeEndArray();
  }

  private void writeLong(JsonGenerator out, long value) throws IOException {
    // A count is small and no key: it stays a number whatever was asked.
    if (int64AsNumbers || field.getFieldName().equals("count(*)")) {
      out.writeNumber(value);
    } else {
      out.writeString(Long.toString(value));
    }
  }

  private static RestException unknown(FieldData field) {
    DataType type = field.getType();
    return RestException.searchResult(
        "field \"" + field.getFieldName() + "\" has the type " + type + ", which has no JSON form");
  }
}
