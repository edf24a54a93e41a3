package io.elanus.server.validate;

import com.google.protobuf.ByteString;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Limits;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.SparseFloatArray;
import io.milvus.grpc.VectorField;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of vectors: row after row, floats, bytes or pairs as their type has it. */
final class VectorsReader {
  private VectorsReader() {}

  /**
   * @param valid the rows that are not null, and a bit more; null where all are there
   */
  static Column read(
      String name, DataType type, FieldData field, @Nullable BitSet valid, int rows) {
    VectorField vectors = field.getVectors();
    VectorField.DataCase expected = dataCase(type);
    if (!field.hasVectors() || vectors.getDataCase() != expected) {
      throw RowsReader.mismatch(
          name,
          type,
          field.hasVectors() ? vectors.getDataCase().name() : field.getFieldCase().name());
    }
    if (valid != null && valid.length() != valid.cardinality()) {
      throw Problems.rows("field %s: null vectors are not offered yet", name);
    }
    if (type == DataType.SPARSE_FLOAT_VECTOR) {
      return sparse(name, vectors.getSparseFloatVector(), rows);
    }
    int dim = dim(name, type, vectors.getDim());
    if (type == DataType.FLOAT_VECTOR) {
      int count = vectors.getFloatVector().getDataCount();
      if (count != (long) dim * rows) {
        throw wrongCount(name, rows, dim, count, dim, "floats");
      }
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = vectors.getFloatVector().getData(i);
      }
      return new Column.FloatVectors(dim, values);
    }
    ByteString bytes = bytes(vectors);
    int vectorBytes = type.vectorBytes(dim);
    if (bytes.size() != (long) vectorBytes * rows) {
      throw wrongCount(name, rows, dim, bytes.size(), vectorBytes, "bytes");
    }
    return new Column.ByteVectors(type, dim, bytes.toByteArray());
  }

  /** The dimension that comes along says nothing: every row has its own. */
  private static Column sparse(String name, SparseFloatArray vectors, int rows) {
    if (vectors.getContentsCount() != rows) {
      throw Problems.rows(
          "the num_rows (%d) of field %s is not equal to passed num_rows (%d)",
          vectors.getContentsCount(), name, rows);
    }
    List<SparseVector> all = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      ByteString pairs = vectors.getContents(row);
      if (!SparseBytes.whole(pairs)) {
        throw Problems.rows(
            "row %d of field %s: invalid data length in sparse float vector: %d bytes are no pairs of 8",
            row, name, pairs.size());
      }
      all.add(SparseBytes.read(pairs));
    }
    return Column.SparseVectors.of(all);
  }

  private static int dim(String name, DataType type, long dim) {
    boolean bits = type == DataType.BINARY_VECTOR;
    long max = bits ? Limits.BINARY_DIM_MAX : Limits.DIM_MAX;
    if (dim < 1 || dim > max) {
      throw Problems.rows(
          "the dim (%d) of field data(%s) should be in range [%d, %d]",
          dim, name, bits ? Limits.BINARY_DIM_MIN : Limits.DIM_MIN, max);
    }
    if (bits && dim % 8 != 0) {
      throw Problems.rows("the dim (%d) of field data(%s) should be a multiple of 8", dim, name);
    }
    return (int) dim;
  }

  private static RuntimeException wrongCount(
      String name, int rows, int dim, int got, int each, String unit) {
    return Problems.rows(
        "the num_rows (%s) of field %s is not equal to passed num_rows (%d): %d %s of dim %d",
        got % each == 0 ? got / each : "fractional", name, rows, got, unit, dim);
  }

  private static VectorField.DataCase dataCase(DataType type) {
    return switch (type) {
      case FLOAT_VECTOR -> VectorField.DataCase.FLOAT_VECTOR;
      case FLOAT16_VECTOR -> VectorField.DataCase.FLOAT16_VECTOR;
      case BFLOAT16_VECTOR -> VectorField.DataCase.BFLOAT16_VECTOR;
      case INT8_VECTOR -> VectorField.DataCase.INT8_VECTOR;
      case BINARY_VECTOR -> VectorField.DataCase.BINARY_VECTOR;
      case SPARSE_FLOAT_VECTOR -> VectorField.DataCase.SPARSE_FLOAT_VECTOR;
      default -> throw new IllegalStateException("no vectors: " + type);
    };
  }

  private static ByteString bytes(VectorField vectors) {
    return switch (vectors.getDataCase()) {
      case FLOAT16_VECTOR -> vectors.getFloat16Vector();
      case BFLOAT16_VECTOR -> vectors.getBfloat16Vector();
      case INT8_VECTOR -> vectors.getInt8Vector();
      case BINARY_VECTOR -> vectors.getBinaryVector();
      default -> throw new IllegalStateException("no bytes: " + vectors.getDataCase());
    };
  }
}
