package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.json.Slice;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A column while its rows are read. Nulls are left out of the values and marked in the validity, as
 * clients of the protocol do it.
 */
abstract class FieldColumn {
  /** Whether rows bring this field. */
  enum Given {
    /** In each row, unless it may be null or has a default. */
    IN_EACH,
    /** In all rows or in none. */
    IN_ALL,
    NEVER
  }

  final FieldSchema field;
  private final boolean mayBeAbsent;
  private final List<Boolean> validity = new ArrayList<>();
  private Given given = Given.IN_EACH;
  private int rowCount;
  private int absentRow = -1;

  FieldColumn(FieldSchema field) {
    this.field = field;
    this.mayBeAbsent = field.getNullable() || field.hasDefaultValue();
  }

  static FieldColumn of(FieldSchema field, Slice text) {
    return switch (field.getDataType()) {
      case Bool -> new ScalarColumns.Booleans(field);
      case Int8 -> new ScalarColumns.Ints(field, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case Int16 -> new ScalarColumns.Ints(field, Short.MIN_VALUE, Short.MAX_VALUE);
      case Int32 -> new ScalarColumns.Ints(field, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case Int64 -> new ScalarColumns.Longs(field);
      case Float -> new ScalarColumns.Floats(field);
      case Double -> new ScalarColumns.Doubles(field);
      case VarChar -> new ScalarColumns.Texts(field);
      case JSON -> new ScalarColumns.Jsons(field, text);
      case Array -> new ArrayColumn(field, text);
      case FloatVector -> new VectorColumn(field);
      case SparseFloatVector -> new SparseColumn(field);
      case BinaryVector, Float16Vector, BFloat16Vector, Int8Vector -> new ByteVectorColumn(field);
      default ->
          throw new ElanusException(
              ErrorCode.UNSUPPORTED,
              "field \""
                  + field.getName()
                  + "\" has the type "
                  + field.getDataType()
                  + ", which REST does not take yet");
    };
  }

  final void setGiven(Given when) {
    this.given = when;
  }

  final boolean isUsed() {
    return rowCount > 0;
  }

  /** Takes the value that the parser stands on. */
  final void read(JsonParser parser, int row) throws IOException {
    if (given == Given.NEVER) {
      throw RestException.insertData(
          "row "
              + row
              + " has the field \""
              + field.getName()
              + "\", whose values the server makes; remove it");
    }
    if (rowCount > row) {
      throw RestException.insertData(
          "row " + row + " has the field \"" + field.getName() + "\" twice; keep one of them");
    }
    if (absentRow >= 0) {
      throw missing(absentRow);
    }
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      if (!mayBeAbsent) {
        throw RestException.insertData(where(row) + " must not be null");
      }
      skip();
      return;
    }
    try {
      value(parser, row);
    } catch (InputCoercionException e) {
      throw mismatch(parser, row);
    }
    validity.add(true);
    rowCount++;
  }

  final void endRow(int row) {
    if (rowCount > row || given == Given.NEVER) {
      return;
    }
    if (given == Given.IN_ALL) {
      if (rowCount > 0) {
        throw missing(row);
      }
      absentRow = row;
      return;
    }
    if (!mayBeAbsent) {
      throw missing(row);
    }
    skip();
  }

  private void skip() {
    validity.add(false);
    rowCount++;
  }

  private RestException missing(int row) {
    return RestException.insertData(
        "row " + row + " lacks the field \"" + field.getName() + "\" (" + expected() + ")");
  }

  final RestException mismatch(JsonParser parser, int row) throws IOException {
    return RestException.insertData(
        where(row) + " must be " + expected() + ", but is " + Json.describe(parser));
  }

  final String where(int row) {
    return "row " + row + ", field \"" + field.getName() + "\"";
  }

  final FieldData build() {
    FieldData.Builder data =
        FieldData.newBuilder()
            .setType(field.getDataType())
            .setFieldName(field.getName())
            .setFieldId(field.getFieldID());
    values(data);
    if (mayBeAbsent) {
      data.addAllValidData(validity);
    }
    return data.build();
  }

  /** What values of this column look like, for errors. */
  abstract String expected();

  /** Takes a value that is not null. */
  abstract void value(JsonParser parser, int row) throws IOException;

  abstract void values(FieldData.Builder data);
}
