package io.elanus.engine.write;

import io.elanus.engine.range.KeyRange;
import io.elanus.engine.range.SplitPoints;
import io.elanus.engine.range.SplitPoints.Slice;
import io.elanus.engine.segment.ColumnView;
import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.Segment;
import io.elanus.engine.segment.SegmentFacts;
import io.elanus.engine.write.merge.KeyOrder;
import io.elanus.engine.write.merge.Occasion;
import io.elanus.index.RowBitmap;
import io.elanus.model.error.ElanusException;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves rows among the segments of a partition, so that each segment has a range of the clustering
 * key to itself. All that overlap are written again, slice by slice, each as a merge would, and
 * published at once. Until then the old segments are the truth.
 *
 * <p>Kept meanwhile, beside what a merge needs for one segment: {@value #SAMPLE_ROWS} keys, and two
 * bytes per row, leased. The disk holds old and new segments for a moment.
 */
final class Clustering {
  private static final Logger LOG = LoggerFactory.getLogger(Clustering.class);

  /** A bucket between two keys of so many holds one in 16,384 rows, about. */
  private static final int SAMPLE_ROWS = 1 << 14;

  private static final double SAMPLED_ROOM = 64.0 / 63;
  private static final int SLICES_MAX = Short.MAX_VALUE;
  private static final ValueLayout.OfShort SLICE = ValueLayout.JAVA_SHORT;

  private final WritePath path;
  private final WriteSetup setup;
  private final SegmentWriter writer;
  private final Work work;

  /** Segments that could not be clustered: left alone until someone asks, or the next start. */
  private final Set<Long> unclusterable = ConcurrentHashMap.newKeySet();

  /** What the background does for whoever writes segments. */
  interface Work {
    /** CANCELED where the shard is closing. */
    void refuseStopping();

    /** Other work must not wait for long. */
    void sealAll();

    /** With every index it needs; the segment is gone where this throws. */
    SealedSegment indexed(SealedSegment made);

    /** Removes the files of a segment that no manifest names. */
    void delete(SegmentFacts facts);
  }

  Clustering(WritePath path, WriteSetup setup, SegmentWriter writer, Work work) {
    this.path = path;
    this.setup = setup;
    this.writer = writer;
    this.work = work;
  }

  /** Segments to be clustered together, or none. */
  List<SealedSegment> choose(List<SealedSegment> segments, Occasion occasion) {
    List<SealedSegment> candidates =
        segments.stream().filter(segment -> !unclusterable.contains(segment.id())).toList();
    return KeyOrder.choose(candidates, setup.config(), occasion);
  }

  /** What could not be clustered, for lack of disk or memory perhaps, is tried again. */
  void retry() {
    unclusterable.clear();
  }

  /** Clusters segments, or leaves them alone from now on. */
  void cluster(List<SealedSegment> group, long expiredBefore) {
    try {
      move(group, expiredBefore);
    } catch (ElanusException e) {
      work.refuseStopping();
      LOG.warn("segments of collection {} cannot be clustered", setup.collectionId(), e);
      group.forEach(segment -> unclusterable.add(segment.id()));
    }
  }

  private void move(List<SealedSegment> group, long expiredBefore) {
    work.refuseStopping();
    group.forEach(SealedSegment::verify);
    Schema schema = path.schema();
    Field key = KeyRange.key(schema).orElseThrow();
    long deletedUpTo = path.visible();
    List<SealedSegment> made = new ArrayList<>();
    boolean unnamed = true;
    try (Arena arena = setup.limits().memory().arena("clustering")) {
      Rows rows = assign(group, key, deletedUpTo, expiredBefore, arena);
      for (int slice = 0; slice < rows.counts().length; slice++) {
        work.refuseStopping();
        made.add(write(group, schema, rows.of(slice)));
        work.sealAll();
      }
      // Most of what was deleted meanwhile reaches the new segments before writers must wait.
      long carried = path.visible();
      group.forEach(segment -> carryOver(segment, made, schema, deletedUpTo));
      work.refuseStopping();
      unnamed = false;
      path.publish(state -> replaced(state, group, made, schema, carried));
      unnamed = true;
    } finally {
      letGo(made, unnamed);
    }
  }

  private SealedSegment write(List<SealedSegment> group, Schema schema, long[] rows) {
    List<Segment> sources = new ArrayList<>(group);
    SegmentFacts facts =
        writer.write(
            path.allocateSegmentId(),
            group.getFirst().partitionId(),
            schema,
            writer.source(schema, sources, rows));
    return work.indexed(writer.open(facts, schema));
  }

  private static ShardState replaced(
      ShardState state,
      List<SealedSegment> group,
      List<SealedSegment> made,
      Schema schema,
      long carried) {
    List<Long> ids = group.stream().map(SealedSegment::id).toList();
    if (ids.stream().anyMatch(id -> state.sealedById(id) == null)) {
      return state;
    }
    group.forEach(segment -> carryOver(segment, made, schema, carried));
    return state.replaced(ids, made);
  }

  /**
   * Deletions later than a timestamp reach the rows where they lie now. By key: where each row went
   * is not kept. Rows of one key and one moment were deleted together.
   */
  private static void carryOver(
      SealedSegment from, List<SealedSegment> made, Schema schema, long after) {
    Field primaryKey = schema.primaryKey();
    ColumnView values = from.column(KeyRange.key(schema).orElseThrow());
    from.deletions()
        .forEach(
            from.rowCount(),
            (row, timestamp) -> {
              if (timestamp <= after) {
                return;
              }
              Object value = SealedSegment.clusteringValue(values, row);
              Object id = SealedSegment.keyAt(primaryKey, from, row);
              long inserted = from.insertTimestamp(row);
              for (SealedSegment to : made) {
                if (Objects.requireNonNull(to.range()).holds(value)) {
                  delete(to, id, inserted, timestamp);
                }
              }
            });
  }

  private static void delete(SealedSegment to, Object id, long inserted, long timestamp) {
    for (int row : to.rowsOf(id)) {
      if (to.insertTimestamp(row) == inserted) {
        to.deletions().delete(row, timestamp);
      }
    }
  }

  /**
   * What did not come into the state.
   *
   * @param unnamed no manifest can name its files
   */
  private void letGo(List<SealedSegment> made, boolean unnamed) {
    for (SealedSegment segment : made) {
      if (path.state().sealedById(segment.id()) == null) {
        segment.lifetime().retire();
        if (unnamed) {
          work.delete(segment.facts());
        }
      }
    }
  }

  // --- which row goes where ---------------------------------------------------------------------

  /**
   * @param slices per segment, the slice of each row, −1 for those that are left out
   * @param counts rows of each slice
   */
  private record Rows(List<MemorySegment> slices, int[] counts) {
    /** As segment index &lt;&lt; 32 | row, ascending. */
    long[] of(int slice) {
      long[] rows = new long[counts[slice]];
      int n = 0;
      for (int segment = 0; segment < slices.size(); segment++) {
        MemorySegment of = slices.get(segment);
        int size = (int) (of.byteSize() / SLICE.byteSize());
        for (int row = 0; row < size; row++) {
          if (of.getAtIndex(SLICE, row) == slice) {
            rows[n++] = ((long) segment << 32) | row;
          }
        }
      }
      return rows;
    }
  }

  private Rows assign(
      List<SealedSegment> group, Field key, long deletedUpTo, long expiredBefore, Arena arena) {
    List<RowBitmap> live = new ArrayList<>();
    long total = 0;
    double bytes = 0;
    for (SealedSegment segment : group) {
      RowBitmap rows = SegmentWriter.liveRows(segment, deletedUpTo, expiredBefore);
      live.add(rows);
      int count = rows.cardinality();
      total += count;
      bytes += (double) segment.facts().dataBytes() * count / segment.rowCount();
    }
    SplitPoints points = new SplitPoints(sample(group, live, key, total));
    long[] counts = new long[points.buckets()];
    forEach(group, live, key, (segment, row, value) -> counts[points.bucket(value)]++);
    List<Slice> cuts = cut(counts, total, bytes);
    List<MemorySegment> slices = new ArrayList<>();
    for (SealedSegment segment : group) {
      slices.add(
          arena
              .allocate(SLICE.byteSize() * segment.rowCount(), SLICE.byteAlignment())
              .fill((byte) -1));
    }
    long[] met = new long[points.buckets()];
    int[] sizes = new int[cuts.size()];
    forEach(
        group,
        live,
        key,
        (segment, row, value) -> {
          int bucket = points.bucket(value);
          int slice = sliceOf(cuts, bucket, met[bucket]++);
          slices.get(segment).setAtIndex(SLICE, row, (short) slice);
          sizes[slice]++;
        });
    return new Rows(slices, sizes);
  }

  private List<Slice> cut(long[] counts, long total, double bytes) {
    WriteConfig config = setup.config();
    double segments =
        Math.max((double) total / config.mergeRowsMax(), bytes / config.mergeBytesMax());
    // Slices end where buckets of a sample do: full ones would leave a few rows for one more.
    double room = total > SAMPLE_ROWS ? SAMPLED_ROOM : 1;
    long wanted = Math.clamp((long) Math.ceil(segments * room), 1, SLICES_MAX / 2);
    long share = Math.max(1, (total + wanted - 1) / wanted);
    long most = Math.max(share, (long) (total / Math.max(segments, 1)));
    return SplitPoints.cut(counts, share, most);
  }

  private static int sliceOf(List<Slice> cuts, int bucket, long row) {
    int low = 0;
    int high = cuts.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (cuts.get(middle).beginsAfter(bucket, row)) {
        high = middle - 1;
      } else {
        low = middle;
      }
    }
    return low;
  }

  /** Rows picked at random: those of every n-th key may have a value in common. */
  private List<@Nullable Object> sample(
      List<SealedSegment> group, List<RowBitmap> live, Field key, long total) {
    SplittableRandom random = new SplittableRandom(setup.seed() + group.getFirst().id());
    List<@Nullable Object> sample = new ArrayList<>();
    long step = Math.max(1, total / SAMPLE_ROWS);
    long[] skip = {random.nextLong(step)};
    forEach(
        group,
        live,
        key,
        (segment, row, value) -> {
          if (skip[0]-- == 0) {
            sample.add(value);
            skip[0] = random.nextLong(2 * step - 1);
          }
        });
    return sample;
  }

  /** Receives rows and their values of the clustering key. */
  private interface Visitor {
    void row(int segment, int row, @Nullable Object value);
  }

  private void forEach(
      List<SealedSegment> group, List<RowBitmap> live, Field key, Visitor visitor) {
    for (int segment = 0; segment < group.size(); segment++) {
      work.refuseStopping();
      ColumnView values = group.get(segment).column(key);
      RowBitmap rows = live.get(segment);
      for (int row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
        visitor.row(segment, row, SealedSegment.clusteringValue(values, row));
      }
    }
  }

  // --- segments written before ranges were kept -------------------------------------------------

  /** Looks at the keys of segments whose range is not known, and publishes what it finds. */
  void learn(List<SealedSegment> segments) {
    Field key = KeyRange.key(path.schema()).orElse(null);
    if (key == null) {
      return;
    }
    Map<Long, KeyRange> found = new TreeMap<>();
    for (SealedSegment segment : segments) {
      if (segment.range() == null) {
        work.refuseStopping();
        try {
          ColumnView values = segment.column(key);
          KeyRange.Builder range = new KeyRange.Builder(key);
          for (int row = 0; row < segment.rowCount(); row++) {
            range.add(SealedSegment.clusteringValue(values, row));
          }
          found.put(segment.id(), range.build());
        } catch (ElanusException e) {
          LOG.warn("segment {} is always looked into", segment.id(), e);
        }
      }
    }
    if (!found.isEmpty()) {
      path.publish(state -> withRanges(state, found));
    }
  }

  private static ShardState withRanges(ShardState state, Map<Long, KeyRange> found) {
    UnaryOperator<SealedSegment> learned =
        segment -> {
          KeyRange range = found.get(segment.id());
          return range == null ? segment : segment.withFacts(segment.facts().withRange(range));
        };
    return new ShardState(
        state.growing(),
        state.sealing(),
        state.sealed().stream().map(learned).toList(),
        state.sealedThrough());
  }
}
