package io.elanus.engine.segment;

import io.elanus.index.sparse.SparseRows;
import io.elanus.model.error.ElanusException;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of a mapped segment, read in place. Buffers as {@link ArrowColumn} writes them. */
final class SealedColumn implements ColumnView {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Field field;
  private final MemorySegment validity;
  private final List<MemorySegment> buffers;
  private final MemorySegment values;

  SealedColumn(Field field, List<MemorySegment> buffers) {
    if (buffers.size() != bufferCount(field)) {
      throw FileHeader.corrupt(
          "a segment's file holds field %s as something else than %s"
              .formatted(field.name(), field.type()));
    }
    this.field = field;
    this.buffers = buffers;
    this.validity = buffers.get(0);
    this.values = buffers.get(field.type().isDenseVector() ? 2 : 1);
  }

  private static int bufferCount(Field field) {
    return switch (field.type()) {
      case VARCHAR, JSON -> 3;
      case ARRAY -> Gather.elementType(field) == DataType.VARCHAR ? 5 : 4;
      case FLOAT_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR, BINARY_VECTOR -> 3;
      case SPARSE_FLOAT_VECTOR -> 7;
      default -> 2;
    };
  }

  /** Dense vectors: all of them, row-major. */
  MemorySegment vectors() {
    return values;
  }

  /** Sparse vectors: the list's offsets and the children of its struct. */
  SparseRows sparse(int rowCount) {
    return new SparseRows(values, buffers.get(4), buffers.get(6), rowCount);
  }

  @Override
  public SparseVector sparseAt(int row) {
    return sparse(row + 1).row(row);
  }

  @Override
  public DataType type() {
    return field.type();
  }

  @Override
  public boolean hasNulls() {
    return validity.byteSize() > 0;
  }

  @Override
  public boolean isNull(int row) {
    return hasNulls() && !bit(validity, row);
  }

  @Override
  public long longAt(int row) {
    return switch (field.type()) {
      case BOOL -> bit(values, row) ? 1 : 0;
      case INT8, INT16, INT32, INT64 -> integer(values, field.type(), row);
      default -> throw wrong();
    };
  }

  @Override
  public void longs(int from, int count, long[] into) {
    if (field.type() == DataType.INT64) {
      MemorySegment.copy(values, FileHeader.LONG, 8L * from, into, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      into[i] = longAt(from + i);
    }
  }

  @Override
  public double doubleAt(int row) {
    return switch (field.type()) {
      case FLOAT -> values.get(FileHeader.FLOAT, 4L * row);
      case DOUBLE -> Double.longBitsToDouble(values.get(FileHeader.LONG, 8L * row));
      default -> throw wrong();
    };
  }

  @Override
  public byte[] bytesAt(int row) {
    return text(values, buffers.get(2), row);
  }

  @Override
  public void vectorAt(int row, MemorySegment into, long at) {
    long bytes = field.type().vectorBytes(field.dim());
    MemorySegment.copy(values, bytes * row, into, at, bytes);
  }

  @Override
  public Column arrayAt(int row) {
    int from = values.get(FileHeader.INT, 4L * row);
    int n = values.get(FileHeader.INT, 4L * (row + 1)) - from;
    MemorySegment elements = buffers.get(3);
    // A file is not read as a whole when it is opened, and room is made before elements are read.
    if (from < 0 || n < 0 || (from + (long) n) > 8 * elements.byteSize()) {
      throw damaged();
    }
    DataType type = Gather.elementType(field);
    return switch (type) {
      case BOOL -> {
        boolean[] array = new boolean[n];
        for (int i = 0; i < n; i++) {
          array[i] = bit(elements, from + i);
        }
        yield new Column.Bools(array, null);
      }
      case VARCHAR -> {
        @Nullable String[] array = new @Nullable String[n];
        for (int i = 0; i < n; i++) {
          array[i] = new String(text(elements, buffers.get(4), from + i), StandardCharsets.UTF_8);
        }
        yield new Column.Strings(array);
      }
      case FLOAT -> {
        float[] array = new float[n];
        MemorySegment.copy(elements, FileHeader.FLOAT, 4L * from, array, 0, n);
        yield new Column.Floats(array, null);
      }
      case DOUBLE -> {
        double[] array = new double[n];
        for (int i = 0; i < n; i++) {
          array[i] = Double.longBitsToDouble(elements.get(FileHeader.LONG, 8L * (from + i)));
        }
        yield new Column.Doubles(array, null);
      }
      default -> {
        long[] array = new long[n];
        for (int i = 0; i < n; i++) {
          array[i] = integer(elements, type, from + i);
        }
        yield new Column.Longs(type, array, null);
      }
    };
  }

  @Override
  public Column gather(int[] rows) {
    return Gather.rows(field, this, rows);
  }

  private static long integer(MemorySegment from, DataType type, int at) {
    return switch (type) {
      case INT8 -> from.get(ValueLayout.JAVA_BYTE, at);
      case INT16 -> from.get(SHORT, 2L * at);
      case INT32 -> from.get(FileHeader.INT, 4L * at);
      default -> from.get(FileHeader.LONG, 8L * at);
    };
  }

  private static byte[] text(MemorySegment offsets, MemorySegment texts, int at) {
    long from = offsets.get(FileHeader.LONG, 8L * at);
    long to = offsets.get(FileHeader.LONG, 8L * (at + 1L));
    if (from < 0 || to < from || to > texts.byteSize()) {
      throw damaged();
    }
    return texts.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
  }

  private static boolean bit(MemorySegment bits, int at) {
    return (bits.get(ValueLayout.JAVA_BYTE, at >>> 3) & (1 << (at & 7))) != 0;
  }

  private static ElanusException damaged() {
    return FileHeader.corrupt("a segment's data points outside its file");
  }

  private IllegalStateException wrong() {
    return new IllegalStateException("field " + field.name() + " is " + field.type());
  }
}
