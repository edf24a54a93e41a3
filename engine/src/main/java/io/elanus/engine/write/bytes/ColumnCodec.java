package io.elanus.engine.write.bytes;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Limits;
import io.elanus.store.format.FileHeader;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Columns as bytes, self-described so that a log outlives schema changes. Little-endian.
 *
 * <pre>
 * batch    rows (4), columns (4), then per column: name (length 4 + UTF-8), column
 * column   type (1, the enum's ordinal; appended to, never reordered), rows (4),
 *          nulls (4: number of longs, then a bit set of the null rows), then by type:
 *   BOOL          1 byte a row
 *   INT8–INT64    8 bytes a row
 *   FLOAT, DOUBLE 4 or 8 bytes a row
 *   VARCHAR, JSON length (4) and bytes a row, null rows empty
 *   ARRAY         element type (1), then a column per row that is not null
 *   FLOAT_VECTOR  dim (4), then rows × dim floats
 *   FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR, BINARY_VECTOR
 *                 dim (4), bytes (4), then these: rows × 2 · dim, 2 · dim, dim or dim / 8
 *   SPARSE_FLOAT_VECTOR
 *                 rows + 1 starts (4 each), of the last so many indices (4) and floats (4)
 * </pre>
 */
public final class ColumnCodec {
  private static final DataType[] TYPES = DataType.values();

  private ColumnCodec() {}

  public static void putBatch(ByteSink to, RowBatch batch) {
    to.putInt(batch.size());
    to.putInt(batch.columns().size());
    batch
        .columns()
        .forEach(
            (name, column) -> {
              to.putText(name);
              putColumn(to, column);
            });
  }

  public static RowBatch takeBatch(ByteSink.Source from) {
    int rows = from.takeInt();
    int n = from.takeInt();
    Map<String, Column> columns = new LinkedHashMap<>();
    for (int i = 0; i < n; i++) {
      String name = from.takeText();
      Column column = takeColumn(from);
      if (column.size() != rows) {
        throw FileHeader.corrupt(
            "column %s has %d rows in a batch of %d".formatted(name, column.size(), rows));
      }
      columns.put(name, column);
    }
    return new RowBatch(rows, columns);
  }

  public static void putColumn(ByteSink to, Column column) {
    to.putByte(column.type().ordinal());
    to.putInt(column.size());
    BitSet nulls = new BitSet();
    for (int row = 0; row < column.size(); row++) {
      if (column.isNull(row)) {
        nulls.set(row);
      }
    }
    long[] words = nulls.toLongArray();
    to.putInt(words.length);
    to.putLongs(words);
    switch (column) {
      case Column.Bools bools -> {
        for (boolean value : bools.values()) {
          to.putByte(value ? 1 : 0);
        }
      }
      case Column.Longs longs -> to.putLongs(longs.values());
      case Column.Floats floats -> to.putFloats(floats.values());
      case Column.Doubles doubles -> {
        for (double value : doubles.values()) {
          to.putLong(Double.doubleToRawLongBits(value));
        }
      }
      case Column.Strings strings -> {
        for (String value : strings.values()) {
          to.putText(value == null ? "" : value);
        }
      }
      case Column.Jsons jsons -> {
        for (byte[] value : jsons.values()) {
          to.putBytes(value == null ? new byte[0] : value);
        }
      }
      case Column.Arrays arrays -> {
        to.putByte(arrays.elementType().ordinal());
        for (Column value : arrays.values()) {
          if (value != null) {
            putColumn(to, value);
          }
        }
      }
      case Column.FloatVectors vectors -> {
        to.putInt(vectors.dim());
        to.putFloats(vectors.values());
      }
      case Column.SparseVectors vectors -> {
        to.putInts(vectors.starts());
        to.putInts(vectors.indices());
        to.putFloats(vectors.values());
      }
      case Column.ByteVectors vectors -> {
        to.putInt(vectors.dim());
        to.putBytes(vectors.values());
      }
    }
  }

  /** DATA_CORRUPT where the bytes are no column. */
  public static Column takeColumn(ByteSink.Source from) {
    return takeColumn(from, takeType(from));
  }

  private static DataType takeType(ByteSink.Source from) {
    int ordinal = from.takeByte();
    if (ordinal < 0 || ordinal >= TYPES.length) {
      throw FileHeader.corrupt("a column of unknown type " + ordinal);
    }
    return TYPES[ordinal];
  }

  private static Column takeColumn(ByteSink.Source from, DataType type) {
    int rows = from.takeCount(0);
    BitSet set = BitSet.valueOf(from.takeLongs(from.takeInt()));
    @Nullable BitSet nulls = set.isEmpty() ? null : set;
    if (set.length() > rows) {
      throw FileHeader.corrupt("row %d of %d is said to be null".formatted(set.length(), rows));
    }
    return switch (type) {
      case BOOL -> {
        boolean[] values = new boolean[from.checked(rows, 1)];
        for (int row = 0; row < rows; row++) {
          values[row] = from.takeByte() != 0;
        }
        yield new Column.Bools(values, nulls);
      }
      case INT8, INT16, INT32, INT64 -> new Column.Longs(type, from.takeLongs(rows), nulls);
      case FLOAT -> new Column.Floats(from.takeFloats(rows), nulls);
      case DOUBLE -> {
        double[] values = new double[from.checked(rows, 8)];
        for (int row = 0; row < rows; row++) {
          values[row] = Double.longBitsToDouble(from.takeLong());
        }
        yield new Column.Doubles(values, nulls);
      }
      case VARCHAR -> {
        @Nullable String[] values = new @Nullable String[from.checked(rows, 4)];
        for (int row = 0; row < rows; row++) {
          String value = from.takeText();
          values[row] = set.get(row) ? null : value;
        }
        yield new Column.Strings(values);
      }
      case JSON -> {
        byte[] @Nullable [] values = new byte[from.checked(rows, 4)] @Nullable [];
        for (int row = 0; row < rows; row++) {
          byte[] value = from.takeBytes();
          values[row] = set.get(row) ? null : value;
        }
        yield new Column.Jsons(values);
      }
      case ARRAY -> takeArrays(from, rows, set);
      case FLOAT_VECTOR -> {
        int dim = takeDim(from, rows);
        yield new Column.FloatVectors(dim, from.takeFloats(rows * dim));
      }
      case FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR, BINARY_VECTOR -> {
        int dim = takeDim(from, 0);
        byte[] values = from.takeBytes();
        if (type.vectorBytes(dim) < 1 || values.length != (long) type.vectorBytes(dim) * rows) {
          throw FileHeader.corrupt(
              "%d bytes are no %d vectors of dim %d".formatted(values.length, rows, dim));
        }
        yield new Column.ByteVectors(type, dim, values);
      }
      case SPARSE_FLOAT_VECTOR -> takeSparse(from, rows);
    };
  }

  private static int takeDim(ByteSink.Source from, int rows) {
    int dim = from.takeInt();
    if (dim < 1 || dim > Limits.BINARY_DIM_MAX || (long) rows * dim > Integer.MAX_VALUE) {
      throw FileHeader.corrupt("%d vectors of dim %d".formatted(rows, dim));
    }
    return dim;
  }

  /** Arrays hold values, so that what is nested in them cannot nest. */
  private static Column takeArrays(ByteSink.Source from, int rows, BitSet nulls) {
    DataType elementType = takeType(from);
    int present = rows - nulls.cardinality();
    if (!elementType.isArrayElement()) {
      throw FileHeader.corrupt("an array of " + elementType);
    }
    from.checked(present, 9);
    @Nullable Column[] values = new @Nullable Column[rows];
    for (int row = 0; row < rows; row++) {
      if (!nulls.get(row)) {
        DataType type = takeType(from);
        if (!type.isArrayElement()) {
          throw FileHeader.corrupt("an array with a value of type " + type);
        }
        values[row] = takeColumn(from, type);
      }
    }
    return new Column.Arrays(elementType, values);
  }

  private static Column takeSparse(ByteSink.Source from, int rows) {
    from.checked(rows, 4);
    int[] starts = from.takeInts(rows + 1);
    for (int row = 0; row <= rows; row++) {
      if (row == 0 ? starts[0] != 0 : starts[row] < starts[row - 1]) {
        throw FileHeader.corrupt("a sparse vector ends before it begins");
      }
    }
    int[] indices = from.takeInts(starts[rows]);
    return new Column.SparseVectors(starts, indices, from.takeFloats(starts[rows]));
  }
}
