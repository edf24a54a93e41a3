package io.elanus.engine.write;

import static io.elanus.engine.write.ShardFixture.VECTOR;
import static io.elanus.engine.write.ShardFixture.delete;
import static io.elanus.engine.write.ShardFixture.read;
import static io.elanus.engine.write.ShardFixture.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.range.KeyRange;
import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.SegmentFacts;
import io.elanus.engine.segment.Snapshot;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows move to the segment of their value, once, and keep their deletions. */
class ClusteringTest {
  private static final int MOST = 20;

  private final Queue<Runnable> background = new ArrayDeque<>();
  private final ShardFixture shard = new ShardFixture();
  private final Map<Long, Long> rows = new TreeMap<>();

  @BeforeEach
  void keyed() {
    shard.schema = ShardFixture.KEYED;
    shard.config = new WriteConfig(1 << 20, 1_000, 8, MOST, 100, 100);
    shard.background = background::add;
  }

  private int runBackground() {
    int steps = 0;
    for (Runnable task = background.poll(); task != null; task = background.poll()) {
      task.run();
      assertThat(steps++).as("rounds of the background").isLessThan(1_000);
    }
    return steps;
  }

  /** Every key gets a row of its own with the value that is drawn for it. */
  private void write(WritePath path, Random random, long first, int count, int values) {
    for (long key = first; key < first + count; key++) {
      long value = random.nextInt(values);
      upsert(path, 0, new long[] {key}, value);
      rows.put(key, value);
    }
    path.flush();
  }

  private static List<KeyRange> ranges(WritePath path) {
    return path.state().sealed().stream()
        .map(segment -> Objects.requireNonNull(segment.range()))
        .sorted((a, b) -> KeyRange.compare(a.low(), b.low()))
        .toList();
  }

  private static void assertDisjoint(WritePath path) {
    List<KeyRange> ranges = ranges(path);
    for (int i = 1; i < ranges.size(); i++) {
      assertThat(ranges.get(i - 1).overlaps(ranges.get(i))).as("%s", ranges).isFalse();
    }
  }

  private static void assertWithin(WritePath path) {
    for (SealedSegment segment : path.state().sealed()) {
      KeyRange range = Objects.requireNonNull(segment.range());
      for (int row = 0; row < segment.rowCount(); row++) {
        Object value = SealedSegment.clusteringValue(segment.column(ShardFixture.VALUE), row);
        assertThat(range.holds(value)).isTrue();
      }
    }
  }

  @Test
  void segmentsGetRangesOfTheirOwn() {
    WritePath path = shard.open(Faults.none());
    Random random = new Random(1);
    for (int i = 0; i < 4; i++) {
      write(path, random, 100L * i, 15, 1_000);
    }
    assertThat(path.backlog().unclusteredRows()).isGreaterThanOrEqualTo(30);
    long id = path.compact(true);
    assertThat(id).isPositive();
    assertThat(path.compacted(id)).isFalse();
    runBackground();
    assertThat(path.compacted(id)).isTrue();
    assertThat(path.state().sealed()).hasSize(3).allMatch(s -> s.rowCount() == 20);
    assertThat(path.state().sealed()).allMatch(s -> s.vectorIndex(VECTOR) != null);
    assertDisjoint(path);
    assertWithin(path);
    assertThat(path.backlog().unclusteredRows()).isZero();
    assertThat(read(path)).isEqualTo(rows);
    assertThat(path.compact(true)).as("nothing left to do").isEqualTo(-1);
    path.close();
    WritePath again = shard.open(Faults.none());
    assertThat(again.state().sealed()).hasSize(3);
    assertDisjoint(again);
    assertWithin(again);
    assertThat(read(again)).isEqualTo(rows);
  }

  @Test
  void deletesThatComeMeanwhileReachTheRowsWhereTheyAreThen() {
    Faults faults = Faults.none();
    WritePath path = shard.open(faults);
    Random random = new Random(2);
    for (int i = 0; i < 4; i++) {
      write(path, random, 100L * i, 15, 1_000);
    }
    int[] met = {0};
    faults.watch(
        step -> {
          // Of each slice that is written, and of the time when all are there but not published.
          if (step.endsWith("/index-1.bin")) {
            long key = 100L * (met[0] % 4) + met[0];
            met[0]++;
            delete(path, key);
            upsert(path, 0, new long[] {key + 1}, 2_000 + key);
            rows.remove(key);
            rows.put(key + 1, 2_000 + key);
          }
        });
    path.compact(true);
    long before;
    try (Snapshot snapshot = path.snapshot()) {
      before = snapshot.timestamp();
      assertThat(read(snapshot)).hasSize(60);
    }
    runBackground();
    assertThat(met[0]).as("deletes").isGreaterThanOrEqualTo(3);
    assertThat(read(path)).isEqualTo(rows);
    int visible = 0;
    for (SealedSegment segment : path.state().sealed()) {
      visible += segment.visibleAt(before).cardinality();
    }
    assertThat(visible).as("rows as they were before").isEqualTo(60);
    path.close();
    assertThat(read(shard.open(Faults.none()))).isEqualTo(rows);
  }

