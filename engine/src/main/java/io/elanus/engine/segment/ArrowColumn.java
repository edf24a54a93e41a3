package io.elanus.engine.segment;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.store.format.FileHeader;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * The buffers of one field, in Arrow's order, each produced piece by piece when it is written, so
 * that no column is ever on the heap as a whole. Lengths are known beforehand, as Arrow's metadata
 * precedes the data.
 */
final class ArrowColumn {
  private static final int PIECE_ROWS = 4096;

  private final Field field;
  private final RowSource source;
  private final List<ColumnView> views;
  private final int rows;
  private int nullCount;
  private long textBytes;
  private long elements;

  ArrowColumn(Field field, RowSource source) {
    this.field = field;
    this.source = source;
    this.views = source.columns(field);
    this.rows = source.size();
    measure();
  }

  /** Takes the pieces of a buffer. */
  interface Sink {
    void write(MemorySegment piece);
  }

  /** A buffer: its length and how to produce it. */
  record Buffer(long length, Producer producer) {
    interface Producer {
      void into(Sink sink);
    }
  }

  /** A node of the record batch: length and null count. */
  record Node(long length, long nullCount) {}

  private ColumnView view(int at) {
    return views.get(source.segmentOf(at));
  }

  private boolean isNull(int at) {
    return view(at).isNull(source.rowOf(at));
  }

  private void measure() {
    boolean text = field.type() == DataType.VARCHAR || field.type() == DataType.JSON;
    boolean array = field.type() == DataType.ARRAY;
    boolean nulls = views.stream().anyMatch(ColumnView::hasNulls);
    boolean sparse = field.type() == DataType.SPARSE_FLOAT_VECTOR;
    if (!text && !array && !sparse && !nulls) {
      return;
    }
    for (int at = 0; at < rows; at++) {
      if (nulls && isNull(at)) {
        nullCount++;
      } else if (text) {
        textBytes += view(at).bytesAt(source.rowOf(at)).length;
      } else if (array) {
        Column values = view(at).arrayAt(source.rowOf(at));
        elements += values.size();
        textBytes += elementTextBytes(values);
      } else if (sparse) {
        elements += view(at).sparseAt(source.rowOf(at)).size();
      }
    }
  }

  private static long elementTextBytes(Column values) {
    long bytes = 0;
    if (values instanceof Column.Strings strings) {
      for (String value : strings.values()) {
        bytes += SegmentKey.bytes(Objects.requireNonNull(value)).length;
      }
    }
    return bytes;
  }

