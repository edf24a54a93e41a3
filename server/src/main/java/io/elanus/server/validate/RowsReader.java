package io.elanus.server.validate;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Schema;
import io.milvus.grpc.ArrayArray;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.VectorField;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows as columns of the protocol, read into a batch.
 *
 * <p>Null rows are told by {@code valid_data}, one flag a row. Clients then leave the nulls out of
 * the values (compact); some send a filler for each (full length). Both are read. Newer writers put
 * the flags into the scalar or vector part instead of the field; those arrive as unknown fields.
 */
public final class RowsReader {
  /** No message within the size limit holds more rows that have a vector of two dimensions. */
  private static final long ROWS_MAX = 8L << 20;

  private static final int SCALAR_VALIDITY = 17;
  private static final int VECTOR_VALIDITY = 9;

  private RowsReader() {}

  public static InsertRequest insert(io.milvus.grpc.InsertRequest request) {
    NewerProtocol.refuse(request, "insert");
    SearchReader.refuseNamespace(request.hasNamespace());
    return new InsertRequest(
        request.getCollectionName(),
        request.getPartitionName(),
        read(request.getFieldsDataList(), request.getNumRows()),
        request.getSchemaTimestamp());
  }

  public static InsertRequest upsert(io.milvus.grpc.UpsertRequest request) {
    NewerProtocol.refuse(request, "upsert");
    SearchReader.refuseNamespace(request.hasNamespace());
    if (request.getPartialUpdate() || request.getFieldOpsCount() > 0) {
      throw Problems.unsupported(
          "partial updates are not offered yet; upsert whole rows, with every field");
    }
    return new InsertRequest(
        request.getCollectionName(),
        request.getPartitionName(),
        read(request.getFieldsDataList(), request.getNumRows()),
        request.getSchemaTimestamp());
  }

  /**
   * @param declared number of rows the request says it has, an unsigned number
   */
  public static RowBatch read(List<FieldData> fields, int declared) {
    long rows = Integer.toUnsignedLong(declared);
    if (rows == 0) {
      throw Problems.rows("num_rows should be greater than 0");
    }
    if (rows > ROWS_MAX) {
      throw new ElanusException(
          ErrorCode.TOO_LARGE,
          "a request of %d rows is too large; send at most %d at once".formatted(rows, ROWS_MAX));
    }
    if (fields.isEmpty()) {
      throw Problems.rows("the request has %d rows and no columns", rows);
    }
    Map<String, Column> columns = new LinkedHashMap<>();
    for (FieldData field : fields) {
      String name = field.getIsDynamic() ? Schema.DYNAMIC_FIELD : field.getFieldName();
      if (name.isEmpty()) {
        throw Problems.rows("a column has no field name");
      }
      if (columns.put(name, column(name, field, (int) rows)) != null) {
        throw Problems.rows("field %s is sent twice", name);
      }
    }
    return new RowBatch((int) rows, columns);
  }

  private static Column column(String name, FieldData field, int rows) {
    DataType type =
        FieldTypes.of(field.getType())
            .orElseThrow(
                () ->
                    Problems.unsupported(
                        "field %s: data type %s is not offered yet", name, field.getType()));
    if (type.isVector()) {
      VectorField vectors = field.getVectors();
      return VectorsReader.read(name, type, field, validity(field, vectors), rows);
    }
    if (field.hasVectors() || field.hasStructArrays()) {
      throw mismatch(name, type, field.getFieldCase().name());
    }
    ScalarField scalars = field.getScalars();
    return scalars(name, type, scalars, validity(field, scalars), rows);
  }