  /** More rows than keys are sampled of. */
  @Test
  void sampledKeysMakeEvenSegments() {
    int most = 10_000;
    shard.config = new WriteConfig(1 << 30, 1_000_000, 1_000_000, most, 100, 100);
    WritePath path = shard.open(Faults.none());
    Random random = new Random(8);
    for (long first = 0; first < 4 * most; first += 50) {
      // Keys and values have a common measure, as a sample of every n-th row would.
      long value = first / 50 % 8 * 1_000 + random.nextInt(1_000);
      upsert(path, 0, LongStream.range(first, first + 50).toArray(), value);
      if (first % most == most - 50) {
        path.flush();
      }
    }
    assertThat(path.state().sealed()).hasSize(4);
    path.compact(true);
    runBackground();
    assertThat(path.state().sealed())
        .hasSize(5)
        .allMatch(segment -> segment.rowCount() <= most && segment.rowCount() > most / 2);
    assertDisjoint(path);
    assertWithin(path);
    assertThat(read(path)).hasSize(4 * most);
  }

  /** A failure leaves the old segments and no files, and the next time it is asked it is done. */
  @Test
  void whatFailedIsTriedAgainWhenAskedFor() {
    Faults faults = Faults.none();
    WritePath path = shard.open(faults);
    Random random = new Random(9);
    for (int i = 0; i < 4; i++) {
      write(path, random, 100L * i, 15, 1_000);
    }
    List<Long> before = ids(path);
    int[] written = {0};
    faults.watch(
        step -> {
          if (step.endsWith("/data.arrow") && ++written[0] == 3) {
            throw new ElanusException(ErrorCode.DISK_LIMIT, "injected: no space");
          }
        });
    path.compact(true);
    runBackground();
    assertThat(written[0]).as("steps until the failure, and two files removed").isEqualTo(5);
    assertThat(ids(path)).isEqualTo(before);
    assertThat(shard.objects.list("c/").stream().filter(key -> key.endsWith("/data.arrow")))
        .hasSize(4);
    assertThat(path.backlog().unclusteredRows()).isPositive();
    assertThat(read(path)).isEqualTo(rows);
    path.compact(true);
    runBackground();
    assertThat(path.state().sealed()).hasSize(3);
    assertDisjoint(path);
    assertThat(read(path)).isEqualTo(rows);
  }

  /** The last moment before publishing, when most deletions are carried over already. */
  @Test
  void deletesThatComeLastAreKept() {
    WritePath path = shard.open(Faults.none());
    Random random = new Random(6);
    for (int i = 0; i < 4; i++) {
      write(path, random, 100L * i, 15, 1_000);
    }
    int[] made = {0};
    Clustering.Work work =
        new Clustering.Work() {
          @Override
          public void refuseStopping() {
            if (made[0] == 3) {
              ShardFixture.delete(path, 3, 105, 214, 300);
              rows.keySet().removeAll(List.of(3L, 105L, 214L, 300L));
              made[0]++;
            }
          }

          @Override
          public void sealAll() {}

          @Override
          public SealedSegment indexed(SealedSegment segment) {
            made[0]++;
            return segment;
          }

          @Override
          public void delete(SegmentFacts facts) {
            throw new AssertionError("published, and deleted: " + facts);
          }
        };
    new Clustering(path, path.setup, new SegmentWriter(path.setup), work)
        .cluster(path.state().sealed(), 0);
    assertThat(made[0]).as("the deletion came").isEqualTo(4);
    assertThat(path.state().sealed()).hasSize(3);
    assertThat(read(path)).hasSize(56).isEqualTo(rows);
    path.close();
    assertThat(read(shard.open(Faults.none()))).isEqualTo(rows);
  }

  @Test
  void aValueOfManyRowsIsSpreadOverSegmentsThatTouch() {
    WritePath path = shard.open(Faults.none());
    Random random = new Random(3);
    for (int i = 0; i < 4; i++) {
      write(path, random, 100L * i, 15, 1_000);
      for (long key = 100L * i + 50; key < 100L * i + 65; key++) {
        upsert(path, 0, new long[] {key}, 500);
        rows.put(key, 500L);
      }
      path.flush();
    }
    path.compact(true);
    runBackground();
    assertThat(path.state().sealed()).allMatch(s -> s.rowCount() <= MOST);
    assertThat(ranges(path).stream().filter(range -> range.holds(500L)).count())
        .isGreaterThanOrEqualTo(3);
    assertDisjoint(path);
    assertThat(read(path)).isEqualTo(rows);
    assertThat(path.compact(true)).isEqualTo(-1);
  }

