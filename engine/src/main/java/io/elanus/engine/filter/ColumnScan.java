package io.elanus.engine.filter;

import io.elanus.engine.segment.ColumnView;
import io.elanus.engine.segment.Segment;
import io.elanus.index.RowBitmap;
import io.elanus.index.scalar.ScalarIndex;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One column against constants: by its index where there is one, else block by block. An integer
 * column meets a floating constant as the integers on its two sides, so that no value is rounded; a
 * floating column meets the constant in its own precision ({@link Types#stored}).
 */
final class ColumnScan {
  private static final int BLOCK = 1024;

  private final int rows;
  private final Field field;
  private final ColumnView column;
  private final @Nullable ScalarIndex index;
  private final RowBitmap nulls;

  ColumnScan(Segment segment, Field field) {
    this.rows = segment.rowCount();
    this.field = field;
    this.column = segment.column(field);
    this.index = segment.scalarIndex(field);
    this.nulls = Evaluation.nulls(column, rows);
  }

  Truth compare(Predicate.Op op, Object literal) {
    if (field.type().isInteger() && literal instanceof Double d) {
      return integersAgainst(op, d);
    }
    if (index != null) {
      return truth(byIndex(index, op, literal));
    }
    return truth(
        switch (literal) {
          case Long n -> longs(op, n);
          case Boolean b -> longs(op, b ? 1 : 0);
          case Double d -> doubles(op, d);
          case String s -> texts(op, s);
          default -> throw new IllegalStateException("no constant: " + literal);
        });
  }

  private Truth integersAgainst(Predicate.Op op, double d) {
    if (Values.whole(d)) {
      return compare(op, (Object) (long) d);
    }
    if (op == Predicate.Op.EQ || op == Predicate.Op.NE) {
      return constant(op == Predicate.Op.NE);
    }
    boolean below = op == Predicate.Op.LT || op == Predicate.Op.LE;
    if (Math.abs(d) >= 0x1p63) {
      return constant(below == (d > 0));
    }
    return below
        ? compare(Predicate.Op.LE, (Object) (long) Math.floor(d))
        : compare(Predicate.Op.GE, (Object) (long) Math.ceil(d));
  }

  private Truth constant(boolean value) {
    return truth(value ? RowBitmap.full(rows) : new RowBitmap(rows));
  }

  /** Null rows are unknown, whatever lies beneath. */
  private Truth truth(RowBitmap yes) {
    return new Truth(yes.andNot(nulls), nulls);
  }

  private RowBitmap byIndex(ScalarIndex by, Predicate.Op op, Object value) {
    RowBitmap found = new RowBitmap(rows);
    switch (op) {
      case EQ -> by.in(List.of(value), found);
      case NE -> {
        by.in(List.of(value), found);
        found.not();
      }
      case LT -> by.range(null, false, value, false, found);
      case LE -> by.range(null, false, value, true, found);
      case GT -> by.range(value, false, null, false, found);
      case GE -> by.range(value, true, null, false, found);
    }
    return found;
  }

  private RowBitmap longs(Predicate.Op op, long constant) {
    RowBitmap found = new RowBitmap(rows);
    long[] block = new long[BLOCK];
    for (int first = 0; first < rows; first += BLOCK) {
      int n = Math.min(BLOCK, rows - first);
      column.longs(first, n, block);
      for (int start = 0; start < n; start += 64) {
        int m = Math.min(64, n - start);
        found.words()[(first + start) >>> 6] = word(op, block, start, m, constant);
      }
    }
    return found;
  }

  /** One word of the bitmap; each loop is branch-free. */
  private static long word(Predicate.Op op, long[] block, int start, int n, long constant) {
    long word = 0;
    switch (op) {
      case EQ -> {
        for (int i = 0; i < n; i++) {
          word |= (block[start + i] == constant ? 1L : 0L) << i;
        }
      }
      case NE -> {
        for (int i = 0; i < n; i++) {
          word |= (block[start + i] != constant ? 1L : 0L) << i;
        }
      }
      case LT -> {
        for (int i = 0; i < n; i++) {
          word |= (block[start + i] < constant ? 1L : 0L) << i;
        }
      }
      case LE -> {
        for (int i = 0; i < n; i++) {
          word |= (block[start + i] <= constant ? 1L : 0L) << i;
        }
      }
      case GT -> {
        for (int i = 0; i < n; i++) {
          word |= (block[start + i] > constant ? 1L : 0L) << i;
        }
      }
      case GE -> {
        for (int i = 0; i < n; i++) {
          word |= (block[start + i] >= constant ? 1L : 0L) << i;
        }
      }
    }
    return word;
  }

  private RowBitmap doubles(Predicate.Op op, double constant) {
    RowBitmap found = new RowBitmap(rows);
    double[] block = new double[BLOCK];
    for (int first = 0; first < rows; first += BLOCK) {
      int n = Math.min(BLOCK, rows - first);
      column.doubles(first, n, block);
      for (int i = 0; i < n; i++) {
        // Adding zero makes −0 equal to 0.
        if (op.holds(Double.compare(block[i] + 0.0, constant + 0.0))) {
          found.set(first + i);
        }
      }
    }
    return found;
  }

  private RowBitmap texts(Predicate.Op op, String constant) {
    byte[] wanted = constant.getBytes(StandardCharsets.UTF_8);
    boolean equality = op == Predicate.Op.EQ || op == Predicate.Op.NE;
    RowBitmap found = new RowBitmap(rows);
    for (int row = 0; row < rows; row++) {
      if (nulls.get(row)) {
        continue;
      }
      byte[] text = column.bytesAt(row);
      int order =
          equality ? (Arrays.equals(text, wanted) ? 0 : 1) : Arrays.compareUnsigned(text, wanted);
      if (op.holds(order)) {
        found.set(row);
      }
    }
    return found;
  }

  Truth in(List<Object> values) {
    List<Object> adapted = new ArrayList<>();
    for (Object value : values) {
      if (!field.type().isInteger() || !(value instanceof Double d)) {
        adapted.add(value);
      } else if (Values.whole(d)) {
        adapted.add((long) (double) d);
      }
    }
    RowBitmap found = new RowBitmap(rows);
    if (index != null) {
      index.in(adapted, found);
      return truth(found);
    }
    switch (field.type()) {
      case VARCHAR -> inTexts(adapted, found);
      case FLOAT, DOUBLE -> inDoubles(adapted, found);
      default -> inLongs(adapted, found);
    }
    return truth(found);
  }

  private void inLongs(List<Object> values, RowBitmap found) {
    long[] sorted =
        values.stream()
            .mapToLong(v -> v instanceof Boolean b ? (b ? 1 : 0) : (Long) v)
            .sorted()
            .toArray();
    long[] block = new long[BLOCK];
    for (int first = 0; first < rows; first += BLOCK) {
      int n = Math.min(BLOCK, rows - first);
      column.longs(first, n, block);
      for (int i = 0; i < n; i++) {
        if (Arrays.binarySearch(sorted, block[i]) >= 0) {
          found.set(first + i);
        }
      }
    }
  }

  private void inDoubles(List<Object> values, RowBitmap found) {
    double[] sorted = values.stream().mapToDouble(v -> (Double) v + 0.0).sorted().toArray();
    for (int row = 0; row < rows; row++) {
      if (!nulls.get(row) && Arrays.binarySearch(sorted, column.doubleAt(row) + 0.0) >= 0) {
        found.set(row);
      }
    }
  }

  private void inTexts(List<Object> values, RowBitmap found) {
    Set<Object> set = new HashSet<>(values);
    for (int row = 0; row < rows; row++) {
      if (!nulls.get(row) && set.contains(column.stringAt(row))) {
        found.set(row);
      }
    }
  }

  /** An ARRAY column with an index. */
  Truth contains(Predicate.Contains contains) {
    ScalarIndex by = Objects.requireNonNull(index);
    List<Object> wanted = contains.values().stream().map(this::asElement).toList();
    if (contains.mode() == Predicate.Contains.Mode.ANY) {
      RowBitmap found = new RowBitmap(rows);
      by.in(wanted, found);
      return truth(found);
    }
    RowBitmap found = RowBitmap.full(rows);
    for (Object value : wanted) {
      RowBitmap one = new RowBitmap(rows);
      by.in(List.of(value), one);
      found.and(one);
      if (found.next(0) < 0) {
        break;
      }
    }
    return truth(found);
  }

  /** The constant in the kind that the index holds; one that no element can equal finds nothing. */
  private Object asElement(Object value) {
    DataType type = field.elementType();
    return type != null && type.isInteger() ? Values.canonical(value) : value;
  }
}