  List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node(rows, nullCount));
    if (field.type() == DataType.ARRAY) {
      nodes.add(new Node(elements, 0));
    } else if (field.type() == DataType.SPARSE_FLOAT_VECTOR) {
      nodes.addAll(Collections.nCopies(3, new Node(elements, 0)));
    } else if (field.type().isDenseVector()) {
      nodes.add(new Node((long) rows * ArrowSchema.listSize(field), 0));
    }
    return nodes;
  }

  List<Buffer> buffers() {
    List<Buffer> buffers = new ArrayList<>();
    buffers.add(nullCount == 0 ? empty() : bits(at -> !isNull(at)));
    switch (field.type()) {
      case BOOL -> buffers.add(bits(at -> !isNull(at) && view(at).longAt(source.rowOf(at)) != 0));
      case INT8, INT16, INT32, INT64, FLOAT, DOUBLE -> buffers.add(fixed());
      case VARCHAR, JSON -> {
        buffers.add(textOffsets());
        buffers.add(new Buffer(textBytes, this::texts));
      }
      case ARRAY -> arrayBuffers(buffers);
      case FLOAT_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR, BINARY_VECTOR -> {
        buffers.add(empty());
        buffers.add(new Buffer((long) rows * vectorBytes(), this::vectors));
      }
      case SPARSE_FLOAT_VECTOR -> sparseBuffers(buffers);
    }
    return buffers;
  }

  private static Buffer empty() {
    return new Buffer(0, sink -> {});
  }

  private interface RowTest {
    boolean holds(int at);
  }

  private Buffer bits(RowTest test) {
    return new Buffer(
        (rows + 7L) / 8,
        sink -> {
          byte[] bytes = new byte[(rows + 7) / 8];
          for (int at = 0; at < rows; at++) {
            if (test.holds(at)) {
              bytes[at >>> 3] |= (byte) (1 << (at & 7));
            }
          }
          sink.write(MemorySegment.ofArray(bytes));
        });
  }

  private Buffer fixed() {
    int width = ArrowSchema.width(field.type());
    return new Buffer((long) rows * width, sink -> pieces(width, sink, this::putFixed));
  }

  private interface Putter {
    void put(MemorySegment into, long offset, int at);
  }

  private void pieces(int width, Sink sink, Putter putter) {
    MemorySegment piece = MemorySegment.ofArray(new byte[PIECE_ROWS * width]);
    for (int first = 0; first < rows; first += PIECE_ROWS) {
      int n = Math.min(PIECE_ROWS, rows - first);
      piece.fill((byte) 0);
      for (int i = 0; i < n; i++) {
        putter.put(piece, (long) i * width, first + i);
      }
      sink.write(piece.asSlice(0, (long) n * width));
    }
  }

  private void putFixed(MemorySegment into, long offset, int at) {
    if (isNull(at)) {
      return;
    }
    ColumnView view = view(at);
    int row = source.rowOf(at);
    switch (field.type()) {
      case INT8 -> into.set(ValueLayout.JAVA_BYTE, offset, (byte) view.longAt(row));
      case INT16 -> into.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) view.longAt(row));
      case INT32 -> into.set(FileHeader.INT, offset, (int) view.longAt(row));
      case INT64 -> into.set(FileHeader.LONG, offset, view.longAt(row));
      case FLOAT -> into.set(FileHeader.FLOAT, offset, (float) view.doubleAt(row));
      case DOUBLE ->
          into.set(FileHeader.LONG, offset, Double.doubleToRawLongBits(view.doubleAt(row)));
      default -> throw new IllegalStateException("no fixed width: " + field.type());
    }
  }

  private Buffer textOffsets() {
    return new Buffer(
        8L * (rows + 1L),
        sink -> {
          long[] total = {0};
          sink.write(MemorySegment.ofArray(new byte[8]));
          pieces(
              8,
              sink,
              (into, offset, at) -> {
                total[0] += isNull(at) ? 0 : view(at).bytesAt(source.rowOf(at)).length;
                into.set(FileHeader.LONG, offset, total[0]);
              });
        });
  }

  private void texts(Sink sink) {
    ByteArrayOutputStream piece = new ByteArrayOutputStream();
    for (int at = 0; at < rows; at++) {
      if (!isNull(at)) {
        piece.writeBytes(view(at).bytesAt(source.rowOf(at)));
      }
      if (piece.size() > (1 << 20)) {
        sink.write(MemorySegment.ofArray(piece.toByteArray()));
        piece.reset();
      }
    }
    sink.write(MemorySegment.ofArray(piece.toByteArray()));
  }

  private int vectorBytes() {
    return field.type().vectorBytes(field.dim());
  }

  private void vectors(Sink sink) {
    pieces(
        vectorBytes(),
        sink,
        (into, offset, at) -> view(at).vectorAt(source.rowOf(at), into, offset));
  }

  // --- sparse vectors --------------------------------------------------------------------------

  private void sparseBuffers(List<Buffer> buffers) {
    buffers.add(listOffsets(at -> view(at).sparseAt(source.rowOf(at)).size()));
    buffers.add(empty());
    buffers.add(empty());
    buffers.add(
        new Buffer(4 * elements, sink -> entries(sink, v -> MemorySegment.ofArray(v.indices()))));
    buffers.add(empty());
    buffers.add(
        new Buffer(4 * elements, sink -> entries(sink, v -> MemorySegment.ofArray(v.values()))));
  }

  private interface EntryPart {
    MemorySegment of(SparseVector vector);
  }

  /** The machine is little-endian, as the file is. */
  private void entries(Sink sink, EntryPart part) {
    MemorySegment piece = MemorySegment.ofArray(new byte[1 << 20]);
    long filled = 0;
    for (int at = 0; at < rows; at++) {
      MemorySegment row = part.of(view(at).sparseAt(source.rowOf(at)));
      if (filled + row.byteSize() > piece.byteSize()) {
        sink.write(piece.asSlice(0, filled));
        filled = 0;
      }
      if (row.byteSize() > piece.byteSize()) {
        sink.write(row);
      } else {
        MemorySegment.copy(row, 0, piece, filled, row.byteSize());
        filled += row.byteSize();
      }
    }
    sink.write(piece.asSlice(0, filled));
  }

  // --- arrays ---------------------------------------------------------------------------------

  private void arrayBuffers(List<Buffer> buffers) {
    buffers.add(listOffsets(at -> isNull(at) ? 0 : view(at).arrayAt(source.rowOf(at)).size()));
    buffers.add(empty());
    DataType type = Gather.elementType(field);
    switch (type) {
      case BOOL -> buffers.add(new Buffer((elements + 7) / 8, this::elementBits));
      case VARCHAR -> {
        buffers.add(new Buffer(8 * (elements + 1), this::elementOffsets));
        buffers.add(new Buffer(textBytes, this::elementTexts));
      }
      default -> buffers.add(new Buffer(elements * ArrowSchema.width(type), this::elementValues));
    }
  }

  private interface Length {
    int of(int at);
  }

  private Buffer listOffsets(Length length) {
    return new Buffer(
        4L * (rows + 1L),
        sink -> {
          int[] total = {0};
          sink.write(MemorySegment.ofArray(new byte[4]));
          pieces(
              4,
              sink,
              (into, offset, at) -> {
                total[0] = Math.addExact(total[0], length.of(at));
                into.set(FileHeader.INT, offset, total[0]);
              });
        });
  }

  private interface ElementVisitor {
    void visit(Column values, int index);
  }

  private void eachElement(ElementVisitor visitor) {
    for (int at = 0; at < rows; at++) {
      if (!isNull(at)) {
        Column values = view(at).arrayAt(source.rowOf(at));
        for (int i = 0; i < values.size(); i++) {
          visitor.visit(values, i);
        }
      }
    }
  }

  private void elementBits(Sink sink) {
    byte[] bytes = new byte[Math.toIntExact((elements + 7) / 8)];
    int[] n = {0};
    eachElement(
        (values, i) -> {
          if (((Column.Bools) values).values()[i]) {
            bytes[n[0] >>> 3] |= (byte) (1 << (n[0] & 7));
          }
          n[0]++;
        });
    sink.write(MemorySegment.ofArray(bytes));
  }

  private void elementOffsets(Sink sink) {
    MemorySegment one = MemorySegment.ofArray(new byte[8]);
    sink.write(one);
    long[] total = {0};
    eachElement(
        (values, i) -> {
          total[0] += text(values, i).length;
          one.set(FileHeader.LONG, 0, total[0]);
          sink.write(one);
        });
  }

  private void elementTexts(Sink sink) {
    eachElement((values, i) -> sink.write(MemorySegment.ofArray(text(values, i))));
  }

  private static byte[] text(Column values, int i) {
    return Objects.requireNonNull(((Column.Strings) values).values()[i])
        .getBytes(StandardCharsets.UTF_8);
  }

  private void elementValues(Sink sink) {
    DataType type = Gather.elementType(field);
    MemorySegment one = MemorySegment.ofArray(new byte[ArrowSchema.width(type)]);
    eachElement(
        (values, i) -> {
          switch (values) {
            case Column.Longs longs -> putLong(one, type, longs.values()[i]);
            case Column.Floats floats -> one.set(FileHeader.FLOAT, 0, floats.values()[i]);
            case Column.Doubles doubles ->
                one.set(FileHeader.LONG, 0, Double.doubleToRawLongBits(doubles.values()[i]));
            default -> throw new IllegalStateException("not an element: " + values.type());
          }
          sink.write(one);
        });
  }

  private static void putLong(MemorySegment into, DataType type, long value) {
    switch (type) {
      case INT8 -> into.set(ValueLayout.JAVA_BYTE, 0, (byte) value);
      case INT16 -> into.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) value);
      case INT32 -> into.set(FileHeader.INT, 0, (int) value);
      default -> into.set(FileHeader.LONG, 0, value);
    }
  }
}
