package io.elanus.app.export;

import com.google.protobuf.ByteString;
import io.elanus.model.rows.Halves;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.VectorField;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of a page's columns: Boolean, Integer (also for the smaller types), Long, Float, Double,
 * String; {@link Json}; lists of these for arrays; lists of Float for float and half vectors, of
 * Integer for int8 ones and for the bytes of binary ones; {@link Sparse}; null.
 */
final class PageValues {
  private PageValues() {}

  /** A JSON text. */
  record Json(String text) {}

  /** Ascending dimensions, and a value for each. */
  record Sparse(List<Long> indices, List<Float> values) {}

  static @Nullable Object at(FieldData field, int row) {
    if (field.getValidDataCount() > 0 && !field.getValidData(row)) {
      return null;
    }
    return field.hasVectors()
        ? vector(field.getType(), field.getVectors(), row)
        : scalar(field.getType(), field.getScalars(), row);
  }

  private static Object scalar(DataType type, ScalarField field, int row) {
    return switch (type) {
      case Bool -> field.getBoolData().getData(row);
      case Int8, Int16, Int32 -> field.getIntData().getData(row);
      case Int64 -> field.getLongData().getData(row);
      case Float -> field.getFloatData().getData(row);
      case Double -> field.getDoubleData().getData(row);
      case VarChar, String -> field.getStringData().getData(row);
      case JSON -> new Json(field.getJsonData().getData(row).toStringUtf8());
      case Array ->
          elements(field.getArrayData().getElementType(), field.getArrayData().getData(row));
      default -> throw new IllegalStateException("a column of type " + type);
    };
  }

  private static List<Object> elements(DataType type, ScalarField array) {
    int size =
        switch (array.getDataCase()) {
          case BOOL_DATA -> array.getBoolData().getDataCount();
          case INT_DATA -> array.getIntData().getDataCount();
          case LONG_DATA -> array.getLongData().getDataCount();
          case FLOAT_DATA -> array.getFloatData().getDataCount();
          case DOUBLE_DATA -> array.getDoubleData().getDataCount();
          case STRING_DATA -> array.getStringData().getDataCount();
          default -> 0;
        };
    List<Object> elements = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      elements.add(scalar(type, array, i));
    }
    return elements;
  }

  private static Object vector(DataType type, VectorField field, int row) {
    int dim = Math.toIntExact(field.getDim());
    return switch (type) {
      case FloatVector -> field.getFloatVector().getDataList().subList(row * dim, (row + 1) * dim);
      case Float16Vector ->
          halves(
              io.elanus.model.schema.DataType.FLOAT16_VECTOR, field.getFloat16Vector(), row, dim);
      case BFloat16Vector ->
          halves(
              io.elanus.model.schema.DataType.BFLOAT16_VECTOR, field.getBfloat16Vector(), row, dim);
      case Int8Vector -> bytes(field.getInt8Vector(), row, dim, false);
      case BinaryVector -> bytes(field.getBinaryVector(), row, dim / 8, true);
      case SparseFloatVector -> sparse(field.getSparseFloatVector().getContents(row));
      default -> throw new IllegalStateException("a column of type " + type);
    };
  }

  private static List<Float> halves(
      io.elanus.model.schema.DataType type, ByteString all, int row, int dim) {
    ByteBuffer bytes = all.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    List<Float> values = new ArrayList<>(dim);
    for (int i = row * dim; i < (row + 1) * dim; i++) {
      values.add(Halves.widen(type, bytes.getShort(2 * i)));
    }
    return values;
  }

  private static List<Integer> bytes(ByteString all, int row, int length, boolean unsigned) {
    List<Integer> values = new ArrayList<>(length);
    for (int i = row * length; i < (row + 1) * length; i++) {
      values.add(unsigned ? all.byteAt(i) & 0xff : all.byteAt(i));
    }
    return values;
  }

  private static Sparse sparse(ByteString content) {
    ByteBuffer bytes = content.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    List<Long> indices = new ArrayList<>();
    List<Float> values = new ArrayList<>();
    while (bytes.remaining() >= 8) {
      indices.add(Integer.toUnsignedLong(bytes.getInt()));
      values.add(bytes.getFloat());
    }
    return new Sparse(indices, values);
  }
}
