package io.elanus.store.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.catalog.Catalog;
import io.elanus.store.catalog.MemoryCatalog;
import io.elanus.testkit.fixture.Seeds;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class HybridTimestampsTest {
  private static final long NOW = 1_750_000_000_000L;

  private final ScriptedClock clock = new ScriptedClock();
  private final CountingCatalog catalog = new CountingCatalog();

  /** Shows the time it was set to. */
  private static final class ScriptedClock implements InstantSource {
    long millis = NOW;

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis);
    }
  }

  /** A catalog that counts its commits, and refuses them on request. */
  private static final class CountingCatalog implements Catalog {
    final MemoryCatalog inner = new MemoryCatalog();
    int commits;
    boolean refusing;

    @Override
    public Optional<Entry> get(String key) {
      return inner.get(key);
    }

    @Override
    public List<Entry> range(String prefix) {
      return inner.range(prefix);
    }

    @Override
    public boolean commit(List<Condition> conditions, List<Change> changes) {
      if (refusing) {
        throw new ElanusException(ErrorCode.INTERNAL, "refused");
      }
      commits++;
      return inner.commit(conditions, changes);
    }

    @Override
    public void close() {}
  }

  private HybridTimestamps start() {
    return new HybridTimestamps(clock, catalog);
  }

  @Test
  void hasTheLayoutThatClientsCompute() {
    long timestamp = start().next();
    assertThat(timestamp >>> 18).isEqualTo(NOW);
    assertThat(Timestamps.physicalMillis(timestamp)).isEqualTo(NOW);
    assertThat(Timestamps.of(NOW, 5) & ((1 << 18) - 1)).isEqualTo(5);
  }

  @Test
  void growsThroughJumpsOfTheClockAndRestarts() {
    Random random = new Random(Seeds.seed(51));
    long last = 0;
    HybridTimestamps timestamps = start();
    for (int step = 0; step < 100_000; step++) {
      switch (random.nextInt(50)) {
        case 0 -> clock.millis += random.nextInt(10_000);
        case 1 -> clock.millis -= random.nextInt(10_000);
        case 2 -> clock.millis = NOW + random.nextInt(100);
        case 3 -> timestamps = start();
        default -> clock.millis += random.nextInt(2);
      }
      long next = timestamps.next();
      assertThat(next).isGreaterThan(last);
      assertThat(timestamps.last()).isEqualTo(next);
      last = next;
    }
  }

  @Test
  void nothingIsHandedOutThatTheMarkDoesNotCover() {
    HybridTimestamps timestamps = start();
    for (int step = 0; step < 200; step++) {
      clock.millis += step * 37L % 4_000;
      long handedOut = timestamps.next();
      // Had the process died now, the next one would begin above.
      clock.millis -= 1_000_000;
      assertThat(start().last()).isGreaterThanOrEqualTo(handedOut);
      clock.millis += 1_000_000;
    }
  }

  @Test
  void aFullCounterMovesThePhysicalPartOn() {
    HybridTimestamps timestamps = start();
    long first = timestamps.next();
    for (int i = 1; i < 1 << 18; i++) {
      timestamps.next();
    }
    assertThat(timestamps.last()).isEqualTo(first + (1 << 18) - 1);
    assertThat(Timestamps.physicalMillis(timestamps.last())).isEqualTo(NOW);
    assertThat(Timestamps.physicalMillis(timestamps.next())).isEqualTo(NOW + 1);
  }

  @Test
  void writesSeldom() {
    HybridTimestamps timestamps = start();
    for (int i = 0; i < 30_000; i++) {
      clock.millis += 1;
      timestamps.next();
    }
    assertThat(catalog.commits).isBetween(9, 12);
  }

  @Test
  void handsOutNothingWhileTheMarkCannotBeMoved() {
    HybridTimestamps timestamps = start();
    long before = timestamps.next();
    clock.millis += 10_000;
    catalog.refusing = true;
    assertThatThrownBy(timestamps::next).isInstanceOf(ElanusException.class);
    assertThat(timestamps.last()).isEqualTo(before);
    catalog.refusing = false;
    assertThat(Timestamps.physicalMillis(timestamps.next())).isEqualTo(NOW + 10_000);
  }

  @Test
  void givesEachThreadItsOwn() throws Exception {
    HybridTimestamps timestamps = start();
    ConcurrentHashMap<Long, Boolean> seen = new ConcurrentHashMap<>();
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      threads[t] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 20_000; i++) {
                      seen.put(timestamps.next(), true);
                    }
                  });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(seen).hasSize(80_000);
  }
}
