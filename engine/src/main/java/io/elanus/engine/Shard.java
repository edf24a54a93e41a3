package io.elanus.engine;

import io.elanus.engine.read.Reader;
import io.elanus.engine.segment.Snapshot;
import io.elanus.engine.write.Backlog;
import io.elanus.engine.write.IndexProgress;
import io.elanus.engine.write.IndexTarget;
import io.elanus.engine.write.SegmentView;
import io.elanus.engine.write.ShardCut;
import io.elanus.engine.write.WritePath;
import io.elanus.engine.write.WriteSetup;
import io.elanus.engine.write.bytes.PartitionRows;
import io.elanus.model.query.Filter;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.QueryResult;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.store.log.Log;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * The rows of one collection on one machine. Writes are durable and visible when a method returns;
 * every read sees one snapshot. Safe for many threads.
 */
public final class Shard implements AutoCloseable {
  private final WritePath writes;
  private final Log log;

  private Shard(WritePath writes, Log log) {
    this.writes = writes;
    this.log = log;
  }

  /** Opens or creates; recovers what the log has beyond the manifest. */
  public static Shard open(WriteSetup setup) {
    return new Shard(WritePath.open(setup), setup.log());
  }

  /** Checked, complete rows by partition; answers the timestamp of the write. */
  public long insert(List<PartitionRows> rows) {
    return writes.insert(rows);
  }

  /** Deletes these keys wherever they are, and inserts, at one timestamp. */
  public long upsert(List<PartitionRows> rows, Column replaced) {
    return writes.upsert(rows, replaced);
  }

  /**
   * Deletes what a filter finds in the newest state, in the partitions the reader is limited to.
   */
  public WritePath.DeleteOutcome delete(Reader reader, Filter filter) {
    return writes.deleteWhere(
        newest -> reader.keys(newest, filter), Set.copyOf(reader.partitions()));
  }

  public QueryResult query(Reader reader, QueryRequest request) {
    try (Snapshot snapshot = writes.snapshot()) {
      return reader.query(snapshot, request);
    }
  }

  public SearchResult search(Reader reader, Field vectorField, SearchRequest request) {
    try (Snapshot snapshot = writes.snapshot()) {
      return reader.search(snapshot, vectorField, request);
    }
  }

  /**
   * @param vectorFields of the sub-searches, in their order
   */
  public SearchResult hybridSearch(
      Reader reader, List<Field> vectorFields, HybridSearchRequest request) {
    try (Snapshot snapshot = writes.snapshot()) {
      return reader.hybrid(snapshot, vectorFields, request);
    }
  }

  /** Seals what is growing; durable and published when this returns. */
  public WritePath.FlushOutcome flush() {
    return writes.flush();
  }

  /** Shards as they are at one timestamp, which is taken while none of them can be written to. */
  public static List<ShardCut> cut(List<Shard> shards, LongSupplier timestamp) {
    return ShardCut.of(shards.stream().map(shard -> shard.writes).toList(), timestamp);
  }

  public boolean flushedUpTo(long timestamp) {
    return writes.flushedUpTo(timestamp);
  }

  public void dropPartition(long partitionId) {
    writes.dropPartition(partitionId);
  }

  public void truncate() {
    writes.truncate();
  }

  public void schema(Schema newer) {
    writes.schema(newer);
  }

  public void indexes(List<IndexTarget> targets) {
    writes.indexes(targets);
  }

  public IndexProgress progress(long indexId) {
    return writes.progress(indexId);
  }

  /**
   * @param byKey whether rows are moved among segments by the clustering key as well
   * @return its number, −1 for nothing to do
   */
  public long compact(boolean byKey) {
    return writes.compact(byKey);
  }

  public boolean compacted(long id) {
    return writes.compacted(id);
  }

  /**
   * Told now and then: in quiet times small segments are merged, and rows past their time go.
   *
   * @param expiredBefore timestamp before which inserted rows are past their time to live; 0 for
   *     none
   */
  public void tick(long expiredBefore) {
    writes.tick(expiredBefore);
  }

  /** Hands what is growing to the background. */
  public void sealSoon() {
    writes.sealSoon();
  }

  /** What is known to be damaged on disk; the rest serves. */
  public List<String> damaged() {
    return writes.damaged();
  }

  public Backlog backlog() {
    return writes.backlog();
  }

  /** The log's number of the last write that readers see. */
  public long visibleOperation() {
    return writes.visibleOperation();
  }

  /** Whether its log met a full disk: it serves reads, and takes no writes for ever. */
  public boolean isOutOfSpace() {
    return log.isOutOfSpace();
  }

  /** The log's number of the last write that no crash takes. */
  public long durableOperation() {
    return log.durableOperation();
  }

  /** Ends background work for good; reads go on. */
  public void rest() {
    writes.rest();
  }

  /** Live rows in the partitions that pass. */
  public long rowCount(LongPredicate partition) {
    return writes.rowCount(partition);
  }

  public List<SegmentView> segments() {
    return writes.segments();
  }

  @Override
  public void close() {
    writes.close();
  }
}
