package io.elanus.store.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.store.catalog.Catalog.Change;
import io.elanus.store.catalog.Catalog.Condition;
import io.elanus.store.catalog.Catalog.Entry;
import io.elanus.testkit.race.Mutant;
import io.elanus.testkit.race.Together;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Callers on threads of their own count two entries up together, each only where it has not changed
 * since it was read. No count is lost, no revision stands for two of them, and both entries are
 * always the same. Over a catalog that lets two in at once the same check fails, as it must.
 */
@Timeout(120)
class SqliteCatalogRaceTest {
  private static final int CALLERS = 4;
  private static final int COMMITS_EACH = 25;

  /** Answers how many looks went wrong. */
  static final class Counting implements Callable<Long> {
    private final AtomicLong wrong = new AtomicLong();
    private final Map<Long, Long> counts = new ConcurrentHashMap<>();

    @Override
    public Long call() throws Exception {
      Path folder = Files.createTempDirectory("catalog-race");
      try (SqliteCatalog catalog = SqliteCatalog.open(folder.resolve("catalog.db"))) {
        Together.run(CALLERS, caller -> count(catalog));
        wrong.addAndGet(value(catalog.get("a")) == CALLERS * COMMITS_EACH ? 0 : 1);
      } finally {
        try (var files = Files.list(folder)) {
          for (Path file : files.toList()) {
            Files.deleteIfExists(file);
          }
        }
        Files.delete(folder);
      }
      return wrong.get();
    }

    private void count(SqliteCatalog catalog) {
      for (int done = 0; done < COMMITS_EACH; ) {
        Optional<Entry> before = catalog.get("a");
        long revision = before.map(Entry::revision).orElse(0L);
        byte[] next = ByteBuffer.allocate(8).putLong(value(before) + 1).array();
        boolean committed =
            catalog.commit(
                List.of(new Condition("a", revision)),
                List.of(new Change.Put("a", next), new Change.Put("b", next)));
        List<Entry> both = catalog.range("");
        boolean same = both.size() == 2 && isSame(both.get(0), both.get(1));
        wrong.addAndGet(same ? 0 : 1);
        done += committed ? 1 : 0;
      }
    }

    private boolean isSame(Entry one, Entry other) {
      long count = value(Optional.of(one));
      Long known = counts.putIfAbsent(one.revision(), count);
      return one.revision() == other.revision()
          && count == value(Optional.of(other))
          && (known == null || known == count);
    }

    private static long value(Optional<Entry> entry) {
      return entry.map(e -> ByteBuffer.wrap(e.value()).getLong()).orElse(0L);
    }
  }

  @Test
  void noCountIsLost() throws Exception {
    assertThat(new Counting().call()).isZero();
  }

  @Test
  void theCheckSeesCommitsThatRunAtOnce() throws Exception {
    Mutant together =
        Mutant.of(
            SqliteCatalog.class, "public synchronized boolean commit(", "public boolean commit(");
    assertThat(together.isSeenBy(Counting.class)).isTrue();
  }

  @Test
  void theCheckSeesAConditionThatIsOneBehind() throws Exception {
    Mutant late =
        Mutant.of(
            SqliteCatalog.class,
            "holds &= revisionOf(condition.key()) == condition.revision();",
            "holds &= revisionOf(condition.key()) <= condition.revision() + 1;");
    assertThat(late.isSeenBy(Counting.class)).isTrue();
  }
}
