package io.elanus.engine.segment;

import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.chunk.CodedChunks;
import io.elanus.index.distance.Scorer;
import io.elanus.index.sparse.SparseRows;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One column of a growing segment: blocks of {@value #BLOCK} rows that are only ever appended to.
 * One writer; readers look only at rows below a count that was published after the rows were
 * written. Vectors lie off the heap, one segment a block, so that kernels run over them.
 */
abstract class GrowingColumn implements ColumnView {
  static final int BLOCK = CodedChunks.ROWS;

  private static final int LENGTH_BYTES = 4;

  protected final Field field;
  private volatile boolean[] @Nullable [] nulls = new boolean[0] @Nullable [];
  private volatile boolean hasNulls;

  private GrowingColumn(Field field) {
    this.field = field;
  }

  static GrowingColumn of(Field field, Arena arena) {
    return switch (field.type()) {
      case BOOL, INT8, INT16, INT32, INT64 -> new Longs(field);
      case FLOAT, DOUBLE -> new Doubles(field);
      case VARCHAR, JSON -> new Texts(field);
      case ARRAY -> new Lists(field);
      case FLOAT_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR, BINARY_VECTOR ->
          new Vectors(field, arena);
      case SPARSE_FLOAT_VECTOR -> new Sparse(field, arena);
    };
  }

  /**
   * Bytes off the heap that a block of dense vectors takes: the vectors, and lengths of long ones.
   */
  static long blockBytes(Field field) {
    int lengthBytes = CodedChunks.worthwhile(field.type(), field.dim()) ? LENGTH_BYTES : 0;
    return (long) BLOCK * (field.type().vectorBytes(field.dim()) + lengthBytes);
  }

  /** Writes the batch's rows from this row on. */
  void append(int at, Column column) {
    for (int i = 0; i < column.size(); i++) {
      if (column.isNull(i)) {
        markNull(at + i);
      } else {
        set(at + i, column, i);
      }
    }
  }

  protected abstract void set(int row, Column column, int from);

  /** The vectors of the first rows, a chunk a block. */
  List<VectorData> vectors(int rowCount) {
    throw new IllegalStateException("not a vector field: " + field.name());
  }

  /** An index over the first rows of a chunk of {@link #vectors}, or null. */
  @Nullable VectorIndex chunkIndex(int rowCount, int chunk, Metric metric, Executor builders) {
    return null;
  }

  private void markNull(int row) {
    int block = row / BLOCK;
    boolean[] @Nullable [] present = nulls;
    if (block >= present.length) {
      present = Arrays.copyOf(present, block + 1);
    }
    boolean[] marks = present[block];
    if (marks == null) {
      marks = new boolean[BLOCK];
      present[block] = marks;
    }
    marks[row % BLOCK] = true;
    nulls = present;
    hasNulls = true;
  }

  @Override
  public DataType type() {
    return field.type();
  }

  @Override
  public boolean hasNulls() {
    return hasNulls;
  }

  @Override
  public boolean isNull(int row) {
    boolean[] @Nullable [] present = nulls;
    int block = row / BLOCK;
    boolean[] marks = block < present.length ? present[block] : null;
    return marks != null && marks[row % BLOCK];
  }

  @Override
  public long longAt(int row) {
    throw wrong();
  }

  @Override
  public double doubleAt(int row) {
    throw wrong();
  }

  @Override
  public byte[] bytesAt(int row) {
    throw wrong();
  }

  @Override
  public Column arrayAt(int row) {
    throw wrong();
  }

  @Override
  public Column gather(int[] rows) {
    return Gather.rows(field, this, rows);
  }

  private IllegalStateException wrong() {
    return new IllegalStateException("field " + field.name() + " is " + field.type());
  }

  private static final class Longs extends GrowingColumn {
    private volatile long[][] blocks = new long[0][];

    Longs(Field field) {
      super(field);
    }

    @Override
    void append(int at, Column column) {
      while (blocks.length * BLOCK < at + column.size()) {
        long[][] more = Arrays.copyOf(blocks, blocks.length + 1);
        more[blocks.length] = new long[BLOCK];
        blocks = more;
      }
      super.append(at, column);
    }

    @Override
    protected void set(int row, Column column, int from) {
      blocks[row / BLOCK][row % BLOCK] =
          switch (column) {
            case Column.Longs longs -> longs.values()[from];
            case Column.Bools bools -> bools.values()[from] ? 1 : 0;
            default -> throw new IllegalStateException("not a number: " + column.type());
          };
    }

    @Override
    public long longAt(int row) {
      return blocks[row / BLOCK][row % BLOCK];
    }
  }

  private static final class Doubles extends GrowingColumn {
    private volatile double[][] blocks = new double[0][];

    Doubles(Field field) {
      super(field);
    }

    @Override
    void append(int at, Column column) {
      while (blocks.length * BLOCK < at + column.size()) {
        double[][] more = Arrays.copyOf(blocks, blocks.length + 1);
        more[blocks.length] = new double[BLOCK];
        blocks = more;
      }
      super.append(at, column);
    }

    @Override
    protected void set(int row, Column column, int from) {
      blocks[row / BLOCK][row % BLOCK] =
          switch (column) {
            case Column.Floats floats -> floats.values()[from];
            case Column.Doubles doubles -> doubles.values()[from];
            default -> throw new IllegalStateException("not a float: " + column.type());
          };
    }

    @Override
    public double doubleAt(int row) {
      return blocks[row / BLOCK][row % BLOCK];
    }
  }

  private static final class Texts extends GrowingColumn {
    private static final byte[] EMPTY = {};
    private volatile byte[][][] blocks = new byte[0][][];

    Texts(Field field) {
      super(field);
    }

    @Override
    void append(int at, Column column) {
      while (blocks.length * BLOCK < at + column.size()) {
        byte[][][] more = Arrays.copyOf(blocks, blocks.length + 1);
        byte[][] block = new byte[BLOCK][];
        Arrays.fill(block, EMPTY);
        more[blocks.length] = block;
        blocks = more;
      }
      super.append(at, column);
    }

    @Override
    protected void set(int row, Column column, int from) {
      blocks[row / BLOCK][row % BLOCK] =
          switch (column.get(from)) {
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            case byte[] json -> json;
            case null, default -> throw new IllegalStateException("not a text");
          };
    }

    @Override
    public byte[] bytesAt(int row) {
      return blocks[row / BLOCK][row % BLOCK];
    }
  }

  private static final class Lists extends GrowingColumn {
    private volatile Object[][] blocks = new Object[0][];

    Lists(Field field) {
      super(field);
    }

    @Override
    void append(int at, Column column) {
      while (blocks.length * BLOCK < at + column.size()) {
        Object[][] more = Arrays.copyOf(blocks, blocks.length + 1);
        more[blocks.length] = new Object[BLOCK];
        blocks = more;
      }
      super.append(at, column);
    }

    @Override
    protected void set(int row, Column column, int from) {
      blocks[row / BLOCK][row % BLOCK] =
          java.util.Objects.requireNonNull(((Column.Arrays) column).values()[from]);
    }

    @Override
    public Column arrayAt(int row) {
      return (Column) blocks[row / BLOCK][row % BLOCK];
    }
  }

  private static final class Vectors extends GrowingColumn {
    private final Arena arena;
    private final int vectorBytes;
    private final @Nullable CodedChunks codes;
    private volatile Block[] blocks = new Block[0];

    /**
     * Room for the vectors of a block.
     *
     * @param inverseNorms of vectors that are so long that lengths are not computed each time
     */
    private record Block(MemorySegment values, @Nullable MemorySegment inverseNorms) {}

    Vectors(Field field, Arena arena) {
      super(field);
      this.arena = arena;
      this.vectorBytes = field.type().vectorBytes(field.dim());
      this.codes =
          CodedChunks.worthwhile(field.type(), field.dim()) ? new CodedChunks(arena) : null;
    }

    @Override
    void append(int at, Column column) {
      MemorySegment values =
          switch (column) {
            case Column.FloatVectors floats -> MemorySegment.ofArray(floats.values());
            case Column.ByteVectors bytes -> MemorySegment.ofArray(bytes.values());
            default -> throw new IllegalStateException("not vectors: " + column.type());
          };
      int row = at;
      int from = 0;
      while (from < column.size()) {
        if (row / BLOCK >= blocks.length) {
          Block[] more = Arrays.copyOf(blocks, blocks.length + 1);
          more[blocks.length] = block();
          blocks = more;
        }
        int n = Math.min(column.size() - from, BLOCK - row % BLOCK);
        MemorySegment.copy(
            values,
            (long) from * vectorBytes,
            blocks[row / BLOCK].values(),
            (long) (row % BLOCK) * vectorBytes,
            (long) n * vectorBytes);
        measure(blocks[row / BLOCK], row % BLOCK, n);
        row += n;
        from += n;
      }
    }

    private Block block() {
      return new Block(
          arena.allocate((long) BLOCK * vectorBytes, 64),
          codes == null ? null : arena.allocate((long) LENGTH_BYTES * BLOCK, 64));
    }

    /** The lengths of rows that were just written. */
    private void measure(Block block, int first, int rows) {
      MemorySegment norms = block.inverseNorms();
      if (norms != null) {
        VectorData written = new VectorData(block.values(), BLOCK, field.dim(), field.type());
        Scorer.inverseNorms(written.slice(first, rows), norms.asSlice(4L * first, 4L * rows));
      }
    }

    @Override
    protected void set(int row, Column column, int from) {
      throw new IllegalStateException("vectors are appended whole");
    }

    @Override
    public void vectorAt(int row, MemorySegment into, long at) {
      MemorySegment.copy(
          blocks[row / BLOCK].values(), (long) (row % BLOCK) * vectorBytes, into, at, vectorBytes);
    }

    @Override
    @Nullable VectorIndex chunkIndex(int rowCount, int chunk, Metric metric, Executor builders) {
      CodedChunks coded = codes;
      int rows = Math.min(BLOCK, rowCount - chunk * BLOCK);
      return coded == null
          ? null
          : coded.of(chunk, chunk(chunk, rows), rows == BLOCK, metric, builders);
    }

    private VectorData chunk(int chunk, int rows) {
      Block block = blocks[chunk];
      VectorData vectors = new VectorData(block.values(), rows, field.dim(), field.type());
      MemorySegment norms = block.inverseNorms();
      return norms == null ? vectors : vectors.withInverseNorms(norms);
    }

    @Override
    List<VectorData> vectors(int rowCount) {
      List<VectorData> chunks = new ArrayList<>();
      for (int first = 0; first < rowCount; first += BLOCK) {
        chunks.add(chunk(first / BLOCK, Math.min(BLOCK, rowCount - first)));
      }
      return chunks;
    }
  }

  /**
   * Sparse vectors of a growing segment, off the heap: per block the rows' starts, and their
   * entries in room that is doubled when it is full. What was there before stays where it was, so
   * that a reader who holds the smaller room reads on.
   */
  private static final class Sparse extends GrowingColumn {
    private static final int ENTRIES_MIN = 1024;

    private final Arena arena;
    private volatile SparseRows[] blocks = new SparseRows[0];

    Sparse(Field field, Arena arena) {
      super(field);
      this.arena = arena;
    }

    @Override
    protected void set(int row, Column column, int from) {
      SparseVector vector = ((Column.SparseVectors) column).get(from);
      int at = row % BLOCK;
      int before = at == 0 ? 0 : blocks[row / BLOCK].start(at);
      SparseRows block = withRoom(row / BLOCK, before, vector.size());
      copy(MemorySegment.ofArray(vector.indices()), block.indices(), before);
      copy(MemorySegment.ofArray(vector.values()), block.values(), before);
      block.starts().set(FileHeader.INT, 4L * (at + 1), before + vector.size());
    }

    private static void copy(MemorySegment entries, MemorySegment to, int at) {
      MemorySegment.copy(entries, 0, to, 4L * at, entries.byteSize());
    }

    /** The block, with room for so many entries behind those it has. */
    private SparseRows withRoom(int number, int used, int more) {
      long needed = (long) used + more;
      if (number < blocks.length && room(blocks[number]) >= needed) {
        return blocks[number];
      }
      SparseRows[] present = Arrays.copyOf(blocks, Math.max(blocks.length, number + 1));
      boolean fresh = number == blocks.length;
      // The block before says what to expect of this one.
      long expected =
          !fresh
              ? 2L * room(present[number])
              : number == 0 ? ENTRIES_MIN : present[number - 1].start(BLOCK);
      int entries = Math.toIntExact(Math.max(expected, needed));
      MemorySegment indices = arena.allocate(4L * Math.max(1, entries), 64);
      MemorySegment values = arena.allocate(4L * Math.max(1, entries), 64);
      MemorySegment starts;
      if (fresh) {
        starts = arena.allocate(4L * (BLOCK + 1), 64);
      } else {
        starts = present[number].starts();
        copy(present[number].indices().asSlice(0, 4L * used), indices, 0);
        copy(present[number].values().asSlice(0, 4L * used), values, 0);
      }
      present[number] = new SparseRows(starts, indices, values, BLOCK);
      blocks = present;
      return present[number];
    }

    private static long room(SparseRows block) {
      return block.indices().byteSize() / ValueLayout.JAVA_INT.byteSize();
    }

    @Override
    public SparseVector sparseAt(int row) {
      return blocks[row / BLOCK].row(row % BLOCK);
    }

    @Override
    List<VectorData> vectors(int rowCount) {
      List<VectorData> chunks = new ArrayList<>();
      SparseRows[] present = blocks;
      for (int first = 0; first < rowCount; first += BLOCK) {
        SparseRows block = present[first / BLOCK];
        int n = Math.min(BLOCK, rowCount - first);
        chunks.add(
            new VectorData(new SparseRows(block.starts(), block.indices(), block.values(), n)));
      }
      return chunks;
    }
  }
}
