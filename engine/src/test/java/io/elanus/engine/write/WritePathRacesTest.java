package io.elanus.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.Snapshot;
import io.elanus.engine.write.bytes.Manifest;
import io.elanus.testkit.race.Mutant;
import io.elanus.testkit.race.Together;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The state of a shard is swapped while others read. A reader sees every key once, none older than
 * what was acknowledged before, in memory that stays; every sealed segment that a reader sees is in
 * the manifest on the disk, and every file that this manifest names is there. Beside it the swap
 * done wrongly in four ways, each of which the check must see.
 */
@Timeout(180)
class WritePathRacesTest {
  private static final int KEYS = 30;
  private static final int WRITES = 80;

  /** Answers how many looks went wrong. */
  static final class Swapping implements Callable<Long> {
    private final ShardFixture shard = new ShardFixture();
    private final Map<Long, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicBoolean writing = new AtomicBoolean(true);

    @Override
    public Long call() throws Exception {
      ExecutorService background = Executors.newFixedThreadPool(2);
      shard.background = background;
      WritePath path = shard.open(Faults.none());
      long[] keys = LongStream.range(0, KEYS).toArray();
      ShardFixture.upsert(path, 0, keys, 0);
      LongStream.of(keys).forEach(key -> acknowledged.put(key, 0L));
      try {
        Together.run(
            4,
            thread -> {
              switch (thread) {
                case 0 -> write(path);
                case 1 -> repeat(() -> rows(path));
                case 2 -> repeat(() -> files(path));
                default ->
                    repeat(
                        () -> {
                          path.flush();
                          path.compact(false);
                        });
              }
            });
      } finally {
        path.close();
        background.shutdown();
      }
      return wrong.get();
    }

    private void write(WritePath path) {
      try {
        for (long value = 1; value <= WRITES; value++) {
          long first = value * 7 % (KEYS - 6);
          long[] some = LongStream.range(first, first + 6).toArray();
          ShardFixture.upsert(path, value % 2, some, value);
          for (long key : some) {
            acknowledged.put(key, value);
          }
        }
      } finally {
        writing.set(false);
      }
    }

    private void repeat(Runnable look) {
      do {
        look.run();
        Thread.yield();
      } while (writing.get());
    }

    private void rows(WritePath path) {
      Map<Long, Long> before = Map.copyOf(acknowledged);
      try (Snapshot snapshot = path.snapshot()) {
        Map<Long, Long> seen = ShardFixture.read(snapshot);
        boolean right = seen.keySet().equals(before.keySet());
        for (Map.Entry<Long, Long> each : before.entrySet()) {
          right &= seen.getOrDefault(each.getKey(), -1L) >= each.getValue();
        }
        wrong.addAndGet(right ? 0 : 1);
      }
    }

    private void files(WritePath path) {
      Set<Long> seen = ids(path);
      Manifest manifest = Manifest.load(shard.objects, "c/");
      seen.retainAll(ids(path));
      // Seen before and after: in the state when the manifest was read.
      for (long id : seen) {
        wrong.addAndGet(id < manifest.nextSegmentId() ? 0 : 1);
      }
      Set<String> there = new HashSet<>(shard.objects.list("c/"));
      boolean missing = manifest.segments().stream().anyMatch(s -> !there.contains(s.dataKey()));
      if (missing && Manifest.load(shard.objects, "c/").number() == manifest.number()) {
        wrong.incrementAndGet();
      }
    }

    private static Set<Long> ids(WritePath path) {
      List<Long> ids = path.state().sealed().stream().map(SealedSegment::id).toList();
      return new HashSet<>(ids);
    }
  }

  @Test
  void everySwapIsWhole() throws Exception {
    assertThat(new Swapping().call()).isZero();
  }

  private static void isSeen(String right, String wrong) throws Exception {
    isSeen(WritePath.class, right, wrong);
  }

  private static void isSeen(Class<?> original, String right, String wrong) throws Exception {
    assertThat(Mutant.of(original, right, wrong).isSeenBy(Swapping.class)).isTrue();
  }

  @Test
  void theCheckSeesAStateThatIsPinnedLate() throws Exception {
    isSeen(
        """
            synchronized (stateMonitor) {
              return pin(visible);
            }
        """,
        """
            ShardState seen;
            long at;
            synchronized (stateMonitor) {
              seen = state;
              at = visible;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            List<Lifetime> pinned = seen.lifetimes();
            pinned.forEach(Lifetime::pin);
            List<Segment> segments = new ArrayList<>();
            seen.unsealed().forEach(s -> segments.add(s.frozen()));
            segments.addAll(seen.sealed());
            return new PinnedSnapshot(segments, pinned, at);
        """);
  }

  @Test
  void theCheckSeesATimestampThatIsOlderThanTheState() throws Exception {
    isSeen(
        """
            synchronized (stateMonitor) {
              return pin(visible);
            }
        """,
        """
            long at = visible();
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            return pin(at);
        """);
  }

  @Test
  void theCheckSeesASwapBeforeTheManifest() throws Exception {
    isSeen(
        """
              newer.publish(setup.objects(), setup.prefix());
              Manifest older = manifest;
              manifest = newer;
              swap(next);
        """,
        """
              swap(next);
              Thread.yield();
              newer.publish(setup.objects(), setup.prefix());
              Manifest older = manifest;
              manifest = newer;
        """);
  }

  @Test
  void theCheckSeesFilesThatGoBeforeTheManifest() throws Exception {
    isSeen(
        """
              newer.publish(setup.objects(), setup.prefix());
              Manifest older = manifest;
              manifest = newer;
              swap(next);
              maintenance.release(older, newer);
        """,
        """
              Manifest older = manifest;
              manifest = newer;
              swap(next);
              maintenance.release(older, newer);
              Thread.yield();
              newer.publish(setup.objects(), setup.prefix());
        """);
  }
}
