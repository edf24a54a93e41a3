package io.elanus.engine.segment;

import io.elanus.engine.range.KeyRange;
import io.elanus.index.RememberedRows;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.chunk.CodedChunks;
import io.elanus.index.scalar.ScalarIndex;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.store.format.FileHeader;
import io.elanus.store.limit.MemoryBudget;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An immutable, mapped segment, its rows sorted by primary key and, within a key, by insert
 * timestamp. The key column is the primary-key index. What changes are its deletions, and which
 * indexes are known; the latter by making a new object over the same mapping.
 */
public final class SealedSegment implements Segment {
  /** The field id of the insert timestamps in a segment's file. */
  private static final long TIMESTAMPS = 1;

  private final SegmentFacts facts;
  private final Field primaryKey;
  private final ArrowFile file;
  private final MemorySegment timestamps;
  private final Deletions deletions;
  private final Lifetime lifetime;
  private final Map<Long, OpenIndex> indexes;
  private final Map<Long, ColumnView> columns = new ConcurrentHashMap<>();

  /** By field; they stand in for an index until it is built. */
  private final Map<Long, CodedChunks> codes;

  private final RememberedRows remembered;

  private final SealedColumn keys;

  /** What is visible to whoever asks for the newest state, as nearly all do. */
  private volatile Deletions.@Nullable Left left;

  /** Keys and timestamps were read and found whole. */
  private boolean keysProven;

  /** An index over one field, vector or scalar. */
  public record OpenIndex(
      long indexId,
      @Nullable VectorIndex vector,
      @Nullable ScalarIndex scalar,
      MemorySegment file,
      Proof proof) {}

  private SealedSegment(
      SegmentFacts facts,
      Field primaryKey,
      ArrowFile file,
      Deletions deletions,
      Lifetime lifetime,
      Map<Long, CodedChunks> codes,
      RememberedRows remembered,
      Map<Long, OpenIndex> indexes) {
    this.facts = facts;
    this.primaryKey = primaryKey;
    this.file = file;
    this.deletions = deletions;
    this.lifetime = lifetime;
    this.codes = codes;
    this.remembered = remembered;
    this.indexes = Map.copyOf(indexes);
    List<MemorySegment> time = file.buffers(TIMESTAMPS);
    this.keys = new SealedColumn(primaryKey, file.buffers(primaryKey.id()));
    this.timestamps = time.get(1);
  }

  /** Maps the segment's file; indexes are added by {@link #withIndex}. */
  public static SealedSegment open(SegmentFacts facts, Schema schema, ObjectStore objects) {
    return open(facts, schema, objects, MemoryBudget.unlimited());
  }

  /**
   * @param memory counts the codes that stand in for an index
   */
  public static SealedSegment open(
      SegmentFacts facts, Schema schema, ObjectStore objects, MemoryBudget memory) {
    Lifetime lifetime = new Lifetime(memory.arenaByForce("codes of sealed rows"), () -> {});
    try {
      MemorySegment mapped = objects.map(facts.dataKey(), lifetime.arena());
      ArrowFile file = ArrowFile.open(mapped, facts.dataChecksum(), facts.id());
      if (file.rows() != facts.rowCount() || file.buffers(TIMESTAMPS).isEmpty()) {
        throw FileHeader.corrupt("a segment's file is not the one that the manifest names");
      }
      return new SealedSegment(
          facts,
          schema.primaryKey(),
          file,
          new Deletions(),
          lifetime,
          new ConcurrentHashMap<>(),
          new RememberedRows(facts.rowCount()),
          Map.of());
    } catch (RuntimeException e) {
      lifetime.retire();
      throw e;
    }
  }

  /** The segment was just written by this process: its bytes need no proof. */
  public SealedSegment fresh() {
    file.proofs().forEach(Proof::given);
    return this;
  }

  /** Writes the rows as a segment file. */
  public static int write(Schema schema, RowSource source, ObjectStore.Writer out) {
    return ArrowWriter.write(schema, source, out);
  }

  /** Under which the index over the words of a field is kept, beside one over its values. */
  public static long words(long fieldId) {
    return -fieldId;
  }

  public SealedSegment withIndex(long fieldId, OpenIndex index) {
    Map<Long, OpenIndex> more = new HashMap<>(indexes);
    more.put(fieldId, index);
    return with(facts, more);
  }

