package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.elanus.model.rows.Halves;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.SchemaReader;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.function.Function;

/**
 * A dense vector in JSON, to its bytes. Numbers are an array; halves may be an array of numbers,
 * which are rounded, or their bytes in base64; bits are bytes, in base64 or as an array of 0 to
 * 255.
 */
final class VectorText {
  private final DataType type;
  private final int length;

  VectorText(FieldSchema field) {
    this.type = field.getDataType();
    int dim = SchemaReader.dim(field);
    this.length = type == DataType.BinaryVector ? dim / 8 : dim;
  }

  String expected() {
    return switch (type) {
      case FloatVector -> "an array of " + length + " numbers";
      case Int8Vector -> "an array of " + length + " integers from -128 to 127";
      case BinaryVector -> length + " bytes, in base64 or as an array of integers from 0 to 255";
      default -> "an array of " + length + " numbers, or " + 2 * length + " bytes in base64";
    };
  }

  /**
   * The vector that the parser stands on.
   *
   * @param refusal what is thrown, from the end of a sentence about the value
   */
  byte[] read(JsonParser parser, Function<String, RuntimeException> refusal) throws IOException {
    boolean text = parser.currentToken() == JsonToken.VALUE_STRING;
    if (text && (type == DataType.BinaryVector || isHalf())) {
      return decoded(parser, refusal);
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw refusal.apply(" must be " + expected() + ", but is " + Json.describe(parser));
    }
    ByteBuffer into = ByteBuffer.allocate(bytes()).order(ByteOrder.LITTLE_ENDIAN);
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!put(parser, count < length ? into : ByteBuffer.allocate(4))) {
        throw refusal.apply(
            " must be " + expected() + ", but element " + count + " is " + Json.describe(parser));
      }
      count++;
    }
    if (count != length) {
      throw refusal.apply(" must be " + expected() + ", but has " + count);
    }
    return into.array();
  }

  private byte[] decoded(JsonParser parser, Function<String, RuntimeException> refusal)
      throws IOException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(parser.getText());
    } catch (IllegalArgumentException e) {
      throw refusal.apply(" must be " + expected() + ", but is no base64");
    }
    if (bytes.length != bytes()) {
      throw refusal.apply(" must be " + expected() + ", but has " + bytes.length + " bytes");
    }
    return bytes;
  }

  private boolean isHalf() {
    return type == DataType.Float16Vector || type == DataType.BFloat16Vector;
  }

  private int bytes() {
    return isHalf() ? 2 * length : type == DataType.FloatVector ? 4 * length : length;
  }

  /** Whether the element is one that the type takes. */
  private boolean put(JsonParser parser, ByteBuffer into) throws IOException {
    if (type == DataType.BinaryVector || type == DataType.Int8Vector) {
      boolean bits = type == DataType.BinaryVector;
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        return false;
      }
      long value = parser.getNumberType() == JsonParser.NumberType.INT ? parser.getIntValue() : 999;
      into.put((byte) value);
      return bits ? value >= 0 && value <= 255 : value >= -128 && value <= 127;
    }
    float value = parser.currentToken().isNumeric() ? parser.getFloatValue() : Float.NaN;
    if (isHalf()) {
      var half =
          type == DataType.Float16Vector
              ? io.elanus.model.schema.DataType.FLOAT16_VECTOR
              : io.elanus.model.schema.DataType.BFLOAT16_VECTOR;
      short bits = Halves.narrow(half, value);
      into.putShort(bits);
      return Float.isFinite(Halves.widen(half, bits));
    }
    into.putFloat(value);
    return Float.isFinite(value);
  }
}