  private static Column scalars(
      String name, DataType type, ScalarField values, @Nullable BitSet valid, int rows) {
    checkCase(name, type, values);
    return switch (type) {
      case BOOL -> {
        Layout at = Layout.of(name, valid, values.getBoolData().getDataCount(), rows);
        boolean[] to = new boolean[rows];
        for (int row = 0; row < rows; row++) {
          to[row] = !at.isNull(row) && values.getBoolData().getData(at.source(row));
        }
        yield new Column.Bools(to, at.nulls());
      }
      case INT8, INT16, INT32 -> {
        Layout at = Layout.of(name, valid, values.getIntData().getDataCount(), rows);
        long[] to = new long[rows];
        for (int row = 0; row < rows; row++) {
          to[row] = at.isNull(row) ? 0 : values.getIntData().getData(at.source(row));
        }
        yield new Column.Longs(type, to, at.nulls());
      }
      case INT64 -> {
        Layout at = Layout.of(name, valid, values.getLongData().getDataCount(), rows);
        long[] to = new long[rows];
        for (int row = 0; row < rows; row++) {
          to[row] = at.isNull(row) ? 0 : values.getLongData().getData(at.source(row));
        }
        yield new Column.Longs(type, to, at.nulls());
      }
      case FLOAT -> {
        Layout at = Layout.of(name, valid, values.getFloatData().getDataCount(), rows);
        float[] to = new float[rows];
        for (int row = 0; row < rows; row++) {
          to[row] = at.isNull(row) ? 0 : values.getFloatData().getData(at.source(row));
        }
        yield new Column.Floats(to, at.nulls());
      }
      case DOUBLE -> {
        Layout at = Layout.of(name, valid, values.getDoubleData().getDataCount(), rows);
        double[] to = new double[rows];
        for (int row = 0; row < rows; row++) {
          to[row] = at.isNull(row) ? 0 : values.getDoubleData().getData(at.source(row));
        }
        yield new Column.Doubles(to, at.nulls());
      }
      default -> objects(name, type, values, valid, rows);
    };
  }

  private static Column objects(
      String name, DataType type, ScalarField values, @Nullable BitSet valid, int rows) {
    if (type == DataType.VARCHAR) {
      Layout at = Layout.of(name, valid, values.getStringData().getDataCount(), rows);
      @Nullable String[] to = new @Nullable String[rows];
      for (int row = 0; row < rows; row++) {
        to[row] = at.isNull(row) ? null : values.getStringData().getData(at.source(row));
      }
      return new Column.Strings(to);
    }
    if (type == DataType.JSON) {
      Layout at = Layout.of(name, valid, values.getJsonData().getDataCount(), rows);
      byte[] @Nullable [] to = new byte[rows] @Nullable [];
      for (int row = 0; row < rows; row++) {
        to[row] =
            at.isNull(row) ? null : values.getJsonData().getData(at.source(row)).toByteArray();
      }
      return new Column.Jsons(to);
    }
    return arrays(name, values.getArrayData(), valid, rows);
  }

  private static Column arrays(String name, ArrayArray values, @Nullable BitSet valid, int rows) {
    Layout at = Layout.of(name, valid, values.getDataCount(), rows);
    DataType elementType = elementType(name, values);
    @Nullable Column[] to = new @Nullable Column[rows];
    for (int row = 0; row < rows; row++) {
      if (!at.isNull(row)) {
        ScalarField elements = values.getData(at.source(row));
        to[row] = scalars(name, elementType, elements, null, count(elements));
      }
    }
    return new Column.Arrays(elementType, to);
  }

  private static DataType elementType(String name, ArrayArray values) {
    if (values.getElementType() != io.milvus.grpc.DataType.None) {
      return FieldTypes.of(values.getElementType())
          .filter(DataType::isArrayElement)
          .orElseThrow(
              () ->
                  Problems.unsupported(
                      "field %s: arrays of %s are not offered", name, values.getElementType()));
    }
    // Not every client names it; the values tell.
    for (ScalarField row : values.getDataList()) {
      switch (row.getDataCase()) {
        case BOOL_DATA:
          return DataType.BOOL;
        case LONG_DATA:
          return DataType.INT64;
        case FLOAT_DATA:
          return DataType.FLOAT;
        case DOUBLE_DATA:
          return DataType.DOUBLE;
        case STRING_DATA:
          return DataType.VARCHAR;
        case INT_DATA:
          return DataType.INT32;
        default:
          break;
      }
    }
    throw Problems.rows("field %s: the array column does not say its element type", name);
  }

