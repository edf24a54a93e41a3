package io.elanus.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.segment.Snapshot;
import io.elanus.testkit.fixture.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Writers on threads of their own upsert and delete while segments are sealed, merged and indexed
 * behind them and readers look on. A key that is only ever upserted is seen exactly once at every
 * moment, with a value not older than what was acknowledged before the look.
 */
@Timeout(120)
class ConcurrentWritesTest {
  private static final int WRITERS = 3;
  private static final int KEYS_EACH = 40;
  private static final int WRITES_EACH = 500;

  private final ShardFixture shard = new ShardFixture();

  /** By key, the newest acknowledged value. */
  private final Map<Long, Long> acknowledged = new ConcurrentHashMap<>();

  private final AtomicLong looks = new AtomicLong();

  @Test
  void everyKeyIsSeenOnceAndNeverGoesBack() throws Exception {
    long seed = Seeds.seed(11);
    ExecutorService threads = Executors.newCachedThreadPool();
    ExecutorService background = Executors.newFixedThreadPool(2);
    shard.background = background;
    WritePath path = shard.open(Faults.none());
    for (int writer = 0; writer < WRITERS; writer++) {
      long[] keys = keysOf(writer);
      ShardFixture.upsert(path, writer % 2, keys, 0);
      for (long key : keys) {
        acknowledged.put(key, 0L);
      }
    }
    AtomicBoolean writing = new AtomicBoolean(true);
    List<Future<?>> writers = new ArrayList<>();
    for (int writer = 0; writer < WRITERS; writer++) {
      int number = writer;
      writers.add(threads.submit(() -> write(path, number, new Random(seed + number))));
    }
    List<Future<?>> others = new ArrayList<>();
    for (int reader = 0; reader < 2; reader++) {
      others.add(threads.submit(() -> look(path, writing)));
    }
    others.add(threads.submit(() -> flushAndCompact(path, writing, new Random(seed))));
    try {
      for (Future<?> each : writers) {
        each.get();
      }
    } finally {
      writing.set(false);
    }
    for (Future<?> each : others) {
      each.get();
    }
    assertThat(looks.get()).isGreaterThan(20);
    assertThat(ShardFixture.read(path)).isEqualTo(acknowledged);
    path.close();
    background.shutdown();
    threads.shutdown();
    shard.background = Runnable::run;
    assertThat(ShardFixture.read(shard.open(Faults.none()))).isEqualTo(acknowledged);
  }

  private static long[] keysOf(int writer) {
    long first = 1_000L * writer;
    return java.util.stream.LongStream.range(first, first + KEYS_EACH).toArray();
  }

  private void write(WritePath path, int writer, Random random) {
    long[] keys = keysOf(writer);
    for (long value = 1; value <= WRITES_EACH; value++) {
      int from = random.nextInt(KEYS_EACH - 4);
      long[] some = java.util.Arrays.copyOfRange(keys, from, from + 1 + random.nextInt(4));
      if (random.nextInt(20) == 0) {
        // A scratch key comes and goes; keys of readers stay.
        long scratch = 1_000_000 + 1_000L * writer + value;
        ShardFixture.upsert(path, writer % 2, new long[] {scratch}, value);
        path.delete(ShardFixture.keys(scratch), Set.of());
      }
      ShardFixture.upsert(path, writer % 2, some, value);
      for (long key : some) {
        acknowledged.put(key, value);
      }
    }
  }

  private void look(WritePath path, AtomicBoolean writing) {
    Map<Long, Long> before = Map.of();
    while (writing.get()) {
      Map<Long, Long> atLeast = Map.copyOf(acknowledged);
      try (Snapshot snapshot = path.snapshot()) {
        Map<Long, Long> seen = ShardFixture.read(snapshot);
        seen.keySet().removeIf(key -> key >= 1_000_000);
        assertThat(seen.keySet()).isEqualTo(atLeast.keySet());
        Map<Long, Long> last = before;
        atLeast.forEach((key, value) -> assertThat(seen.get(key)).isGreaterThanOrEqualTo(value));
        last.forEach((key, value) -> assertThat(seen.get(key)).isGreaterThanOrEqualTo(value));
        before = seen;
      }
      looks.incrementAndGet();
    }
  }

  private static void flushAndCompact(WritePath path, AtomicBoolean writing, Random random) {
    while (writing.get()) {
      if (random.nextBoolean()) {
        path.flush();
      } else {
        path.compact(false);
      }
      Thread.yield();
    }
  }
}
