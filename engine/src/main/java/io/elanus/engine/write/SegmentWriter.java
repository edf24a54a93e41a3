package io.elanus.engine.write;

import io.elanus.engine.range.KeyRange;
import io.elanus.engine.segment.ColumnView;
import io.elanus.engine.segment.Deletions;
import io.elanus.engine.segment.RowSource;
import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.Segment;
import io.elanus.engine.segment.SegmentFacts;
import io.elanus.index.RowBitmap;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.store.object.ObjectStore;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Writes the live rows of segments as one new segment, sorted by primary key. */
final class SegmentWriter {
  private final WriteSetup setup;

  SegmentWriter(WriteSetup setup) {
    this.setup = setup;
  }

  /**
   * A written segment.
   *
   * @param newRows per source segment and row, the row in the new one, or −1 where it was left out
   */
  record Written(SegmentFacts facts, int[][] newRows) {
    /** Deletes that came while the segment was written reach it here. */
    void carryOver(int source, Deletions from, Deletions to) {
      int[] rows = newRows[source];
      from.forEach(
          rows.length,
          (row, timestamp) -> {
            if (rows[row] >= 0) {
              to.delete(rows[row], timestamp);
            }
          });
    }
  }

  /**
   * Writes rows that are not deleted at one timestamp, and were not inserted before another.
   *
   * @param expiredBefore rows inserted before are past their time to live
   */
  Written write(
      long id,
      long partitionId,
      Schema schema,
      List<Segment> sources,
      long deletedUpTo,
      long expiredBefore) {
    RowSource source = source(schema, sources, liveRows(sources, deletedUpTo, expiredBefore));
    int[][] newRows = new int[sources.size()][];
    for (int i = 0; i < newRows.length; i++) {
      newRows[i] = new int[sources.get(i).rowCount()];
      Arrays.fill(newRows[i], -1);
    }
    long[] order = source.rows();
    for (int at = 0; at < order.length; at++) {
      newRows[(int) (order[at] >>> 32)][(int) order[at]] = at;
    }
    return new Written(write(id, partitionId, schema, source), newRows);
  }

  /**
   * Rows in the order of a segment.
   *
   * @param rows each as segment index &lt;&lt; 32 | row, ascending; may be changed
   */
  RowSource source(Schema schema, List<Segment> sources, long[] rows) {
    return new RowSource(sources, sorted(schema.primaryKey(), sources, rows));
  }

  /** Writes these rows, durably; no file where there are none. */
  SegmentFacts write(long id, long partitionId, Schema schema, RowSource source) {
    long min = Long.MAX_VALUE;
    long max = 0;
    for (long at : source.rows()) {
      long timestamp = timestamp(source.segments(), at);
      min = Math.min(min, timestamp);
      max = Math.max(max, timestamp);
    }
    KeyRange range = KeyRange.key(schema).map(key -> range(key, source)).orElse(null);
    String key = setup.prefix() + "segment/" + id + "/data.arrow";
    int checksum = 0;
    long bytes = 0;
    if (source.size() > 0) {
      try (ObjectStore.Writer out = setup.objects().create(key)) {
        checksum = SealedSegment.write(schema, source, out);
        bytes = out.position();
        out.commit();
      }
    }
    return new SegmentFacts(
        id, partitionId, source.size(), min, max, key, checksum, bytes, "", 0, List.of(), range);
  }

  private static KeyRange range(Field key, RowSource source) {
    List<ColumnView> columns = source.segments().stream().map(s -> s.column(key)).toList();
    KeyRange.Builder range = new KeyRange.Builder(key);
    for (long at : source.rows()) {
      range.add(SealedSegment.clusteringValue(columns.get((int) (at >>> 32)), (int) at));
    }
    return range.build();
  }

  /** The written segment, mapped; nothing where no row was left. */
  Optional<SealedSegment> open(Written written, Schema schema) {
    return written.facts().rowCount() == 0
        ? Optional.empty()
        : Optional.of(open(written.facts(), schema));
  }

  /** What was just written, mapped. */
  SealedSegment open(SegmentFacts facts, Schema schema) {
    return SealedSegment.open(facts, schema, setup.objects(), setup.limits().memory()).fresh();
  }

  private static long[] liveRows(List<Segment> sources, long deletedUpTo, long expiredBefore) {
    int total = 0;
    RowBitmap[] live = new RowBitmap[sources.size()];
    for (int i = 0; i < live.length; i++) {
      live[i] = liveRows(sources.get(i), deletedUpTo, expiredBefore);
      total = Math.addExact(total, live[i].cardinality());
    }
    long[] rows = new long[total];
    int n = 0;
    for (int i = 0; i < live.length; i++) {
      for (int row = live[i].next(0); row >= 0; row = live[i].next(row + 1)) {
        rows[n++] = ((long) i << 32) | row;
      }
    }
    return rows;
  }

  /** Those rows of a segment that are to be written again. */
  static RowBitmap liveRows(Segment segment, long deletedUpTo, long expiredBefore) {
    // Rows newer than the timestamp are durable too; only deletes are cut at it.
    RowBitmap live = segment.visibleAt(Long.MAX_VALUE);
    live = keepLateDeletes(segment, live, deletedUpTo);
    if (expiredBefore > 0) {
      dropExpired(segment, live, expiredBefore);
    }
    return live;
  }

  private static void dropExpired(Segment segment, RowBitmap live, long before) {
    for (int row = live.next(0); row >= 0; row = live.next(row + 1)) {
      if (segment.insertTimestamp(row) < before) {
        live.clear(row);
      }
    }
  }

  /** Rows deleted after the timestamp stay: their delete may not be durable yet. */
  private static RowBitmap keepLateDeletes(Segment segment, RowBitmap live, long deletedUpTo) {
    RowBitmap notDeletedYet = segment.visibleAt(deletedUpTo);
    for (int row = 0; row < live.size(); row++) {
      if (segment.insertTimestamp(row) > deletedUpTo) {
        notDeletedYet.set(row);
      }
    }
    return live.or(notDeletedYet);
  }

  /** By primary key, then insert timestamp. */
  private static long[] sorted(Field primaryKey, List<Segment> sources, long[] rows) {
    List<ColumnView> keys = sources.stream().map(s -> s.column(primaryKey)).toList();
    Comparator<Long> order =
        primaryKey.type() == DataType.INT64
            ? (a, b) -> Long.compare(keyLong(keys, a), keyLong(keys, b))
            : (a, b) -> Arrays.compareUnsigned(keyText(keys, a), keyText(keys, b));
    order = order.thenComparingLong(at -> timestamp(sources, at));
    for (int i = 1; i < rows.length; i++) {
      if (order.compare(rows[i - 1], rows[i]) > 0) {
        Long[] boxed = new Long[rows.length];
        Arrays.setAll(boxed, j -> rows[j]);
        Arrays.sort(boxed, order);
        return Arrays.stream(boxed).mapToLong(Long::longValue).toArray();
      }
    }
    return rows;
  }

  private static long keyLong(List<ColumnView> keys, long at) {
    return keys.get((int) (at >>> 32)).longAt((int) at);
  }

  private static byte[] keyText(List<ColumnView> keys, long at) {
    return keys.get((int) (at >>> 32)).bytesAt((int) at);
  }

  private static long timestamp(List<Segment> sources, long at) {
    return sources.get((int) (at >>> 32)).insertTimestamp((int) at);
  }
}
