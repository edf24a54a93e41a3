package io.elanus.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.schema.Metric;
import io.elanus.testkit.contract.OpenCollection.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many threads at once. */
public interface ConcurrencyContract extends DatabaseUnderTest {
  private static void together(List<Callable<Void>> tasks)
      throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> futures = new ArrayList<>();
      tasks.forEach(task -> futures.add(threads.submit(task)));
      for (Future<Void> future : futures) {
        future.get();
      }
    }
  }

  @Test
  default void writersDoNotLoseEachOthersRowsAndReadersSeeWholeBatches() throws Exception {
    OpenCollection c = open(DatabaseUnderTest.plain("c"));
    AtomicBoolean done = new AtomicBoolean();
    List<Callable<Void>> tasks = new ArrayList<>();
    int batches = 20;
    for (int writer = 0; writer < 3; writer++) {
      int base = writer * 1_000;
      tasks.add(
          () -> {
            for (int batch = 0; batch < batches; batch++) {
              c.insert(DatabaseUnderTest.rows(base + batch * 10, base + batch * 10 + 10));
              if (batch % 7 == 6) {
                database().jobs().flush(ME, "c");
              }
            }
            done.set(base == 2_000 || done.get());
            return null;
          });
    }
    tasks.add(
        () -> {
          long last = 0;
          while (!done.get()) {
            long now = c.count("");
            assertThat(now % 10).isZero();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
            List<Found> found = c.search(c.nearest(20, 5, 1));
            assertThat(OpenCollection.keysOf(found)).doesNotHaveDuplicates();
          }
          return null;
        });
    together(tasks);
    assertThat(c.count("")).isEqualTo(3L * batches * 10);
    assertThat(c.keys("id >= 0")).hasSize(3 * batches * 10).doesNotHaveDuplicates();
  }

  /** A key has one value, whole, whatever happens to it meanwhile. */
  @Test
  default void upsertsOfOneKeyLeaveOneRow() throws Exception {
    OpenCollection c = filled("c", 5);
    AtomicBoolean done = new AtomicBoolean();
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int writer = 0; writer < 3; writer++) {
      int base = writer * 1_000;
      tasks.add(
          () -> {
            for (int i = 0; i < 40; i++) {
              c.upsert(DatabaseUnderTest.row(2, base + i, base + i, 1));
            }
            done.set(true);
            return null;
          });
    }
    tasks.add(
        () -> {
          while (!done.get()) {
            List<Map<String, @Nullable Object>> rows = c.query("id == 2", "n", "v");
            assertThat(rows).hasSize(1);
            float n = ((Number) Objects.requireNonNull(rows.getFirst().get("n"))).floatValue();
            assertThat(rows.getFirst()).containsEntry("v", List.of(n, 1f));
            assertThat(c.count("")).isEqualTo(5);
          }
          return null;
        });
    together(tasks);
    assertThat(c.count("")).isEqualTo(5);
  }

  /** A collection is there all the time, whatever is changed of it. */
  @Test
  default void readersNeverMissACollectionThatIsBeingAltered() throws Exception {
    OpenCollection c = filled("c", 5);
    AtomicBoolean done = new AtomicBoolean();
    List<Callable<Void>> tasks = new ArrayList<>();
    tasks.add(
        () -> {
          for (int i = 0; i < 300; i++) {
            database().collections().alter(ME, "c", Map.of("a", Integer.toString(i)), Set.of());
          }
          done.set(true);
          return null;
        });
    for (int reader = 0; reader < 2; reader++) {
      tasks.add(
          () -> {
            while (!done.get()) {
              assertThat(database().collections().exists(ME, "c")).isTrue();
              assertThat(database().collections().describe(ME, "c").name()).isEqualTo("c");
            }
            return null;
          });
    }
    tasks.add(
        () -> {
          while (!done.get()) {
            assertThat(c.count("")).isEqualTo(5);
          }
          return null;
        });
    together(tasks);
  }

  @Test
  default void oneOfManyCreatorsCreates() throws Exception {
    List<Callable<Void>> tasks = new ArrayList<>();
    Set<Long> ids = java.util.concurrent.ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 8; i++) {
      tasks.add(
          () -> {
            ids.add(
                database()
                    .collections()
                    .create(ME, OpenCollection.spec(DatabaseUnderTest.plain("c")))
                    .id());
            OpenCollection.create(database(), ME, DatabaseUnderTest.plain("c"), "FLAT", Metric.L2);
            return null;
          });
    }
    together(tasks);
    assertThat(ids).hasSize(1);
    assertThat(database().collections().list(ME)).hasSize(1);
  }
}
