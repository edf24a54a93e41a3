package io.elanus.index;

import io.elanus.index.sparse.Saturation;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;

/** A query as the rows' kernels take it: numbers as float32, int8 and bits as bytes. */
public sealed interface QueryVector {
  /** The numbers as float32. */
  float[] floats();

  /** Of FLOAT_VECTOR, FLOAT16_VECTOR and BFLOAT16_VECTOR. */
  record Floats(float[] floats) implements QueryVector {}

  /**
   * Of INT8_VECTOR and BINARY_VECTOR.
   *
   * @param type which of the two
   */
  record Bytes(DataType type, byte[] values) implements QueryVector {
    @Override
    public float[] floats() {
      if (type != DataType.INT8_VECTOR) {
        throw new IllegalStateException("no numbers: " + type);
      }
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = values[i];
      }
      return floats;
    }
  }

  /** Of SPARSE_FLOAT_VECTOR. */
  record Sparse(SparseVector vector) implements QueryVector {
    @Override
    public float[] floats() {
      throw new IllegalStateException("sparse vectors are not written out");
    }
  }

  /**
   * The terms of a text, of a SPARSE_FLOAT_VECTOR whose values count occurrences.
   *
   * @param weights what each term is worth at most
   * @param saturation which share of it some occurrences are worth
   */
  record Terms(SparseVector weights, Saturation saturation) implements QueryVector {
    @Override
    public float[] floats() {
      throw new IllegalStateException("sparse vectors are not written out");
    }
  }

  /** One row of a column of queries. */
  static QueryVector of(Column.Vectors queries, int row) {
    return switch (queries) {
      case Column.FloatVectors floats -> new Floats((float[]) floats.get(row));
      case Column.ByteVectors bytes ->
          bytes.type() == DataType.INT8_VECTOR || bytes.type() == DataType.BINARY_VECTOR
              ? new Bytes(bytes.type(), bytes.get(row))
              : new Floats(bytes.floats(row));
      case Column.SparseVectors sparse -> new Sparse(sparse.get(row));
    };
  }
}