  private static int count(ScalarField values) {
    return switch (values.getDataCase()) {
      case BOOL_DATA -> values.getBoolData().getDataCount();
      case INT_DATA -> values.getIntData().getDataCount();
      case LONG_DATA -> values.getLongData().getDataCount();
      case FLOAT_DATA -> values.getFloatData().getDataCount();
      case DOUBLE_DATA -> values.getDoubleData().getDataCount();
      case STRING_DATA -> values.getStringData().getDataCount();
      default -> 0;
    };
  }

  private static void checkCase(String name, DataType type, ScalarField values) {
    ScalarField.DataCase expected =
        switch (type) {
          case BOOL -> ScalarField.DataCase.BOOL_DATA;
          case INT8, INT16, INT32 -> ScalarField.DataCase.INT_DATA;
          case INT64 -> ScalarField.DataCase.LONG_DATA;
          case FLOAT -> ScalarField.DataCase.FLOAT_DATA;
          case DOUBLE -> ScalarField.DataCase.DOUBLE_DATA;
          case VARCHAR -> ScalarField.DataCase.STRING_DATA;
          case JSON -> ScalarField.DataCase.JSON_DATA;
          case ARRAY -> ScalarField.DataCase.ARRAY_DATA;
          default -> ScalarField.DataCase.DATA_NOT_SET;
        };
    ScalarField.DataCase sent = values.getDataCase();
    if (sent != expected && sent != ScalarField.DataCase.DATA_NOT_SET) {
      throw mismatch(name, type, sent.name());
    }
  }

  static ElanusException mismatch(String name, DataType type, String sent) {
    return Problems.rows("field %s says its type is %s, but its values are %s", name, type, sent);
  }

  private static @Nullable BitSet validity(FieldData field, ScalarField scalars) {
    return validity(field, scalars.getUnknownFields().getField(SCALAR_VALIDITY));
  }

  private static @Nullable BitSet validity(FieldData field, VectorField vectors) {
    return validity(field, vectors.getUnknownFields().getField(VECTOR_VALIDITY));
  }

  /**
   * A bit per valid row and one more bit set behind the last row, which carries the number of rows;
   * null where nothing was said.
   */
  private static @Nullable BitSet validity(FieldData field, UnknownFieldSet.Field newer) {
    BitSet valid = new BitSet();
    int rows = 0;
    for (int i = 0; i < field.getValidDataCount(); i++) {
      valid.set(rows++, field.getValidData(i));
    }
    if (rows == 0) {
      for (ByteString packed : newer.getLengthDelimitedList()) {
        for (int i = 0; i < packed.size(); i++) {
          valid.set(rows++, packed.byteAt(i) != 0);
        }
      }
      for (long flag : newer.getVarintList()) {
        valid.set(rows++, flag != 0);
      }
    }
    if (rows == 0) {
      return null;
    }
    valid.set(rows);
    return valid;
  }

  /** Where the value of each row stands among the values sent; null rows have none. */
  private record Layout(int @Nullable [] sources, @Nullable BitSet nulls) {

    static Layout of(String name, @Nullable BitSet valid, int count, int rows) {
      if (valid == null) {
        if (count != rows) {
          throw wrongRows(name, count, rows);
        }
        return new Layout(null, null);
      }
      int flags = valid.length() - 1;
      int present = valid.cardinality() - 1;
      if (flags != rows) {
        throw wrongRows(name, flags, rows);
      }
      if (count != present && count != rows) {
        throw Problems.rows(
            "field %s: %d values for %d valid rows of %d", name, count, present, rows);
      }
      if (present == rows) {
        return new Layout(null, null);
      }
      boolean compact = count == present;
      int[] sources = new int[rows];
      BitSet nulls = new BitSet(rows);
      int next = 0;
      for (int row = 0; row < rows; row++) {
        sources[row] = compact ? next : row;
        if (valid.get(row)) {
          next++;
        } else {
          nulls.set(row);
        }
      }
      return new Layout(sources, nulls);
    }

    private static ElanusException wrongRows(String name, int got, int rows) {
      return Problems.rows(
          "the num_rows (%d) of field %s is not equal to passed num_rows (%d)", got, name, rows);
    }

    boolean isNull(int row) {
      return nulls != null && nulls.get(row);
    }

    int source(int row) {
      return sources == null ? row : sources[row];
    }
  }
}
