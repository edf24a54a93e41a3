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

  /** The value as Boolean, Long, Float, Double, String, byte[] (JSON), Column (ARRAY), float[]. */
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

  /**
   * FLOAT_VECTOR.
   *
   * @param dim dimension of every vector, at least 1
   * @param values shape [rows × dim], row-major
   */
  record FloatVectors(int dim, float[] values) implements Column {
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
}
