package io.elanus.engine.write;

import io.elanus.engine.segment.GrowingSegment;
import io.elanus.engine.segment.Lifetime;
import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.Segment;
import io.elanus.engine.segment.SegmentFacts;
import io.elanus.engine.segment.Snapshot;
import io.elanus.engine.write.bytes.ByteSink;
import io.elanus.engine.write.bytes.DeletesFile;
import io.elanus.engine.write.bytes.LogRecord;
import io.elanus.engine.write.bytes.Manifest;
import io.elanus.engine.write.bytes.PartitionRows;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.Schema;
import io.elanus.store.format.FileHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The door of the write path: one shard's writes, in one order.
 *
 * <p>A write takes the lock, gets its timestamp, is appended to the log and applied to the growing
 * segments; then, without the lock, it waits for the log's force and moves the visible timestamp.
 * Readers look only at what is at or below that timestamp, so nothing is ever shown that a crash
 * could take back. Sealed segments, their deletions and indexes become part of the truth by {@link
 * #publish}, which writes the manifest and swaps the state, in that order.
 */
public final class WritePath implements AutoCloseable {
  final WriteSetup setup;
  final ReentrantLock lock = new ReentrantLock();
  private final Maintenance maintenance;

  /** Guards the pair of state and visible timestamp for those who take a snapshot. */
  private final Object stateMonitor = new Object();

  // Written under stateMonitor and lock; read under either.
  private ShardState state = ShardState.EMPTY;
  // Written under stateMonitor.
  private long visible;
  private long visibleOperation;

  // Guarded by lock.
  private Schema schema;
  private Manifest manifest;
  private long nextSegmentId;
  private long lastTimestamp;
  private @Nullable ElanusException failure;

  /** Written under lock, before the state is emptied. */
  private volatile boolean closed;

  private WritePath(WriteSetup setup, Manifest manifest) {
    this.setup = setup;
    this.schema = setup.schema();
    this.manifest = manifest;
    this.nextSegmentId = manifest.nextSegmentId();
    this.maintenance = new Maintenance(this, setup);
  }

  /** Opens what the manifest names, replays the rest from the log, and resumes background work. */
  public static WritePath open(WriteSetup setup) {
    Manifest manifest = Manifest.load(setup.objects(), setup.prefix());
    WritePath path = new WritePath(setup, manifest);
    path.lock.lock();
    try {
      path.recover();
    } catch (RuntimeException | Error e) {
      path.swap(ShardState.EMPTY);
      throw e;
    } finally {
      path.lock.unlock();
    }
    path.maintenance.wake();
    return path;
  }

  private void recover() {
    state = new ShardState(java.util.Map.of(), List.of(), openSealed(), manifest.sealedThrough());
    replay();
    for (SegmentFacts facts : manifest.segments()) {
      lastTimestamp = Math.max(lastTimestamp, facts.maxTimestamp());
    }
    visible = setup.timestamps().next();
    if (visible <= lastTimestamp) {
      throw FileHeader.corrupt(
          "rows have timestamps up to %d, but the next one handed out is %d: the catalog is older than the data"
              .formatted(lastTimestamp, visible));
    }
    lastTimestamp = visible;
    visibleOperation = setup.log().lastOperation();
    // Only now: where the log or the manifest is not whole, nothing may be removed.
    maintenance.removeOrphans(manifest);
  }

  private List<SealedSegment> openSealed() {
    List<SealedSegment> sealed = new ArrayList<>();
    try {
      for (SegmentFacts facts : manifest.segments()) {
        SealedSegment segment =
            SealedSegment.open(facts, schema, setup.objects(), setup.limits().memory());
        sealed.add(segment);
        if (!facts.deletesKey().isEmpty()) {
          DeletesFile.read(segment, facts.deletesKey(), setup.objects());
        }
        sealed.set(sealed.size() - 1, maintenance.openIndexes(segment, schema));
      }
      return sealed;
    } catch (RuntimeException | Error e) {
      sealed.forEach(segment -> segment.lifetime().retire());
      throw e;
    }
  }

  /** The log must go on exactly where the manifest ends, or acknowledged writes are missing. */
  private void replay() {
    long last = setup.log().lastOperation();
    if (last < manifest.replayFrom() - 1) {
      throw FileHeader.corrupt(
          "the log ends at operation %d, but the manifest has seen operation %d"
              .formatted(last, manifest.replayFrom() - 1));
    }
    long[] expected = {manifest.replayFrom()};
    setup
        .log()
        .replay(
            manifest.replayFrom(),
            (operation, bytes) -> {
              checkNext(operation, expected[0]++);
              apply(LogRecord.decode(bytes), operation, bytes.byteSize());
            });
    checkNext(last + 1, expected[0]);
  }

  private static void checkNext(long operation, long expected) {
    if (operation != expected) {
      throw FileHeader.corrupt("the log lacks operation " + expected);
    }
  }

  // --- writes ---------------------------------------------------------------------------------

  /** Adds rows, all or none, at one timestamp; durable and visible when this returns. */
  public long insert(List<PartitionRows> parts) {
    makeRoom(parts);
    return write(timestamp -> new LogRecord.Insert(timestamp, parts, null));
  }

  /** Deletes every older row of these keys, in all partitions, and adds rows, at one timestamp. */
  public long upsert(List<PartitionRows> parts, Column replaced) {
    makeRoom(parts);
    return write(timestamp -> new LogRecord.Insert(timestamp, parts, replaced));
  }

  /** Deletes by key; {@code partitions} empty for all. */
  public long delete(Column keys, Set<Long> partitions) {
    return write(timestamp -> new LogRecord.Delete(timestamp, keys, partitions));
  }

  /** What a delete by filter found. */
  public record DeleteOutcome(long timestamp, Column keys) {}

  /** Deletes the keys that a function finds in the newest state, with no write in between. */
  public DeleteOutcome deleteWhere(Function<Snapshot, Column> keysOf, Set<Long> partitions) {
    Column keys;
    long timestamp;
    long operation;
    lock.lock();
    try {
      try (Snapshot newest = pin(lastTimestamp)) {
        keys = keysOf.apply(newest);
      }
      if (keys.size() == 0) {
        timestamp = lastTimestamp;
        operation = setup.log().lastOperation();
      } else {
        timestamp = setup.timestamps().next();
        operation = append(new LogRecord.Delete(timestamp, keys, partitions));
      }
    } finally {
      lock.unlock();
    }
    acknowledge(operation, timestamp);
    return new DeleteOutcome(timestamp, keys);
  }

  /** Removes a partition's rows. */
  public void dropPartition(long partitionId) {
    write(timestamp -> new LogRecord.DropPartition(timestamp, partitionId));
    maintenance.checkpoint();
  }

  /** Removes all rows. */
  public void truncate() {
    write(LogRecord.Truncate::new);
    maintenance.checkpoint();
  }

  private long write(Function<Long, LogRecord> recordAt) {
    long timestamp;
    long operation;
    lock.lock();
    try {
      timestamp = setup.timestamps().next();
      operation = append(recordAt.apply(timestamp));
    } finally {
      lock.unlock();
    }
    acknowledge(operation, timestamp);
    return timestamp;
  }

  /**
   * Where many segments wait to be sealed, whoever brings more rows seals first: background threads
   * may be busy with builds for long, and a disk that is full is told to those who fill it. Deletes
   * need no room. What does not fit the limits of the process is refused before it is logged.
   */
  private void makeRoom(List<PartitionRows> parts) {
    while (state().sealing().size() >= setup.config().sealingMax()) {
      maintenance.sealAll();
    }
    Room room = Room.of(schema(), parts);
    if (!room.fits(setup.limits())) {
      rotateAll();
      maintenance.sealAll();
    }
    room.require(setup.limits());
  }

  /** Hands what is growing to the background: others need its memory. */
  public void sealSoon() {
    rotateAll();
    maintenance.wake();
  }

  private long append(LogRecord record) {
    refuseClosed();
    state.requireKeys(record);
    ByteSink bytes = LogRecord.encode(record);
    long operation = setup.log().append(bytes.written());
    if (record instanceof LogRecord.DropPartition || record instanceof LogRecord.Truncate) {
      // Whole segments leave the sight of every reader, whatever timestamp they read at: not before
      // a crash can no longer bring them back.
      setup.log().awaitDurable(operation);
    }
    try {
      apply(record, operation, bytes.written().byteSize());
    } catch (RuntimeException | Error e) {
      // The log has the write, and memory perhaps half of it: only replay puts that right.
      failure =
          new ElanusException(
              ErrorCode.INTERNAL,
              "a write could not be applied (%s); writes stop until the server restarts"
                  .formatted(e.getMessage()),
              e);
      throw failure;
    }
    return operation;
  }

  private void acknowledge(long operation, long timestamp) {
    setup.log().awaitDurable(operation);
    synchronized (stateMonitor) {
      visible = Math.max(visible, timestamp);
      visibleOperation = Math.max(visibleOperation, operation);
    }
    // Here and not where a segment becomes full: an executor may run the work in the caller, and a
    // manifest written in the middle of a record would hold half of it.
    if (!state().sealing().isEmpty()) {
      maintenance.wake();
    }
  }

  // --- applying, live and in replay -----------------------------------------------------------

  private void apply(LogRecord record, long operation, long bytes) {
    lastTimestamp = record.timestamp();
    switch (record) {
      case LogRecord.Insert insert -> {
        if (insert.replaced() != null) {
          deleteRows(insert.replaced(), Set.of(), insert.timestamp());
        }
        for (PartitionRows part : insert.parts()) {
          grow(part, operation, insert.timestamp(), bytes / insert.parts().size());
        }
        // After the last part: a segment that is full holds all rows of this operation, even where
        // two parts are of one partition.
        insert.parts().forEach(part -> rotateFull(part.partitionId(), operation));
      }
      case LogRecord.Delete delete ->
          deleteRows(delete.keys(), delete.partitions(), delete.timestamp());
      case LogRecord.DropPartition drop ->
          swap(state.without(id -> id == drop.partitionId(), drop.timestamp()));
      case LogRecord.Truncate truncate -> swap(state.without(id -> true, truncate.timestamp()));
    }
  }

  private void grow(PartitionRows part, long operation, long timestamp, long bytes) {
    long partition = part.partitionId();
    if (operation <= state.sealedThrough().getOrDefault(partition, 0L)) {
      return;
    }
    GrowingSegment segment = state.growing().get(partition);
    if (segment == null) {
      segment =
          new GrowingSegment(
              nextSegmentId++,
              partition,
              operation,
              schema,
              setup.limits().memory(),
              setup.limits().heap());
      swap(state.withGrowing(segment));
    }
    segment.append(schema, part.complete(schema), timestamp, bytes);
  }

  private void rotateFull(long partition, long operation) {
    GrowingSegment segment = state.growing().get(partition);
    if (segment != null
        && (segment.bytes() >= setup.config().growingBytesMax()
            || segment.rowCount() >= setup.config().growingRowsMax())) {
      swap(state.rotate(partition, operation));
    }
  }

  private void deleteRows(Column keys, Set<Long> partitions, long timestamp) {
    List<GrowingSegment> unsealed = state.unsealed();
    for (int i = 0; i < keys.size(); i++) {
      Object key = java.util.Objects.requireNonNull(keys.get(i));
      for (GrowingSegment segment : unsealed) {
        if (partitions.isEmpty() || partitions.contains(segment.partitionId())) {
          segment.delete(key, timestamp);
        }
      }
      for (SealedSegment segment : state.sealed()) {
        if (partitions.isEmpty() || partitions.contains(segment.partitionId())) {
          segment.delete(key, timestamp);
        }
      }
    }
  }

  /** Makes a new state the current one and lets go of the memory of segments no longer in it. */
  private void swap(ShardState next) {
    List<Lifetime> before = state.lifetimes();
    synchronized (stateMonitor) {
      state = next;
    }
    List<Lifetime> after = next.lifetimes();
    before.stream().filter(l -> !after.contains(l)).distinct().forEach(Lifetime::retire);
  }

  // --- reads ----------------------------------------------------------------------------------

  /** The newest state of which every row is durable. */
  public Snapshot snapshot() {
    synchronized (stateMonitor) {
      return pin(visible);
    }
  }

  Snapshot pin(long timestamp) {
    synchronized (stateMonitor) {
      if (closed) {
        // Never the empty state: an answer must not lack rows because the shard is going.
        throw closing();
      }
      List<Lifetime> pinned = state.lifetimes();
      pinned.forEach(Lifetime::pin);
      List<Segment> segments = new ArrayList<>();
      state.unsealed().forEach(s -> segments.add(s.frozen()));
      segments.addAll(state.sealed());
      return new PinnedSnapshot(segments, pinned, timestamp);
    }
  }

  ShardState state() {
    synchronized (stateMonitor) {
      return state;
    }
  }

  long visible() {
    synchronized (stateMonitor) {
      return visible;
    }
  }

  /** Never of a write that a snapshot taken later does not show. */
  public long visibleOperation() {
    synchronized (stateMonitor) {
      return visibleOperation;
    }
  }

  Schema schema() {
    lock.lock();
    try {
      return schema;
    } finally {
      lock.unlock();
    }
  }

  long allocateSegmentId() {
    lock.lock();
    try {
      return nextSegmentId++;
    } finally {
      lock.unlock();
    }
  }

  /** Full and partly filled growing segments alike are handed to sealing. */
  void rotateAll() {
    lock.lock();
    try {
      long through = setup.log().lastOperation();
      for (GrowingSegment segment : List.copyOf(state.growing().values())) {
        swap(state.rotate(segment.partitionId(), through));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes a change of the sealed segments part of the truth: everything logged so far is forced, so
   * that no delete file can hold half of an upsert; delete files are brought up to date; the
   * manifest is written; the state is swapped; the log is cut.
   *
   * @param change from the current state; called under the lock
   */
  void publish(UnaryOperator<ShardState> change) {
    lock.lock();
    try {
      refuseClosed();
      setup.log().awaitDurable(setup.log().lastOperation());
      ShardState next = change.apply(state);
      List<SealedSegment> withDeletes = new ArrayList<>();
      for (SealedSegment segment : next.sealed()) {
        withDeletes.add(persistDeletes(segment));
      }
      next = new ShardState(next.growing(), next.sealing(), withDeletes, next.sealedThrough());
      long replayFrom = setup.log().lastOperation() + 1;
      for (GrowingSegment segment : next.unsealed()) {
        replayFrom = Math.min(replayFrom, segment.firstOperation());
      }
      Manifest newer =
          new Manifest(
              manifest.number() + 1,
              nextSegmentId,
              replayFrom,
              new TreeMap<>(next.sealedThrough()),
              withDeletes.stream().map(SealedSegment::facts).toList());
      newer.publish(setup.objects(), setup.prefix());
      Manifest older = manifest;
      manifest = newer;
      swap(next);
      maintenance.release(older, newer);
    } finally {
      lock.unlock();
    }
  }

  private SealedSegment persistDeletes(SealedSegment segment) {
    SegmentFacts facts = segment.facts();
    if (segment.deletions().count() == facts.deletesCount()) {
      return segment;
    }
    String key = setup.prefix() + "segment/" + facts.id() + "/deletes-" + (manifest.number() + 1);
    int count = DeletesFile.write(segment, key, setup.objects());
    return segment.withFacts(facts.withDeletes(key, count));
  }

  void refuseClosed() {
    if (closed) {
      throw closing();
    }
    ElanusException why = failure;
    if (why != null) {
      throw new ElanusException(why.code(), why.getMessage(), why);
    }
  }

  private static ElanusException closing() {
    return new ElanusException(ErrorCode.NOT_READY, "the collection is closing; retry shortly");
  }

  /** What a flush sealed: segments, and the timestamp up to which all is in sealed segments. */
  public record FlushOutcome(List<Long> sealedNow, List<Long> sealedAll, long timestamp) {}

  /** Seals all growing rows; they are in durable, published segments when this returns. */
  public FlushOutcome flush() {
    List<Long> before = state().sealed().stream().map(SealedSegment::id).toList();
    long timestamp = visible();
    rotateAll();
    maintenance.sealAll();
    List<Long> after = state().sealed().stream().map(SealedSegment::id).toList();
    maintenance.wake();
    return new FlushOutcome(
        after.stream().filter(id -> !before.contains(id)).toList(), after, timestamp);
  }

  /** Whether all rows written at or before the timestamp are in sealed segments. */
  public boolean flushedUpTo(long timestamp) {
    for (GrowingSegment segment : state().unsealed()) {
      Segment frozen = segment.frozen();
      if (frozen.rowCount() > 0 && frozen.insertTimestamp(0) <= timestamp) {
        return false;
      }
    }
    return true;
  }

  /** A schema with more fields or wider parameters. */
  public void schema(Schema newer) {
    lock.lock();
    try {
      schema = newer;
    } finally {
      lock.unlock();
    }
  }

  /** The indexes every sealed segment shall have; builds and removals run in the background. */
  public void indexes(List<IndexTarget> targets) {
    maintenance.indexes(targets);
  }

  public IndexProgress progress(long indexId) {
    return maintenance.progress(indexId);
  }

  /** See {@link Maintenance#tick}. */
  public void tick(long expiredBefore) {
    maintenance.tick(expiredBefore);
  }

  public Backlog backlog() {
    return maintenance.backlog();
  }

  /** Starts merging segments, or moving rows by key; answers its id, −1 for nothing to do. */
  public long compact(boolean byKey) {
    return maintenance.compact(byKey);
  }

  /** What is known to be damaged on disk; the rest serves. */
  public List<String> damaged() {
    return maintenance.damaged();
  }

  /** Whether that compaction has ended. */
  public boolean compacted(long id) {
    return maintenance.compacted(id);
  }

  /** Rows that are not deleted, with duplicates of a key counted each. */
  public long rowCount(java.util.function.LongPredicate partition) {
    return state().rowCount(partition);
  }

  /** Segments there are now; sealed ones with their facts. */
  public List<SegmentView> segments() {
    return state().views();
  }

  /** Ends background work for good; reads go on. */
  public void rest() {
    maintenance.stop();
  }

  /** Stops background work and closes the log; what is not sealed stays in the log. */
  @Override
  public void close() {
    maintenance.stop();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      swap(ShardState.EMPTY);
      setup.log().close();
    } finally {
      lock.unlock();
    }
  }
}
