package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.Slice;
import io.milvus.grpc.BoolArray;
import io.milvus.grpc.DoubleArray;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StringArray;
import java.io.IOException;

/** Columns of one value a row. */
final class ScalarColumns {
  private ScalarColumns() {}

  /** {@code bool_data}. */
  static final class Booleans extends FieldColumn {
    private final BoolArray.Builder values = BoolArray.newBuilder();

    Booleans(FieldSchema field) {
      super(field);
    }

    @Override
    String expected() {
      return "true or false";
    }

    @Override
    void value(JsonParser parser, int row) throws IOException {
      if (!parser.currentToken().isBoolean()) {
        throw mismatch(parser, row);
      }
      values.addData(parser.getBooleanValue());
    }

    @Override
    void values(FieldData.Builder data) {
      data.setScalars(ScalarField.newBuilder().setBoolData(values));
    }
  }

  /** {@code int_data} of Int8, Int16, Int32. */
  static final class Ints extends FieldColumn {
    private final IntArray.Builder values = IntArray.newBuilder();
    private final int min;
    private final int max;

    Ints(FieldSchema field, int min, int max) {
      super(field);
      this.min = min;
      this.max = max;
    }

    @Override
    String expected() {
      return "an integer from " + min + " to " + max;
    }

    @Override
    void value(JsonParser parser, int row) throws IOException {
      long value = wholeNumber(this, parser, row);
      if (value < min || value > max) {
        throw mismatch(parser, row);
      }
      values.addData((int) value);
    }

    @Override
    void values(FieldData.Builder data) {
      data.setScalars(ScalarField.newBuilder().setIntData(values));
    }
  }

  /** {@code long_data}. */
  static final class Longs extends FieldColumn {
    private final LongArray.Builder values = LongArray.newBuilder();

    Longs(FieldSchema field) {
      super(field);
    }

    @Override
    String expected() {
      return "an integer of 64 bits, as a number or a string";
    }

    @Override
    void value(JsonParser parser, int row) throws IOException {
      values.addData(wholeNumber(this, parser, row));
    }

    @Override
    void values(FieldData.Builder data) {
      data.setScalars(ScalarField.newBuilder().setLongData(values));
    }
  }

  /** {@code float_data}. */
  static final class Floats extends FieldColumn {
    private final FloatArray.Builder values = FloatArray.newBuilder();

    Floats(FieldSchema field) {
      super(field);
    }

    @Override
    String expected() {
      return "a number of 32 bits";
    }

    @Override
    void value(JsonParser parser, int row) throws IOException {
      values.addData(realNumber(this, parser, row));
    }

    @Override
    void values(FieldData.Builder data) {
      data.setScalars(ScalarField.newBuilder().setFloatData(values));
    }
  }

  /** {@code double_data}. */
  static final class Doubles extends FieldColumn {
    private final DoubleArray.Builder values = DoubleArray.newBuilder();

    Doubles(FieldSchema field) {
      super(field);
    }

    @Override
    String expected() {
      return "a number of 64 bits";
    }

    @Override
    void value(JsonParser parser, int row) throws IOException {
      double value = parser.currentToken().isNumeric() ? parser.getDoubleValue() : Double.NaN;
      if (!Double.isFinite(value)) {
        throw mismatch(parser, row);
      }
      values.addData(value);
    }

    @Override
    void values(FieldData.Builder data) {
      data.setScalars(ScalarField.newBuilder().setDoubleData(values));
    }
  }

  /** {@code string_data}. */
  static final class Texts extends FieldColumn {
    private final StringArray.Builder values = StringArray.newBuilder();

    Texts(FieldSchema field) {
      super(field);
    }

    @Override
    String expected() {
      return "a string";
    }

    @Override
    void value(JsonParser parser, int row) throws IOException {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw mismatch(parser, row);
      }
      values.addData(parser.getText());
    }

    @Override
    void values(FieldData.Builder data) {
      data.setScalars(ScalarField.newBuilder().setStringData(values));
    }
  }

  /** {@code json_data}: the text as it was sent. */
  static final class Jsons extends FieldColumn {
    private final JSONArray.Builder values = JSONArray.newBuilder();
    private final Slice text;

    Jsons(FieldSchema field, Slice text) {
      super(field);
      this.text = text;
    }

    @Override
    String expected() {
      return "JSON";
    }

    @Override
    void value(JsonParser parser, int row) throws IOException {
      Slice value = Json.slice(parser, text);
      values.addData(ByteString.copyFrom(value.bytes(), value.offset(), value.length()));
    }

    @Override
    void values(FieldData.Builder data) {
      data.setScalars(ScalarField.newBuilder().setJsonData(values));
    }
  }

  /** JavaScript cannot hold all integers of 64 bits, so strings of digits are as good. */
  private static long wholeNumber(FieldColumn column, JsonParser parser, int row)
      throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return parser.getLongValue();
    }
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      try {
        return Long.parseLong(parser.getText());
      } catch (NumberFormatException e) {
        throw column.mismatch(parser, row);
      }
    }
    throw column.mismatch(parser, row);
  }

  static float realNumber(FieldColumn column, JsonParser parser, int row) throws IOException {
    float value = parser.currentToken().isNumeric() ? parser.getFloatValue() : Float.NaN;
    if (!Float.isFinite(value)) {
      throw column.mismatch(parser, row);
    }
    return value;
  }
}
