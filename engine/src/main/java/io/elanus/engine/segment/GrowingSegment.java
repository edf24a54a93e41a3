package io.elanus.engine.segment;

import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.scalar.ScalarIndex;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.store.limit.MemoryBudget;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are in the log but in no sealed segment yet. Appended to under the shard's write lock;
 * read through {@link #frozen} views. Rows are in the order of their operations.
 */
public final class GrowingSegment {
  /** What budgets call them. */
  public static final String GROWING_ROWS = "growing rows";

  /** Timestamp, deletion and place of the key of a row, roughly. */
  private static final int ROW_HEAP_BYTES = 64;

  private final long id;
  private final long partitionId;
  private final long firstOperation;
  private final Field primaryKey;
  private final MemoryBudget heap;
  private final Lifetime lifetime;
  private final Deletions deletions = new Deletions();
  private final KeyRows rowsByKey = new KeyRows();
  private volatile Map<Long, GrowingColumn> columns = Map.of();
  private volatile long[][] timestamps = new long[0][];
  private volatile int rowCount;
  private volatile long lastTimestamp;
  private long bytes;
  private volatile long heapBytes;

  /** Nobody counts its memory. */
  public GrowingSegment(long id, long partitionId, long firstOperation, Schema schema) {
    this(
        id,
        partitionId,
        firstOperation,
        schema,
        MemoryBudget.unlimited(),
        MemoryBudget.unlimited());
  }

  /**
   * @param firstOperation of the first rows it will get
   * @param memory off the heap, and
   * @param heap on it: counted in both, and never refused here, as the rows are in the log
   */
  public GrowingSegment(
      long id,
      long partitionId,
      long firstOperation,
      Schema schema,
      MemoryBudget memory,
      MemoryBudget heap) {
    this.heap = heap;
    this.lifetime =
        new Lifetime(
            memory.arenaByForce(GROWING_ROWS), () -> heap.giveBack(heapBytes, GROWING_ROWS));
    this.id = id;
    this.partitionId = partitionId;
    this.firstOperation = firstOperation;
    this.primaryKey = schema.primaryKey();
  }

  public long id() {
    return id;
  }

  public long partitionId() {
    return partitionId;
  }

  public long firstOperation() {
    return firstOperation;
  }

  public int rowCount() {
    return rowCount;
  }

  /** Rough size of what it holds. */
  public long bytes() {
    return bytes;
  }

  public Deletions deletions() {
    return deletions;
  }

  public Lifetime lifetime() {
    return lifetime;
  }

  /** Adds rows, all inserted at one timestamp; the batch holds every stored field. */
  public void append(Schema schema, RowBatch rows, long timestamp, long batchBytes) {
    int at = rowCount;
    for (Field field : schema.storedFields()) {
      column(field).append(at, rows.require(field.name()));
    }
    appendTimestamps(at, rows.size(), timestamp);
    Column keys = rows.require(primaryKey.name());
    for (int i = 0; i < rows.size(); i++) {
      rowsByKey.add(java.util.Objects.requireNonNull(keys.get(i)), at + i);
    }
    bytes += batchBytes;
    long onHeap = heapBytes(schema, rows.size(), batchBytes);
    heap.takeByForce(onHeap, GROWING_ROWS);
    heapBytes += onHeap;
    lastTimestamp = timestamp;
    rowCount = at + rows.size();
  }

  /** Roughly: objects around a value take as much again as the value. */
  public static long heapBytes(Schema schema, int rows, long batchBytes) {
    long vectors = 0;
    for (Field field : schema.storedFields()) {
      vectors += field.type().isDenseVector() ? rows * field.type().vectorBytes(field.dim()) : 0;
    }
    return 2 * Math.max(0, batchBytes - vectors) + (long) ROW_HEAP_BYTES * rows;
  }

  /** At most, off the heap: rows of dense vectors, and the block that they may begin. */
  public static long memoryBytes(Schema schema, int rows) {
    long bytes = 0;
    for (Field field : schema.storedFields()) {
      if (field.type().isDenseVector()) {
        long blocks = 1 + (rows + GrowingColumn.BLOCK - 1L) / GrowingColumn.BLOCK;
        bytes += blocks * GrowingColumn.blockBytes(field);
      }
    }
    return bytes;
  }

  /** A field that is new to this segment reads as null or default in the rows before. */
  private GrowingColumn column(Field field) {
    GrowingColumn column = columns.get(field.id());
    if (column == null) {
      column = GrowingColumn.of(field, lifetime.arena());
      if (rowCount > 0) {
        int[] before = new int[rowCount];
        column.append(0, new ConstantColumn(field).gather(before));
      }
      Map<Long, GrowingColumn> more = new HashMap<>(columns);
      more.put(field.id(), column);
      columns = more;
    }
    return column;
  }

  private void appendTimestamps(int at, int n, long timestamp) {
    for (int row = at; row < at + n; row++) {
      int block = row / GrowingColumn.BLOCK;
      if (block >= timestamps.length) {
        long[][] more = Arrays.copyOf(timestamps, block + 1);
        more[block] = new long[GrowingColumn.BLOCK];
        timestamps = more;
      }
      timestamps[block][row % GrowingColumn.BLOCK] = timestamp;
    }
  }

  /**
   * Deletes the rows of this key that were inserted before; answers how many. The newest row comes
   * first, and one that is deleted already ends the walk: what deleted it deleted all older ones,
   * so that the thousandth upsert of a key costs no more than the first.
   */
  public int delete(Object key, long timestamp) {
    int deleted = 0;
    for (int row = rowsByKey.newest(key); row >= 0; row = rowsByKey.before(row)) {
      if (timestampAt(row) < timestamp) {
        if (!deletions.delete(row, timestamp)) {
          break;
        }
        deleted++;
      }
    }
    return deleted;
  }

  private long timestampAt(int row) {
    return timestamps[row / GrowingColumn.BLOCK][row % GrowingColumn.BLOCK];
  }

  /** The rows there are now, for readers. */
  public Segment frozen() {
    return new Frozen(this, rowCount, lastTimestamp, columns);
  }

  private record Frozen(
      GrowingSegment of, int rowCount, long lastTimestamp, Map<Long, GrowingColumn> columns)
      implements Segment {
    @Override
    public long id() {
      return of.id;
    }

    @Override
    public long partitionId() {
      return of.partitionId;
    }

    @Override
    public boolean growing() {
      return true;
    }

    @Override
    public ColumnView column(Field field) {
      GrowingColumn column = columns.get(field.id());
      return column == null ? new ConstantColumn(field) : column;
    }

    @Override
    public RowBitmap visibleAt(long timestamp) {
      RowBitmap rows = RowBitmap.full(rowCount);
      if (lastTimestamp > timestamp) {
        // Timestamps ascend with the rows.
        for (int row = rowCount - 1; row >= 0 && of.timestampAt(row) > timestamp; row--) {
          rows.clear(row);
        }
      }
      of.deletions.clear(rows, timestamp);
      return rows;
    }

    @Override
    public List<VectorData> vectors(Field field) {
      GrowingColumn column = columns.get(field.id());
      if (column == null) {
        throw new IllegalStateException("no vectors of field " + field.name());
      }
      return column.vectors(rowCount);
    }

    @Override
    public @Nullable VectorIndex vectorIndex(Field field) {
      return null;
    }

    @Override
    public @Nullable VectorIndex chunkIndex(
        Field field, int chunk, Metric metric, Executor builders) {
      GrowingColumn column = columns.get(field.id());
      return column == null
          ? null
          : column.chunkIndex(rowCount, chunk, metric, task -> of.lifetime.pinned(task, builders));
    }

    @Override
    public @Nullable ScalarIndex scalarIndex(Field field) {
      return null;
    }

    @Override
    public long insertTimestamp(int row) {
      return of.timestampAt(row);
    }

    @Override
    public int[] rowsOf(Object primaryKey) {
      return of.rowsByKey.rows(primaryKey, rowCount);
    }
  }

  /**
   * Which rows of a growing segment hold a key: per key the newest row, per row the one before it
   * with the same key. A row costs the same however many versions its key has.
   *
   * <p>One writer; many readers, who find every row that was added before they looked.
   */
  private static final class KeyRows {
    private static final int NONE = -1;

    private final Map<Object, Integer> newest = new ConcurrentHashMap<>();

    /**
     * In blocks of {@link GrowingColumn#BLOCK}; written before the row becomes its key's newest.
     */
    private volatile int[][] before = new int[0][];

    /** Adds a row, which must be larger than those before. */
    void add(Object key, int row) {
      int block = row / GrowingColumn.BLOCK;
      if (block >= before.length) {
        int[][] more = Arrays.copyOf(before, block + 1);
        more[block] = new int[GrowingColumn.BLOCK];
        before = more;
      }
      before[block][row % GrowingColumn.BLOCK] = newest(key);
      newest.put(key, row);
    }

    /** The key's newest row, −1 for none. */
    int newest(Object key) {
      Integer row = newest.get(key);
      return row == null ? NONE : row;
    }

    /** The next older row with the same key, −1 for none. */
    int before(int row) {
      return before[row / GrowingColumn.BLOCK][row % GrowingColumn.BLOCK];
    }

    /** The key's rows below {@code rowCount}, ascending. */
    int[] rows(Object key, int rowCount) {
      int last = newest(key);
      while (last >= rowCount) {
        last = before(last);
      }
      int n = 0;
      for (int row = last; row >= 0; row = before(row)) {
        n++;
      }
      int[] rows = new int[n];
      for (int row = last; row >= 0; row = before(row)) {
        rows[--n] = row;
      }
      return rows;
    }
  }
}
