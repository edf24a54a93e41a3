package io.elanus.engine.write.bytes;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
      columns.put(name, takeColumn(from));
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

  public static Column takeColumn(ByteSink.Source from) {
    DataType type = TYPES[from.takeByte()];
    int rows = from.takeInt();
    BitSet set = BitSet.valueOf(from.takeLongs(from.takeInt()));
    @Nullable BitSet nulls = set.isEmpty() ? null : set;
    return switch (type) {
      case BOOL -> {
        boolean[] values = new boolean[rows];
        for (int row = 0; row < rows; row++) {
          values[row] = from.takeByte() != 0;
        }
        yield new Column.Bools(values, nulls);
      }
      case INT8, INT16, INT32, INT64 -> new Column.Longs(type, from.takeLongs(rows), nulls);
      case FLOAT -> new Column.Floats(from.takeFloats(rows), nulls);
      case DOUBLE -> {
        double[] values = new double[rows];
        for (int row = 0; row < rows; row++) {
          values[row] = Double.longBitsToDouble(from.takeLong());
        }
        yield new Column.Doubles(values, nulls);
      }
      case VARCHAR -> {
        @Nullable String[] values = new @Nullable String[rows];
        for (int row = 0; row < rows; row++) {
          String value = from.takeText();
          values[row] = set.get(row) ? null : value;
        }
        yield new Column.Strings(values);
      }
      case JSON -> {
        byte[] @Nullable [] values = new byte[rows] @Nullable [];
        for (int row = 0; row < rows; row++) {
          byte[] value = from.takeBytes();
          values[row] = set.get(row) ? null : value;
        }
        yield new Column.Jsons(values);
      }
      case ARRAY -> {
        DataType elementType = TYPES[from.takeByte()];
        @Nullable Column[] values = new @Nullable Column[rows];
        for (int row = 0; row < rows; row++) {
          values[row] = set.get(row) ? null : Objects.requireNonNull(takeColumn(from));
        }
        yield new Column.Arrays(elementType, values);
      }
      case FLOAT_VECTOR -> {
        int dim = from.takeInt();
        yield new Column.FloatVectors(dim, from.takeFloats(Math.multiplyExact(rows, dim)));
      }
      case FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR, BINARY_VECTOR ->
          new Column.ByteVectors(type, from.takeInt(), from.takeBytes());
      case SPARSE_FLOAT_VECTOR -> {
        int[] starts = from.takeInts(rows + 1);
        int[] indices = from.takeInts(starts[rows]);
        yield new Column.SparseVectors(starts, indices, from.takeFloats(starts[rows]));
      }
    };
  }
}