  public SealedSegment withoutIndex(long fieldId) {
    Map<Long, OpenIndex> fewer = new HashMap<>(indexes);
    fewer.remove(fieldId);
    return with(facts, fewer);
  }

  private SealedSegment with(SegmentFacts newFacts, Map<Long, OpenIndex> newIndexes) {
    return new SealedSegment(
        newFacts, primaryKey, file, deletions, lifetime, codes, remembered, newIndexes);
  }

  public SegmentFacts facts() {
    return facts;
  }

  public SealedSegment withFacts(SegmentFacts newer) {
    return with(newer, indexes);
  }

  public Deletions deletions() {
    return deletions;
  }

  public Lifetime lifetime() {
    return lifetime;
  }

  public @Nullable OpenIndex index(long fieldId) {
    return indexes.get(fieldId);
  }

  /** The whole file with its rows, mapped; valid while the segment is pinned. */
  public MemorySegment bytes() {
    return file.bytes();
  }

  /** Reads every byte and compares checksums; DATA_CORRUPT. */
  public void verify() {
    file.verify();
  }

  /** What there is to read against a checksum: columns, and indexes. */
  public List<Proof> proofs() {
    List<Proof> all = new ArrayList<>(file.proofs());
    indexes.values().forEach(index -> all.add(index.proof()));
    return all;
  }

  /** DATA_CORRUPT where keys or timestamps are damaged: no row can be told from another then. */
  public void requireKeys() {
    if (!keysProven) {
      file.proof(TIMESTAMPS).require();
      file.proof(primaryKey.id()).require();
      keysProven = true;
    }
  }

  /**
   * Deletes the rows of this key that were inserted before; answers how many. From the newest on,
   * until one is met that is deleted already: what deleted it deleted all older ones.
   */
  public int delete(Object key, long timestamp) {
    requireKeys();
    int deleted = 0;
    int[] range = range(key);
    for (int row = range[1] - 1; row >= range[0]; row--) {
      if (insertTimestamp(row) < timestamp) {
        if (!deletions.delete(row, timestamp)) {
          break;
        }
        deleted++;
      }
    }
    return deleted;
  }

  @Override
  public long id() {
    return facts.id();
  }

  @Override
  public long partitionId() {
    return facts.partitionId();
  }

  @Override
  public boolean growing() {
    return false;
  }

  @Override
  public int rowCount() {
    return facts.rowCount();
  }

  @Override
  public ColumnView column(Field field) {
    if (field.id() == primaryKey.id()) {
      requireKeys();
      return keys;
    }
    if (file.has(field.id())) {
      file.proof(field.id()).require();
    }
    return columns.computeIfAbsent(field.id(), id -> open(field));
  }

  private ColumnView open(Field field) {
    List<MemorySegment> buffers = file.buffers(field.id());
    return buffers.isEmpty() ? new ConstantColumn(field) : new SealedColumn(field, buffers);
  }

  @Override
  public RowBitmap visibleAt(long timestamp) {
    requireKeys();
    Deletions.Left newest =
        facts.maxTimestamp() > timestamp ? null : deletions.left(left, rowCount(), timestamp);
    if (newest != null) {
      left = newest;
      return newest.rows().copy();
    }
    RowBitmap rows = RowBitmap.full(rowCount());
    if (facts.maxTimestamp() > timestamp) {
      for (int row = 0; row < rowCount(); row++) {
        if (insertTimestamp(row) > timestamp) {
          rows.clear(row);
        }
      }
    }
    deletions.clear(rows, timestamp);
    return rows;
  }

  @Override
  public List<VectorData> vectors(Field field) {
    return vectors(field, column(field));
  }

  /**
   * For opening an index over them, which reads none; {@link #vectorIndex} asks for their proof.
   */
  public VectorData vectorsUnread(Field field) {
    return vectors(field, columns.computeIfAbsent(field.id(), id -> open(field))).getFirst();
  }

  private List<VectorData> vectors(Field field, ColumnView view) {
    if (!(view instanceof SealedColumn column)) {
      // Vector fields are there from a collection's first day.
      throw FileHeader.corrupt("a segment's file has no vectors of field " + field.name());
    }
    if (field.type() == DataType.SPARSE_FLOAT_VECTOR) {
      return List.of(new VectorData(column.sparse(rowCount())));
    }
    return List.of(new VectorData(column.vectors(), rowCount(), field.dim(), field.type()));
  }

