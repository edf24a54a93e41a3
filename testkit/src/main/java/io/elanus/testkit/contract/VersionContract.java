package io.elanus.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionVersion;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A version changes with whatever changes an answer, and never comes back. */
public interface VersionContract extends DatabaseUnderTest {
  private CollectionVersion version() {
    return database().collections().version(ME, "c");
  }

  @Test
  default void everyChangeChangesTheVersion() {
    OpenCollection c = filled("c", 3);
    var collections = database().collections();
    Field added = Field.named("late", DataType.INT64).nullable(true).build();
    IndexSpec index = new IndexSpec("n", "by_n", "INVERTED", null, Map.of(), Map.of());
    Map<String, Runnable> changes = new LinkedHashMap<>();
    changes.put("insert", () -> c.insert(DatabaseUnderTest.row(7, 7, 7, 1)));
    changes.put("upsert", () -> c.upsert(DatabaseUnderTest.row(7, 8, 8, 1)));
    changes.put("delete", () -> c.delete("id == 7"));
    changes.put("alter", () -> collections.alter(ME, "c", Map.of("k", "v"), Set.of()));
    changes.put("field", () -> collections.addField(ME, "c", added));
    changes.put("index", () -> database().indexes().create(ME, "c", index));
    changes.put("partition", () -> database().partitions().create(ME, "c", "p"));
    changes.put("release", () -> collections.release(ME, "c", List.of()));
    changes.put("no partition", () -> database().partitions().drop(ME, "c", "p"));
    changes.put("no index", () -> database().indexes().drop(ME, "c", "by_n"));
    changes.put("load", () -> collections.load(ME, "c", List.of()));
    changes.put("truncate", () -> collections.truncate(ME, "c"));
    Set<CollectionVersion> seen = ConcurrentHashMap.newKeySet();
    seen.add(version());
    changes.forEach(
        (name, change) -> {
          CollectionVersion before = version();
          change.run();
          assertThat(seen.add(version())).as(name).isTrue();
          assertThat(version().definition()).isGreaterThanOrEqualTo(before.definition());
          assertThat(version().operation()).isGreaterThanOrEqualTo(before.operation());
        });
    collections.drop(ME, "c");
    refused(ErrorCode.COLLECTION_NOT_FOUND, this::version);
    filled("c", 3);
    assertThat(seen).extracting(CollectionVersion::id).doesNotContain(version().id());
  }

  @Test
  default void readingAndSealingLeaveTheVersion() {
    OpenCollection c = filled("c", 5);
    CollectionVersion before = version();
    c.keys("id >= 0");
    c.search(c.nearest(2, 1, 1));
    database().jobs().flush(ME, "c");
    assertThat(version()).isEqualTo(before);
  }

  @Test
  default void aRenamedCollectionHasAnotherVersionAndAnAliasHasThatOfWhatItPointsAt() {
    filled("c", 2);
    filled("d", 2);
    database().aliases().create(ME, "a", "c");
    assertThat(database().collections().version(ME, "a")).isEqualTo(version());
    database().aliases().alter(ME, "a", "d");
    assertThat(database().collections().version(ME, "a").name()).isEqualTo("d");
    CollectionVersion before = version();
    database().collections().rename(ME, "c", "e", "");
    database().collections().rename(ME, "e", "c", "");
    assertThat(version().definition()).isGreaterThan(before.definition());
  }

  @Test
  default void theVersionDoesNotComeBackAfterAReopening() {
    OpenCollection c = filled("c", 5);
    c.delete("id == 1");
    database().jobs().flush(ME, "c");
    CollectionVersion before = version();
    reopen();
    assertThat(version().id()).isEqualTo(before.id());
    assertThat(version().definition()).isGreaterThanOrEqualTo(before.definition());
    assertThat(version().operation()).isGreaterThanOrEqualTo(before.operation());
    c.on(database()).delete("id == 2");
    assertThat(version().operation()).isGreaterThan(before.operation());
  }

  /** What is kept under a version read before, is right while the version is the same. */
  @Test
  default void anAnswerKeptUnderAVersionLacksNoAcknowledgedWrite() throws Exception {
    OpenCollection c = open(DatabaseUnderTest.plain("c"), Metric.L2);
    AtomicLong acknowledged = new AtomicLong();
    AtomicInteger writing = new AtomicInteger(3);
    Map<CollectionVersion, Long> kept = new ConcurrentHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int writer = 0; writer < 3; writer++) {
        int base = writer * 1_000;
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 60; i++) {
                    c.insert(DatabaseUnderTest.row(base + i, i, i, 1));
                    acknowledged.incrementAndGet();
                    Thread.yield();
                  }
                  writing.decrementAndGet();
                }));
      }
      for (int reader = 0; reader < 2; reader++) {
        all.add(
            threads.submit(
                () -> {
                  do {
                    long written = acknowledged.get();
                    CollectionVersion version = version();
                    Long answer = kept.get(version);
                    if (answer == null) {
                      answer = c.count("");
                      kept.put(version, answer);
                    }
                    assertThat(answer).isGreaterThanOrEqualTo(written);
                  } while (writing.get() > 0);
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(c.count("")).isEqualTo(180);
    assertThat(kept).isNotEmpty();
  }
}
