package io.elanus.model.rows;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The gate's part for vectors, of rows and of queries. */
public final class VectorGate {
  private VectorGate() {}

  /**
   * A query vector must be of the field's type and dimension, of finite values, and for COSINE have
   * a length. Numbers of float32 may ask a field of float16 or bfloat16. Under BM25 the queries are
   * texts.
   */
  public static void checkQueries(Field field, Column asked, Metric metric) {
    if (metric == Metric.BM25) {
      checkTexts(asked);
      return;
    }
    if (!(asked instanceof Column.Vectors queries)) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "vector type must be the same, field %s - type %s, search info type %s; texts search what a BM25 function makes"
              .formatted(field.name(), field.type(), asked.type()));
    }
    boolean widened =
        queries.type() == DataType.FLOAT_VECTOR
            && (field.type() == DataType.FLOAT16_VECTOR
                || field.type() == DataType.BFLOAT16_VECTOR);
    if (queries.type() != field.type() && !widened) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "vector type must be the same, field %s - type %s, search info type %s"
              .formatted(field.name(), field.type(), queries.type()));
    }
    if (queries instanceof Column.SparseVectors sparse) {
      checkEntries("query vector %d", sparse, ErrorCode.INVALID_ARGUMENT);
      return;
    }
    if (queries.dim() != field.dim()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "vector dimension mismatch, expected vector size(byte) %d, actual %d: field %s has dim %d, the query vector %d"
              .formatted(
                  queries.type().vectorBytes(field.dim()),
                  queries.type().vectorBytes(queries.dim()),
                  field.name(),
                  field.dim(),
                  queries.dim()));
    }
    refuseUneven(field, queries, ErrorCode.INVALID_ARGUMENT);
    int row = firstNotFinite(queries);
    if (row >= 0) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "query vector %d holds NaN or infinity; send finite numbers".formatted(row));
    }
    row = metric == Metric.COSINE ? firstZero(queries) : -1;
    if (row >= 0) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "query vector %d is all zeros, which has no direction under COSINE".formatted(row));
    }
  }

  private static void checkTexts(Column asked) {
    if (!(asked instanceof Column.Strings texts)) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "please provide varchar/text for BM25 Function based search, got " + asked.type());
    }
    for (int row = 0; row < texts.size(); row++) {
      if (texts.isNull(row)) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT, "query text %d is null".formatted(row));
      }
    }
  }

  /** Refuses zero vectors, which have no direction, for a field whose index measures COSINE. */
  public static void checkDirections(Field field, Column.Vectors vectors) {
    int row = firstZero(vectors);
    if (row >= 0) {
      throw new ElanusException(
          ErrorCode.INVALID_ROWS,
          "row %d of field %s is a zero vector, which has no direction under COSINE"
              .formatted(row, field.name()));
    }
  }

  /** Rows of the field's type must have its dimension and finite values. */
  static void checkRows(Field field, Column.Vectors vectors) {
    if (vectors instanceof Column.SparseVectors sparse) {
      checkEntries("row %d of field " + field.name(), sparse, ErrorCode.INVALID_ROWS);
      return;
    }
    if (vectors.dim() != field.dim()) {
      throw new ElanusException(
          ErrorCode.INVALID_ROWS,
          "the dim (%d) of field data(%s) is not equal to schema dim (%d)"
              .formatted(vectors.dim(), field.name(), field.dim()));
    }
    refuseUneven(field, vectors, ErrorCode.INVALID_ROWS);
    int row = firstNotFinite(vectors);
    if (row >= 0) {
      throw new ElanusException(
          ErrorCode.INVALID_ROWS,
          "row %d of field %s holds NaN or infinity; send finite numbers"
              .formatted(row, field.name()));
    }
  }

  /**
   * Dimensions must ascend below 2³² − 1, values be finite and not negative: an inner product of
   * what may be absent says how much two have in common, and less than nothing means nothing.
   *
   * @param where with a place for the row's number
   */
  private static void checkEntries(String where, Column.SparseVectors vectors, ErrorCode code) {
    for (int row = 0; row < vectors.size(); row++) {
      for (int i = vectors.starts()[row]; i < vectors.starts()[row + 1]; i++) {
        String wrong = wrongEntry(vectors, i, i > vectors.starts()[row]);
        if (wrong != null) {
          throw new ElanusException(code, "%s: %s".formatted(where.formatted(row), wrong));
        }
      }
    }
  }

  private static @Nullable String wrongEntry(
      Column.SparseVectors vectors, int entry, boolean follows) {
    int index = vectors.indices()[entry];
    float value = vectors.values()[entry];
    if (index == -1) {
      return "invalid index in sparse float vector: must be less than 2^32-1";
    }
    if (follows && Integer.compareUnsigned(index, vectors.indices()[entry - 1]) <= 0) {
      return "unsorted or same indices in sparse float vector: %s after %s"
          .formatted(
              Integer.toUnsignedString(index),
              Integer.toUnsignedString(vectors.indices()[entry - 1]));
    }
    if (!Float.isFinite(value)) {
      return "the value at index %s is %s; send finite numbers"
          .formatted(Integer.toUnsignedString(index), value);
    }
    if (value < 0) {
      return "negative value in sparse float vector: %s at index %s; send 0 or more"
          .formatted(value, Integer.toUnsignedString(index));
    }
    return null;
  }

  /** Bytes that do not end where a vector does. */
  private static void refuseUneven(Field field, Column.Vectors vectors, ErrorCode code) {
    if (vectors instanceof Column.ByteVectors bytes
        && bytes.values().length % bytes.vectorBytes() != 0) {
      throw new ElanusException(
          code,
          "%d bytes are no whole number of %s of dim %d (%d bytes each) for field %s"
              .formatted(
                  bytes.values().length,
                  bytes.type(),
                  bytes.dim(),
                  bytes.vectorBytes(),
                  field.name()));
    }
  }

  private static int firstNotFinite(Column.Vectors vectors) {
    switch (vectors) {
      case Column.FloatVectors floats -> {
        float[] values = floats.values();
        for (int i = 0; i < values.length; i++) {
          if (!Float.isFinite(values[i])) {
            return i / floats.dim();
          }
        }
      }
      case Column.ByteVectors bytes -> {
        boolean halves =
            bytes.type() == DataType.FLOAT16_VECTOR || bytes.type() == DataType.BFLOAT16_VECTOR;
        for (int i = 0; halves && i < bytes.values().length / 2; i++) {
          if (!Float.isFinite(Halves.at(bytes.type(), bytes.values(), i))) {
            return i / bytes.dim();
          }
        }
      }
      case Column.SparseVectors sparse ->
          throw new IllegalStateException("not dense: " + sparse.type());
    }
    return -1;
  }

  private static int firstZero(Column.Vectors vectors) {
    for (int row = 0; row < vectors.size(); row++) {
      if (isZero(vectors, row)) {
        return row;
      }
    }
    return -1;
  }

  private static boolean isZero(Column.Vectors vectors, int row) {
    int dim = vectors.dim();
    return switch (vectors) {
      case Column.FloatVectors floats -> allZero(floats.values(), row * dim, (row + 1) * dim);
      case Column.ByteVectors bytes ->
          bytes.type() == DataType.BINARY_VECTOR
              ? allZero(bytes.get(row))
              : allZero(bytes.floats(row), 0, dim);
      case Column.SparseVectors sparse ->
          throw new IllegalStateException("not dense: " + sparse.type());
    };
  }

  private static boolean allZero(float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      if (values[i] != 0f) {
        return false;
      }
    }
    return true;
  }

  private static boolean allZero(byte[] values) {
    return Arrays.equals(values, new byte[values.length]);
  }
}