  @Override
  public List<VectorData> chunks(Field field) {
    List<VectorData> whole = vectors(field);
    if (!CodedChunks.worthwhile(field.type(), field.dim())) {
      return whole;
    }
    VectorData all = whole.getFirst();
    List<VectorData> chunks = new ArrayList<>();
    for (int first = 0; first < all.count(); first += CodedChunks.ROWS) {
      chunks.add(all.slice(first, Math.min(CodedChunks.ROWS, all.count() - first)));
    }
    return chunks;
  }

  /** Makes the codes that stand in for an index before anybody searches. */
  public void prepareChunks(Field field, Metric metric) {
    for (int first = 0; first < rowCount(); first += CodedChunks.ROWS) {
      chunkIndex(field, first / CodedChunks.ROWS, metric, Runnable::run);
    }
  }

  @Override
  public @Nullable VectorIndex chunkIndex(
      Field field, int chunk, Metric metric, Executor builders) {
    if (!CodedChunks.worthwhile(field.type(), field.dim())) {
      return null;
    }
    int first = chunk * CodedChunks.ROWS;
    int rows = Math.min(CodedChunks.ROWS, rowCount() - first);
    return codes
        .computeIfAbsent(field.id(), id -> new CodedChunks(lifetime.arena()))
        .of(
            chunk,
            vectors(field).getFirst().slice(first, rows),
            true,
            metric,
            task -> lifetime.pinned(task, builders));
  }

  @Override
  public @Nullable VectorIndex vectorIndex(Field field) {
    OpenIndex index = indexes.get(field.id());
    if (index == null || index.vector() == null || !index.proof().holds()) {
      return null;
    }
    file.proof(field.id()).require();
    return index.vector();
  }

  @Override
  public @Nullable ScalarIndex scalarIndex(Field field) {
    OpenIndex index = indexes.get(field.id());
    return index == null || !index.proof().holds() ? null : index.scalar();
  }

  @Override
  public @Nullable ScalarIndex wordIndex(Field field) {
    OpenIndex index = indexes.get(words(field.id()));
    return index == null ? null : index.scalar();
  }

  @Override
  public @Nullable RowBitmap remembered(Object key, Supplier<RowBitmap> make) {
    return remembered.of(key, make);
  }

  @Override
  public @Nullable KeyRange range() {
    return facts.range();
  }

  @Override
  public long insertTimestamp(int row) {
    requireKeys();
    return timestamps.get(FileHeader.LONG, 8L * row);
  }

  @Override
  public int[] rowsOf(Object key) {
    requireKeys();
    int[] range = range(key);
    int[] rows = new int[range[1] - range[0]];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = range[0] + i;
    }
    return rows;
  }

  /** [first, past the last) row of this key. */
  private int[] range(Object key) {
    byte[] text = key instanceof String s ? SegmentKey.bytes(s) : new byte[0];
    int from = firstRow(key, text, 0, 0);
    return new int[] {from, firstRow(key, text, from, 1)};
  }

  /** The first row at or after {@code from} whose key compares at least so to this one. */
  private int firstRow(Object key, byte[] text, int from, int comparison) {
    int low = from;
    int high = rowCount();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compareKey(middle, key, text) < comparison) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int compareKey(int row, Object key, byte[] text) {
    return key instanceof Long number
        ? Long.compare(keys.longAt(row), number)
        : java.util.Arrays.compareUnsigned(keys.bytesAt(row), text);
  }

  /** A primary key of this segment, Long or String. */
  public static Object keyAt(Field primaryKey, Segment segment, int row) {
    ColumnView view = segment.column(primaryKey);
    return primaryKey.type() == DataType.INT64 ? (Object) view.longAt(row) : view.stringAt(row);
  }

  /** A row's value of the clustering key as ranges know it, null for none. */
  public static @Nullable Object clusteringValue(ColumnView view, int row) {
    if (view.isNull(row)) {
      return null;
    }
    return switch (view.type()) {
      case VARCHAR -> KeyRange.text(view.bytesAt(row));
      case FLOAT, DOUBLE -> KeyRange.floating(view.doubleAt(row));
      default -> (Object) view.longAt(row);
    };
  }

  /** The keys of these rows as a column. */
  public static Column keys(Field primaryKey, Segment segment, int[] rows) {
    return segment.column(primaryKey).gather(rows);
  }
}
