package io.elanus.model.rows;

import io.elanus.model.schema.DataType;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The values of one field for a batch of rows. Columns are treated as immutable: whoever builds one
 * hands its arrays over. All columns are full length; a null row holds a zero value beneath.
 */
public sealed interface Column {
  DataType type();

  int size();

  boolean isNull(int row);

  /**
   * The value as Boolean, Long, Float, Double, String, byte[] (JSON), Column (ARRAY), float[]
   * (FLOAT_VECTOR), byte[] (the other dense vectors), {@link SparseVector}.
   */
  @Nullable Object get(int row);

  /** The rows of these positions, in that order. */
  Column select(int[] rows);

  /**
   * BOOL.
   *
   * @param nulls bit set for null rows, or null when there are none
   */
  record Bools(boolean[] values, @Nullable BitSet nulls) implements Column {
    @Override
    public DataType type() {
      return DataType.BOOL;
    }

    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return nulls != null && nulls.get(row);
    }

    @Override
    public @Nullable Object get(int row) {
      return isNull(row) ? null : values[row];
    }

    @Override
    public Column select(int[] rows) {
      boolean[] picked = new boolean[rows.length];
      for (int i = 0; i < rows.length; i++) {
        picked[i] = values[rows[i]];
      }
      return new Bools(picked, Nulls.select(nulls, rows));
    }
  }

  /** INT8, INT16, INT32 or INT64, widened. */
  record Longs(DataType type, long[] values, @Nullable BitSet nulls) implements Column {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return nulls != null && nulls.get(row);
    }

    @Override
    public @Nullable Object get(int row) {
      return isNull(row) ? null : values[row];
    }

    @Override
    public Column select(int[] rows) {
      long[] picked = new long[rows.length];
      for (int i = 0; i < rows.length; i++) {
        picked[i] = values[rows[i]];
      }
      return new Longs(type, picked, Nulls.select(nulls, rows));
    }
  }

  /** FLOAT. */
  record Floats(float[] values, @Nullable BitSet nulls) implements Column {
    @Override
    public DataType type() {
      return DataType.FLOAT;
    }

    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return nulls != null && nulls.get(row);
    }

    @Override
    public @Nullable Object get(int row) {
      return isNull(row) ? null : values[row];
    }

    @Override
    public Column select(int[] rows) {
      float[] picked = new float[rows.length];
      for (int i = 0; i < rows.length; i++) {
        picked[i] = values[rows[i]];
      }
      return new Floats(picked, Nulls.select(nulls, rows));
    }
  }

  /** DOUBLE. */
  record Doubles(double[] values, @Nullable BitSet nulls) implements Column {
    @Override
    public DataType type() {
      return DataType.DOUBLE;
    }

    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return nulls != null && nulls.get(row);
    }

    @Override
    public @Nullable Object get(int row) {
      return isNull(row) ? null : values[row];
    }

    @Override
    public Column select(int[] rows) {
      double[] picked = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        picked[i] = values[rows[i]];
      }
      return new Doubles(picked, Nulls.select(nulls, rows));
    }
  }

  /** VARCHAR; a null element is a null row. */
  record Strings(@Nullable String[] values) implements Column {
    @Override
    public DataType type() {
      return DataType.VARCHAR;
    }

    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return values[row] == null;
    }

    @Override
    public @Nullable Object get(int row) {
      return values[row];
    }

    @Override
    public Column select(int[] rows) {
      @Nullable String[] picked = new @Nullable String[rows.length];
      for (int i = 0; i < rows.length; i++) {
        picked[i] = values[rows[i]];
      }
      return new Strings(picked);
    }
  }

  /** JSON as UTF-8 text; a null element is a null row (SQL null, not JSON's {@code null}). */
  record Jsons(byte[] @Nullable [] values) implements Column {
    @Override
    public DataType type() {
      return DataType.JSON;
    }

    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return values[row] == null;
    }

    @Override
    public @Nullable Object get(int row) {
      return values[row];
    }

    @Override
    public Column select(int[] rows) {
      byte[] @Nullable [] picked = new byte[rows.length] @Nullable [];
      for (int i = 0; i < rows.length; i++) {
        picked[i] = values[rows[i]];
      }
      return new Jsons(picked);
    }
  }

  /**
   * ARRAY; each row is a column of its elements, which are never null; a null element is a null
   * row.
   */
  record Arrays(DataType elementType, @Nullable Column[] values) implements Column {
    @Override
    public DataType type() {
      return DataType.ARRAY;
    }

    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean isNull(int row) {
      return values[row] == null;
    }

    @Override
    public @Nullable Object get(int row) {
      return values[row];
    }

    @Override
    public Column select(int[] rows) {
      @Nullable Column[] picked = new @Nullable Column[rows.length];
      for (int i = 0; i < rows.length; i++) {
        picked[i] = values[rows[i]];
      }
      return new Arrays(elementType, picked);
    }
  }

  /** Vectors of any type, as rows or as queries. */
  sealed interface Vectors extends Column {
    /** Of every vector; 0 where they are sparse. */
    int dim();
  }

  /**
   * FLOAT_VECTOR.
   *
   * @param dim dimension of every vector, at least 1
   * @param values shape [rows × dim], row-major
   */
  record FloatVectors(int dim, float[] values) implements Vectors {
    @Override
    public DataType type() {
      return DataType.FLOAT_VECTOR;
    }

    @Override
    public int size() {
      return values.length / dim;
    }

    @Override
    public boolean isNull(int row) {
      return false;
    }

    @Override
    public Object get(int row) {
      return java.util.Arrays.copyOfRange(values, row * dim, (row + 1) * dim);
    }

    @Override
    public Column select(int[] rows) {
      float[] picked = new float[rows.length * dim];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(values, rows[i] * dim, picked, i * dim, dim);
      }
      return new FloatVectors(dim, picked);
    }
  }

  /**
   * FLOAT16_VECTOR and BFLOAT16_VECTOR (two bytes a coordinate, little-endian), INT8_VECTOR (one
   * byte) or BINARY_VECTOR (eight coordinates a byte, in the client's order).
   *
   * @param dim dimension of every vector, at least 1; for BINARY_VECTOR a multiple of 8
   * @param values shape [rows × bytes of a vector], row-major
   */
  record ByteVectors(DataType type, int dim, byte[] values) implements Vectors {
    public ByteVectors {
      if (type.vectorBytes(dim) < 1) {
        throw new IllegalStateException("a vector of no bytes: %s of dim %d".formatted(type, dim));
      }
    }

    /** Bytes of one vector. */
    public int vectorBytes() {
      return type.vectorBytes(dim);
    }

    /** The numbers of one vector, widened; not of BINARY_VECTOR. */
    public float[] floats(int row) {
      float[] numbers = new float[dim];
      for (int i = 0; i < dim; i++) {
        numbers[i] =
            type == DataType.INT8_VECTOR
                ? values[row * dim + i]
                : Halves.at(type, values, row * dim + i);
      }
      return numbers;
    }

    @Override
    public int size() {
      return values.length / vectorBytes();
    }

    @Override
    public boolean isNull(int row) {
      return false;
    }

    @Override
    public byte[] get(int row) {
      return java.util.Arrays.copyOfRange(values, row * vectorBytes(), (row + 1) * vectorBytes());
    }

    @Override
    public Column select(int[] rows) {
      int bytes = vectorBytes();
      byte[] picked = new byte[rows.length * bytes];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(values, rows[i] * bytes, picked, i * bytes, bytes);
      }
      return new ByteVectors(type, dim, picked);
    }
  }

  /**
   * SPARSE_FLOAT_VECTOR, row after row.
   *
   * @param starts the first entry of each row, and the end of the last: rows + 1 numbers, the first
   *     of them 0
   * @param indices dimensions, unsigned, ascending in each row
   * @param values one per index
   */
  record SparseVectors(int[] starts, int[] indices, float[] values) implements Vectors {
    public SparseVectors {
      if (starts.length == 0
          || starts[0] != 0
          || starts[starts.length - 1] != indices.length
          || indices.length != values.length) {
        throw new IllegalStateException("sparse rows do not end where their entries do");
      }
    }

    /** A column of these vectors. */
    public static SparseVectors of(java.util.List<SparseVector> rows) {
      int[] starts = new int[rows.size() + 1];
      for (int row = 0; row < rows.size(); row++) {
        starts[row + 1] = Math.addExact(starts[row], rows.get(row).size());
      }
      int[] indices = new int[starts[rows.size()]];
      float[] values = new float[indices.length];
      for (int row = 0; row < rows.size(); row++) {
        SparseVector vector = rows.get(row);
        System.arraycopy(vector.indices(), 0, indices, starts[row], vector.size());
        System.arraycopy(vector.values(), 0, values, starts[row], vector.size());
      }
      return new SparseVectors(starts, indices, values);
    }

    @Override
    public DataType type() {
      return DataType.SPARSE_FLOAT_VECTOR;
    }

    @Override
    public int dim() {
      return 0;
    }

    @Override
    public int size() {
      return starts.length - 1;
    }

    @Override
    public boolean isNull(int row) {
      return false;
    }

    @Override
    public SparseVector get(int row) {
      return new SparseVector(
          java.util.Arrays.copyOfRange(indices, starts[row], starts[row + 1]),
          java.util.Arrays.copyOfRange(values, starts[row], starts[row + 1]));
    }

    @Override
    public Column select(int[] rows) {
      java.util.List<SparseVector> picked = new java.util.ArrayList<>(rows.length);
      for (int row : rows) {
        picked.add(get(row));
      }
      return of(picked);
    }
  }
}
