package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A filter that bounds the clustering key looks into few of the segments, and misses no row. */
class ClusteredReadsTest {
  private static final Caller ME = Caller.SYSTEM;
  private static final int ROWS = 1_000;

  /** Ten segments; every tenth row has no value. */
  private static final WriteConfig WRITES = new WriteConfig(1 << 20, 10_000, 16, 100, 50, 4);

  @TempDir Path folder;
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final Map<Long, Long> places = new HashMap<>();

  private void runBackground() {
    for (Runnable task = background.poll(); task != null; task = background.poll()) {
      task.run();
    }
  }

  private FolderDatabase reopened(FolderDatabase before) {
    before.close();
    background.clear();
    return FolderDatabase.open(folder, WRITES, background::add);
  }

  /** A row per key, whose value is made of its place in a random order. */
  private OpenCollection filled(
      FolderDatabase database, DataType type, LongFunction<Object> value) {
    Field.Builder key = Field.named("n", type).nullable(true).clusteringKey(true);
    OpenCollection c =
        OpenCollection.create(
            database,
            ME,
            DatabaseUnderTest.schema("c", false, key.maxLength(200).build()),
            "FLAT",
            Metric.L2);
    List<Long> order = new ArrayList<>();
    for (long i = 0; i < ROWS; i++) {
      order.add(i);
    }
    java.util.Collections.shuffle(order, new Random(7));
    for (int first = 0; first < ROWS; first += 50) {
      List<Map<String, @Nullable Object>> rows = new ArrayList<>();
      for (long id = first; id < first + 50; id++) {
        long place = order.get((int) id);
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("id", id);
        row.put("n", place % 10 == 0 ? null : value.apply(place));
        row.put("v", List.of((float) id, 1f));
        rows.add(row);
        places.put(id, place);
      }
      c.insert(rows);
      database.jobs().flush(ME, "c");
    }
    assertThat(database.jobs().cluster(ME, "c")).isPositive();
    runBackground();
    assertThat(database.collections().segments(ME, "c")).hasSize(10);
    assertThat(database.local().backlog().unclusteredRows()).isZero();
    return c;
  }

  private List<Object> expected(LongPredicate place) {
    return places.entrySet().stream()
        .filter(e -> e.getValue() % 10 != 0 && place.test(e.getValue()))
        .map(e -> (Object) e.getKey())
        .sorted()
        .toList();
  }

  /** Asks, and answers how many segments were left out. */
  private long skipped(FolderDatabase database, Runnable question) {
    long before = database.local().skippedSegments();
    question.run();
    return database.local().skippedSegments() - before;
  }

  private void checkRange(OpenCollection c, FolderDatabase database, String from, String to) {
    List<Object> wanted = expected(place -> place >= 300 && place < 340);
    String filter = "n >= %s and n < %s".formatted(from, to);
    assertThat(wanted).hasSize(36);
    assertThat(skipped(database, () -> assertThat(c.keys(filter)).isEqualTo(wanted)))
        .isGreaterThanOrEqualTo(8);
    assertThat(skipped(database, () -> assertThat(c.count(filter)).isEqualTo(36)))
        .isGreaterThanOrEqualTo(8);
    List<Object> near = new ArrayList<>();
    long search =
        skipped(
            database,
            () ->
                near.addAll(
                    OpenCollection.keysOf(
                        c.search(
                            c.nearest(50, 1, 1).filter(io.elanus.model.query.Filter.of(filter))))));
    assertThat(near).containsExactlyInAnyOrderElementsOf(wanted);
    assertThat(search).isGreaterThanOrEqualTo(8);
    List<Object> others = expected(place -> place < 300 || place >= 340);
    assertThat(c.keys("not (" + filter + ")")).isEqualTo(others);
    assertThat(skipped(database, () -> assertThat(c.count("n is null")).isEqualTo(100)))
        .isGreaterThanOrEqualTo(8);
    assertThat(skipped(database, () -> assertThat(c.count("")).isEqualTo(ROWS))).isZero();
    assertThat(skipped(database, () -> assertThat(c.count("id >= 0")).isEqualTo(ROWS))).isZero();
    // Delete by filter, then the same again after a start.
    long deleted =
        skipped(database, () -> assertThat(c.delete(filter).deleteCount()).isEqualTo(36));
    assertThat(deleted).isGreaterThanOrEqualTo(8);
    try (FolderDatabase again = reopened(database)) {
      OpenCollection open = c.on(again);
      again.collections().load(ME, "c", List.of());
      assertThat(skipped(again, () -> assertThat(open.keys(filter)).isEmpty()))
          .isGreaterThanOrEqualTo(8);
      assertThat(open.count("")).isEqualTo(ROWS - 36);
    }
  }

  @Test
  void integers() {
    FolderDatabase database = FolderDatabase.open(folder, WRITES, background::add);
    OpenCollection c = filled(database, DataType.INT32, place -> place * 3 - 1_000);
    long one =
        skipped(
            database,
            () ->
                assertThat(c.keys("n == %d or n in [%d, 5000]".formatted(-1_000 + 3, 1_997)))
                    .isEqualTo(expected(place -> place == 1 || place == 999)));
    assertThat(one).isEqualTo(8);
    assertThat(skipped(database, () -> assertThat(c.count("n == 1.5")).isZero()))
        .isGreaterThanOrEqualTo(9);
    checkRange(c, database, "-100", "20");
  }

  @Test
  void floatingNumbers() {
    FolderDatabase database = FolderDatabase.open(folder, WRITES, background::add);
    OpenCollection c = filled(database, DataType.FLOAT, place -> place / 10f);
    checkRange(c, database, "30.0", "34");
  }

  @Test
  void texts() {
    FolderDatabase database = FolderDatabase.open(folder, WRITES, background::add);
    OpenCollection c = filled(database, DataType.VARCHAR, "ä%04d"::formatted);
    checkRange(c, database, "'ä0300'", "'ä0340'");
  }

  /** What differs after the bytes that count is found all the same, and nothing is ruled out. */
  @Test
  void textsThatBeginAlike() {
    String alike = "x".repeat(64);
    try (FolderDatabase database = FolderDatabase.open(folder, WRITES, background::add)) {
      OpenCollection c =
          filled(database, DataType.VARCHAR, place -> alike + "%04d".formatted(place));
      assertThat(c.keys("n >= '%s0300' and n < '%s0340'".formatted(alike, alike)))
          .isEqualTo(expected(place -> place >= 300 && place < 340));
      assertThat(c.keys("n == '%s0777'".formatted(alike)))
          .isEqualTo(expected(place -> place == 777));
      assertThat(c.count("n != '%s'".formatted(alike))).isEqualTo(900);
      long none = skipped(database, () -> assertThat(c.count("n < '%s'".formatted("w"))).isZero());
      assertThat(none).isEqualTo(10);
    }
  }
}
