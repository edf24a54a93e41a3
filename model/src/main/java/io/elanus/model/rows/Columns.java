package io.elanus.model.rows;

import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes columns out of values, and columns out of columns. */
public final class Columns {
  private Columns() {}

  /** A column of this field holding one value (null for null) in every row. */
  public static Column constant(Field field, @Nullable Object value, int size) {
    return of(
        field.type(), field.elementType(), field.dim(), java.util.Collections.nCopies(size, value));
  }

  /** A column of these values, each as {@link Column#get} answers it, or null. */
  public static Column of(Field field, List<? extends @Nullable Object> values) {
    return of(field.type(), field.elementType(), field.dim(), values);
  }

  /** Primary keys (all Long or all String) as a column. */
  public static Column keys(DataType type, List<?> keys) {
    return of(type, null, 0, keys);
  }

  /** An empty column of the field's type. */
  public static Column empty(Field field) {
    return of(field.type(), field.elementType(), field.dim(), List.of());
  }

  /** One column after the other; all of one type. */
  public static Column concat(Field field, List<Column> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    if (field.type().isDenseVector()) {
      return concatVectors(field, parts);
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (Column part : parts) {
      for (int row = 0; row < part.size(); row++) {
        values.add(part.get(row));
      }
    }
    return of(field, values);
  }

  /** The column with the field's default value in the place of nulls. */
  static Column fillNulls(Column column, Field field) {
    List<@Nullable Object> values = new ArrayList<>(column.size());
    for (int row = 0; row < column.size(); row++) {
      values.add(column.isNull(row) ? field.defaultValue() : column.get(row));
    }
    return of(field, values);
  }

  private static Column concatVectors(Field field, List<Column> parts) {
    int rows = parts.stream().mapToInt(Column::size).sum();
    if (field.type() == DataType.FLOAT_VECTOR) {
      float[] all = new float[rows * field.dim()];
      int at = 0;
      for (Column part : parts) {
        float[] values = ((Column.FloatVectors) part).values();
        System.arraycopy(values, 0, all, at, values.length);
        at += values.length;
      }
      return new Column.FloatVectors(field.dim(), all);
    }
    byte[] all = new byte[rows * field.type().vectorBytes(field.dim())];
    int at = 0;
    for (Column part : parts) {
      byte[] values = ((Column.ByteVectors) part).values();
      System.arraycopy(values, 0, all, at, values.length);
      at += values.length;
    }
    return new Column.ByteVectors(field.type(), field.dim(), all);
  }

  private static Column of(
      DataType type,
      @Nullable DataType elementType,
      int dim,
      List<? extends @Nullable Object> values) {
    int size = values.size();
    BitSet nulls = new BitSet(size);
    for (int i = 0; i < size; i++) {
      if (values.get(i) == null) {
        nulls.set(i);
      }
    }
    @Nullable BitSet orNone = nulls.isEmpty() ? null : nulls;
    return switch (type) {
      case BOOL -> {
        boolean[] to = new boolean[size];
        for (int i = 0; i < size; i++) {
          to[i] = values.get(i) instanceof Boolean b && b;
        }
        yield new Column.Bools(to, orNone);
      }
      case INT8, INT16, INT32, INT64 -> {
        long[] to = new long[size];
        for (int i = 0; i < size; i++) {
          to[i] = values.get(i) instanceof Long n ? n : 0;
        }
        yield new Column.Longs(type, to, orNone);
      }
      case FLOAT -> {
        float[] to = new float[size];
        for (int i = 0; i < size; i++) {
          to[i] = values.get(i) instanceof Float f ? f : 0;
        }
        yield new Column.Floats(to, orNone);
      }
      case DOUBLE -> {
        double[] to = new double[size];
        for (int i = 0; i < size; i++) {
          to[i] = values.get(i) instanceof Double d ? d : 0;
        }
        yield new Column.Doubles(to, orNone);
      }
      case VARCHAR -> new Column.Strings(values.toArray(new @Nullable String[0]));
      case JSON -> new Column.Jsons(values.toArray(new byte[0][]));
      case ARRAY -> {
        if (elementType == null) {
          throw new IllegalStateException("an ARRAY column without element type");
        }
        yield new Column.Arrays(elementType, values.toArray(new @Nullable Column[0]));
      }
      case FLOAT_VECTOR -> {
        float[] to = new float[size * dim];
        for (int i = 0; i < size; i++) {
          if (values.get(i) instanceof float[] vector) {
            System.arraycopy(vector, 0, to, i * dim, dim);
          }
        }
        yield new Column.FloatVectors(dim, to);
      }
      case FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR, BINARY_VECTOR -> {
        int bytes = type.vectorBytes(dim);
        byte[] to = new byte[size * bytes];
        for (int i = 0; i < size; i++) {
          if (values.get(i) instanceof byte[] vector) {
            System.arraycopy(vector, 0, to, i * bytes, bytes);
          }
        }
        yield new Column.ByteVectors(type, dim, to);
      }
      case SPARSE_FLOAT_VECTOR -> sparse(values);
    };
  }

  private static Column sparse(List<? extends @Nullable Object> values) {
    List<SparseVector> rows = new ArrayList<>(values.size());
    for (Object value : values) {
      rows.add(value instanceof SparseVector vector ? vector : SparseVector.EMPTY);
    }
    return Column.SparseVectors.of(rows);
  }

  /** Whether two columns hold the same values in the same order. */
  public static boolean same(Column a, Column b) {
    if (a.type() != b.type() || a.size() != b.size()) {
      return false;
    }
    for (int row = 0; row < a.size(); row++) {
      if (!sameValue(a.get(row), b.get(row))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameValue(@Nullable Object a, @Nullable Object b) {
    if (a instanceof byte[] x && b instanceof byte[] y) {
      return Arrays.equals(x, y);
    }
    if (a instanceof float[] x && b instanceof float[] y) {
      return Arrays.equals(x, y);
    }
    if (a instanceof Column x && b instanceof Column y) {
      return same(x, y);
    }
    return java.util.Objects.equals(a, b);
  }
}