  @Test
  void rangesAreLearnedOfSegmentsThatWereWrittenWithoutThem() {
    shard.schema = ShardFixture.SCHEMA;
    WritePath path = shard.open(Faults.none());
    write(path, new Random(4), 0, 15, 1_000);
    runBackground();
    assertThat(path.state().sealed()).allMatch(segment -> segment.range() == null);
    path.close();
    shard.schema = ShardFixture.KEYED;
    WritePath keyed = shard.open(Faults.none());
    runBackground();
    assertThat(keyed.state().sealed()).isNotEmpty().allMatch(s -> s.range() != null);
    assertWithin(keyed);
    keyed.close();
    WritePath again = shard.open(Faults.none());
    assertThat(again.state().sealed()).allMatch(segment -> segment.range() != null);
  }

  /**
   * While someone's request is served, the first and the last of the segments that were there then
   * follow each other, but for those that clustering has just made.
   */
  @Test
  void whatIsAskedForComesToAnEnd() {
    shard.config = new WriteConfig(1 << 20, 1_000, 8, 3, 100, 100);
    WritePath path = shard.open(Faults.none());
    long key = 0;
    for (long[] values : new long[][] {{1, 1}, {4}, {1, 1, 4}, {2, 2}, {3, 3, 3}}) {
      for (long value : values) {
        upsert(path, 0, new long[] {key}, value);
        rows.put(key++, value);
      }
      path.flush();
    }
    runBackground();
    int asked = 0;
    while (path.compact(true) >= 0) {
      assertThat(asked++).as("requests that found something to do").isLessThan(5);
      runBackground();
    }
    assertThat(asked).isPositive();
    assertThat(path.backlog().unclusteredRows()).isZero();
    assertWithin(path);
    assertThat(read(path)).isEqualTo(rows);
    path.close();
  }

  /**
   * Whatever was written, the background ends, in quiet times and when asked; after the latter
   * nothing is out of order, and all rows are there.
   */
  @Test
  void theBackgroundComesToRest() {
    int clustered = 0;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      rows.clear();
      ShardFixture fresh = new ShardFixture();
      fresh.schema = ShardFixture.KEYED;
      fresh.background = background::add;
      fresh.config =
          new WriteConfig(1 << 20, 1_000, 8, 5 + random.nextInt(20), 2 + random.nextInt(3), 100);
      WritePath path = fresh.open(Faults.none());
      int values = List.of(2, 5, 30, 10_000).get(random.nextInt(4));
      for (int i = 0; i < 12; i++) {
        boolean rising = random.nextInt(3) == 0;
        for (int n = 1 + random.nextInt(12); n > 0; n--) {
          long key = random.nextInt(200);
          long value = rising ? 100L * i + random.nextInt(50) : random.nextInt(values);
          upsert(path, 0, new long[] {key}, value);
          rows.put(key, value);
        }
        if (random.nextBoolean()) {
          long key = random.nextInt(200);
          delete(path, key);
          rows.remove(key);
        }
        path.flush();
        if (random.nextBoolean()) {
          runBackground();
        }
      }
      path.tick(0);
      path.tick(0);
      runBackground();
      List<Long> rested = ids(path);
      path.tick(0);
      assertThat(runBackground()).as("seed %d: rounds when nothing is to do", seed).isZero();
      assertThat(ids(path)).isEqualTo(rested);
      int asked = 0;
      // What a request makes is merged by the next one.
      while (path.compact(true) >= 0) {
        assertThat(asked++).as("seed %d: requests that found something to do", seed).isLessThan(3);
        runBackground();
        assertThat(path.backlog().unclusteredRows()).as("seed %d", seed).isZero();
      }
      clustered += path.state().sealed().size() > 1 ? 1 : 0;
      assertWithin(path);
      assertThat(read(path)).as("seed %d", seed).isEqualTo(rows);
      path.close();
    }
    assertThat(clustered).isGreaterThan(20);
  }

  private static List<Long> ids(WritePath path) {
    return path.state().sealed().stream().map(SealedSegment::id).sorted().toList();
  }

  /** Values that rise with time are in order as they come: nothing is written twice for them. */
  @Test
  void rowsThatComeInOrderAreMergedWithTheirNeighboursOnly() {
    shard.config = new WriteConfig(1 << 20, 1_000, 8, 40, 3, 100);
    WritePath path = shard.open(Faults.none());
    for (long i = 0; i < 30; i++) {
      long[] keys = LongStream.range(10 * i, 10 * i + 10).toArray();
      for (long key : keys) {
        upsert(path, 0, new long[] {key}, key);
        rows.put(key, key);
      }
      path.flush();
      runBackground();
      assertThat(path.backlog().unclusteredRows()).isZero();
    }
    assertDisjoint(path);
    assertThat(path.state().sealed().size()).isLessThan(15);
    List<Long> sizes = new ArrayList<>();
    path.state().sealed().forEach(segment -> sizes.add((long) segment.rowCount()));
    assertThat(sizes).allMatch(size -> size <= 40);
    assertThat(read(path)).isEqualTo(rows);
  }
}
