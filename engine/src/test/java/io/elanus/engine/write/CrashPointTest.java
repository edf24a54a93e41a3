package io.elanus.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ElanusException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same story of writes is told again and again, and each time another step towards the disk
 * fails, until the story is longer than the steps. Afterwards all that was acknowledged is there,
 * and what failed is there as a whole or not at all.
 */
class CrashPointTest {
  private static final int STEPS_MAX = 2_000;

  /** What one write does to the rows. */
  private record Write(Consumer<WritePath> act, Consumer<Map<Long, Long>> model) {}

  private static Write insert(long partition, long value, long... keys) {
    return new Write(
        path -> path.insert(List.of(ShardFixture.rows(partition, keys, value))),
        rows -> put(rows, value, keys));
  }

  private static Write upsert(long partition, long value, long... keys) {
    return new Write(
        path -> ShardFixture.upsert(path, partition, keys, value), rows -> put(rows, value, keys));
  }

  private static Write delete(long... keys) {
    return new Write(
        path -> ShardFixture.delete(path, keys),
        rows -> {
          for (long key : keys) {
            rows.remove(key);
          }
        });
  }

  private static Write upkeep(Consumer<WritePath> act) {
    return new Write(act, rows -> {});
  }

  private static void put(Map<Long, Long> rows, long value, long... keys) {
    for (long key : keys) {
      rows.put(key, value);
    }
  }

  private static long[] range(long from, long to) {
    return java.util.stream.LongStream.range(from, to).toArray();
  }

  /** Fills segments, seals, merges, builds; every key keeps its partition. */
  private static final List<Write> STORY =
      List.of(
          insert(0, 1, range(0, 12)),
          insert(1, 2, range(100, 104)),
          upsert(0, 3, 2, 5, 7),
          delete(1, 101),
          upkeep(WritePath::flush),
          insert(0, 4, range(12, 24)),
          upsert(1, 5, range(100, 112)),
          delete(13, 14, 15),
          new Write(
              path -> path.deleteWhere(newest -> ShardFixture.keys(16, 17), java.util.Set.of()),
              rows -> {
                rows.remove(16L);
                rows.remove(17L);
              }),
          insert(0, 6, range(24, 36)),
          upsert(0, 7, 3, 18, 25),
          upkeep(path -> path.compact(false)),
          new Write(
              path -> path.dropPartition(1), rows -> rows.keySet().removeIf(key -> key >= 100)),
          insert(0, 8, 50, 51),
          upkeep(WritePath::flush),
          new Write(WritePath::truncate, Map::clear),
          // Not an insert: where the truncation failed, the keys are still there.
          upsert(0, 9, range(0, 3)),
          upsert(0, 10, 1));

  @ParameterizedTest
  @EnumSource(Faults.Kind.class)
  void nothingAcknowledgedIsLostWhicheverStepFails(Faults.Kind kind) {
    int at = 0;
    Faults faults;
    do {
      at++;
      assertThat(at).as("steps of the story").isLessThan(STEPS_MAX);
      faults = new Faults(kind, at);
      tell(new ShardFixture(), faults, STORY);
    } while (faults.landed());
    assertThat(at).as("the story has many steps").isGreaterThan(40);
  }

  private static void tell(ShardFixture shard, Faults faults, List<Write> story) {
    TreeMap<Long, Long> before = new TreeMap<>();
    WritePath path;
    try {
      path = shard.open(faults);
    } catch (ElanusException e) {
      throw new AssertionError("an empty shard touches nothing: " + faults.where(), e);
    }
    for (Write write : story) {
      TreeMap<Long, Long> after = new TreeMap<>(before);
      write.model().accept(after);
      boolean failed = attempt(path, write);
      if (!failed) {
        before = after;
        assertThat(ShardFixture.read(path)).as(faults.where()).isEqualTo(before);
        continue;
      }
      // The process is gone, or started again after a failure: only the disks are left.
      path = shard.open(Faults.none());
      Map<Long, Long> found = ShardFixture.read(path);
      assertThat(found).as(faults.where()).isIn(before, after);
      before = new TreeMap<>(found);
    }
    assertThat(ShardFixture.read(path)).as(faults.where()).isEqualTo(before);
    assertThat(ShardFixture.read(shard.open(Faults.none()))).isEqualTo(before);
  }

