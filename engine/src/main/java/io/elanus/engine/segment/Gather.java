package io.elanus.engine.segment;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies rows out of a column view into a batch column. */
final class Gather {
  private Gather() {}

  static Column rows(Field field, ColumnView view, int[] rows) {
    int n = rows.length;
    return switch (field.type()) {
      case BOOL -> {
        boolean[] values = new boolean[n];
        for (int i = 0; i < n; i++) {
          values[i] = !view.isNull(rows[i]) && view.longAt(rows[i]) != 0;
        }
        yield new Column.Bools(values, nulls(view, rows));
      }
      case INT8, INT16, INT32, INT64 -> {
        long[] values = new long[n];
        for (int i = 0; i < n; i++) {
          values[i] = view.longAt(rows[i]);
        }
        yield new Column.Longs(field.type(), values, nulls(view, rows));
      }
      case FLOAT -> {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
          values[i] = (float) view.doubleAt(rows[i]);
        }
        yield new Column.Floats(values, nulls(view, rows));
      }
      case DOUBLE -> {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
          values[i] = view.doubleAt(rows[i]);
        }
        yield new Column.Doubles(values, nulls(view, rows));
      }
      case VARCHAR -> {
        @Nullable String[] values = new @Nullable String[n];
        for (int i = 0; i < n; i++) {
          values[i] = view.isNull(rows[i]) ? null : text(view.bytesAt(rows[i]));
        }
        yield new Column.Strings(values);
      }
      case JSON -> {
        byte[] @Nullable [] values = new byte[n] @Nullable [];
        for (int i = 0; i < n; i++) {
          values[i] = view.isNull(rows[i]) ? null : view.bytesAt(rows[i]);
        }
        yield new Column.Jsons(values);
      }
      case ARRAY -> {
        @Nullable Column[] values = new @Nullable Column[n];
        for (int i = 0; i < n; i++) {
          values[i] = view.isNull(rows[i]) ? null : view.arrayAt(rows[i]);
        }
        yield new Column.Arrays(elementType(field), values);
      }
      case FLOAT_VECTOR -> {
        float[] values = new float[n * field.dim()];
        vectors(field, view, rows, MemorySegment.ofArray(values));
        yield new Column.FloatVectors(field.dim(), values);
      }
      case FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR, BINARY_VECTOR -> {
        byte[] values = new byte[n * field.type().vectorBytes(field.dim())];
        vectors(field, view, rows, MemorySegment.ofArray(values));
        yield new Column.ByteVectors(field.type(), field.dim(), values);
      }
      case SPARSE_FLOAT_VECTOR -> sparse(view, rows);
    };
  }

  private static Column sparse(ColumnView view, int[] rows) {
    List<SparseVector> values = new ArrayList<>(rows.length);
    for (int row : rows) {
      values.add(view.sparseAt(row));
    }
    return Column.SparseVectors.of(values);
  }

  private static void vectors(Field field, ColumnView view, int[] rows, MemorySegment into) {
    long bytes = field.type().vectorBytes(field.dim());
    for (int i = 0; i < rows.length; i++) {
      view.vectorAt(rows[i], into, i * bytes);
    }
  }

  static DataType elementType(Field field) {
    DataType type = field.elementType();
    if (type == null) {
      throw new IllegalStateException("an ARRAY field without element type: " + field.name());
    }
    return type;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static @Nullable BitSet nulls(ColumnView view, int[] rows) {
    if (!view.hasNulls()) {
      return null;
    }
    BitSet nulls = new BitSet(rows.length);
    for (int i = 0; i < rows.length; i++) {
      if (view.isNull(rows[i])) {
        nulls.set(i);
      }
    }
    return nulls.isEmpty() ? null : nulls;
  }
}