  private static boolean attempt(WritePath path, Write write) {
    try {
      write.act().accept(path);
      return false;
    } catch (ElanusException e) {
      assertThat(Objects.toString(e.getMessage() + e.getCause())).contains("injected");
      return true;
    }
  }

  /** Values are the clustering key, and all over the place; four segments' worth of rows. */
  private static final List<Write> KEYED_STORY =
      List.of(
          insert(0, 50, range(0, 6)),
          insert(0, 10, range(10, 16)),
          upkeep(WritePath::flush),
          insert(0, 40, range(20, 26)),
          insert(0, 20, range(30, 36)),
          upkeep(WritePath::flush),
          delete(1, 11, 35),
          upkeep(path -> path.compact(true)),
          upsert(0, 30, 2, 12, 22),
          insert(0, 15, range(40, 46)),
          upkeep(WritePath::flush),
          upkeep(path -> path.compact(true)),
          delete(3, 13, 40));

  @ParameterizedTest
  @EnumSource(Faults.Kind.class)
  void nothingIsLostWhicheverStepFailsWhileRowsAreClustered(Faults.Kind kind) {
    int at = 0;
    Faults faults;
    boolean clustered = false;
    do {
      at++;
      assertThat(at).as("steps of the story").isLessThan(STEPS_MAX);
      faults = new Faults(kind, at);
      ShardFixture shard = new ShardFixture();
      shard.schema = ShardFixture.KEYED;
      shard.config = new WriteConfig(1 << 20, 12, 8, 12, 3, 3);
      tell(shard, faults, KEYED_STORY);
      WritePath end = shard.open(Faults.none());
      end.compact(true);
      clustered |= faults.landed() && end.state().sealed().size() > 1;
      assertThat(end.backlog().unclusteredRows()).as(faults.where()).isZero();
    } while (faults.landed());
    assertThat(clustered).isTrue();
    assertThat(at).as("the story has many steps").isGreaterThan(40);
  }

  @Test
  void goesOnAfterAStepFailedWithoutARestart() {
    int at = 0;
    Faults faults;
    int wentOn = 0;
    do {
      faults = new Faults(Faults.Kind.FAIL, ++at);
      ShardFixture shard = new ShardFixture();
      WritePath path = shard.open(faults);
      TreeMap<Long, Long> rows = new TreeMap<>();
      boolean failed = false;
      for (Write write : STORY) {
        failed |= attempt(path, write);
        write.model().accept(rows);
        if (failed) {
          break;
        }
      }
      if (!failed) {
        assertThat(ShardFixture.read(path)).as(faults.where()).isEqualTo(rows);
        wentOn++;
      }
    } while (faults.landed());
    // Steps of the background fail without the writer's notice, and the story goes on.
    assertThat(wentOn).isGreaterThan(10);
  }

  @ParameterizedTest
  @EnumSource(Faults.Kind.class)
  void recoveringAgainAndAgainChangesNothing(Faults.Kind kind) {
    ShardFixture shard = new ShardFixture();
    WritePath first = shard.open(Faults.none());
    TreeMap<Long, Long> rows = new TreeMap<>();
    // Left behind as a crash would: never closed, with rows that only the log has.
    for (Write write : STORY.subList(0, 12)) {
      write.act().accept(first);
      write.model().accept(rows);
    }
    Faults faults;
    int at = 0;
    do {
      faults = new Faults(kind, ++at);
      try {
        WritePath path = shard.open(faults);
        assertThat(ShardFixture.read(path)).as(faults.where()).isEqualTo(rows);
        path.flush();
        path.compact(false);
      } catch (ElanusException e) {
        assertThat(faults.landed()).isTrue();
      }
      long bytes = shard.log.records.values().stream().mapToLong(b -> b.length).sum();
      assertThat(ShardFixture.read(shard.open(Faults.none()))).isEqualTo(rows);
      assertThat(shard.log.records.values().stream().mapToLong(b -> b.length).sum())
          .as("the log does not grow by recovering")
          .isLessThanOrEqualTo(bytes);
    } while (faults.landed());
    assertThat(at).as("a fault landed").isGreaterThan(1);
  }
}
