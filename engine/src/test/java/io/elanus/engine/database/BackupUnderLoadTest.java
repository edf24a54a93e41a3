package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.Cut;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.Filter;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.store.backup.BackupRecord;
import io.elanus.store.backup.Backups;
import io.elanus.store.backup.Progress;
import io.elanus.store.backup.RestoredLogs;
import io.elanus.store.catalog.Catalog;
import io.elanus.store.catalog.SqliteCatalog;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.time.HybridTimestamps;
import io.elanus.testkit.fixture.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backups taken while three collections are written to, sealed and merged. What each write did is
 * kept with its timestamp; a restored folder must hold exactly the writes up to the backup's.
 */
class BackupUnderLoadTest {
  private static final Caller ME = Caller.SYSTEM;
  private static final int KEYS = 150;
  private static final int ROUNDS = 4;
  private static final List<String> NAMES = List.of("one", "two", "three");
  private static final WriteConfig SMALL = new WriteConfig(1 << 20, 48, 16, 100_000, 2, 3);

  @TempDir Path folder;

  /** A write that was acknowledged: values by key, null for a delete. */
  private record Done(String collection, long timestamp, long[] keys, long value) {
    static final long DELETED = -1;
  }

  private final ConcurrentLinkedQueue<Done> history = new ConcurrentLinkedQueue<>();
  private final AtomicInteger values = new AtomicInteger();

  @Test
  void everyBackupIsTheStateAtItsTimestamp() throws Exception {
    Backups backups = new Backups(new MemoryObjects());
    List<BackupRecord> taken = new ArrayList<>();
    long seed = Seeds.seed(81);
    try (FolderDatabase database = FolderDatabase.open(folder.resolve("source"), SMALL)) {
      NAMES.forEach(name -> create(database, name));
      AtomicBoolean stop = new AtomicBoolean();
      try (ExecutorService writers = Executors.newFixedThreadPool(2 * NAMES.size())) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 2 * NAMES.size(); i++) {
          String name = NAMES.get(i % NAMES.size());
          SplittableRandom random = new SplittableRandom(seed + i);
          running.add(writers.submit(() -> write(database, name, random, stop)));
        }
        for (int round = 0; round < ROUNDS; round++) {
          int before = history.size();
          while (history.size() < before + 100) {
            Thread.onSpinWait();
          }
          try (Cut cut = database.jobs().cut(ME, "", List.of())) {
            taken.add(backups.copy(cut, Progress.NONE).record());
          }
        }
        stop.set(true);
        for (Future<?> each : running) {
          each.get();
        }
      }
    }
    int differing = 0;
    for (BackupRecord record : taken) {
      assertThat(backups.verify(record.id(), Progress.NONE)).isEmpty();
      Map<String, Map<Long, Long>> right = at(record.timestamp());
      assertThat(restored(backups, record))
          .as("backup %s, seed %d", record.id(), seed)
          .isEqualTo(right);
      differing += right.equals(at(Long.MAX_VALUE)) ? 0 : 1;
    }
    assertThat(differing).as("backups taken before the last write").isPositive();
    assertThat(taken.getLast().files().size()).isGreaterThan(NAMES.size());
  }

  /** A second backup with no write in between finds everything there; one more row costs little. */
  @Test
  void onlyNewFilesAreCopied() throws Exception {
    Backups backups = new Backups(new MemoryObjects());
    try (FolderDatabase database =
        FolderDatabase.open(folder.resolve("source"), SMALL, Runnable::run)) {
      create(database, "one");
      for (int i = 0; i < 20; i++) {
        insert(database, "one", new long[] {2 * i, 2 * i + 1}, i);
      }
      Backups.Made first = copy(database, backups);
      assertThat(first.copied().files()).isEqualTo(first.record().files().size()).isGreaterThan(1);
      Backups.Made second = copy(database, backups);
      assertThat(second.copied().files()).isZero();
      assertThat(second.record().files()).isEqualTo(first.record().files());
      insert(database, "one", new long[] {1_000}, 7);
      Backups.Made third = copy(database, backups);
      // The new segment and the manifest.
      assertThat(third.copied().files()).isEqualTo(2);
      delete(database, "one", new long[] {3});
      Backups.Made fourth = copy(database, backups);
      // The delete file and the manifest.
      assertThat(fourth.copied().files()).isEqualTo(2);
      backups.delete(first.record().id());
      backups.delete(second.record().id());
      assertThat(restored(backups, third.record()).get("one")).hasSize(41);
      assertThat(restored(backups, fourth.record()).get("one")).hasSize(40);
    }
  }

  @Test
  void aChosenCollectionComesWithItsAliasAndNothingElse() throws Exception {
    Backups backups = new Backups(new MemoryObjects());
    try (FolderDatabase database =
        FolderDatabase.open(folder.resolve("source"), SMALL, Runnable::run)) {
      create(database, "one");
      create(database, "two");
      database.aliases().create(ME, "second", "two");
      insert(database, "two", new long[] {5}, 6);
      try (Cut cut = database.jobs().cut(ME, "", List.of("second"))) {
        BackupRecord record = backups.copy(cut, Progress.NONE).record();
        Path to = folder.resolve("restored");
        restore(backups, record, to);
        try (FolderDatabase restored = FolderDatabase.open(to, SMALL, Runnable::run)) {
          assertThat(restored.collections().exists(ME, "one")).isFalse();
          assertThat(rows(restored, "second")).isEqualTo(Map.of(5L, 6L));
          // Numbers go on where they were, and so does time.
          create(restored, "three");
          long later = insert(restored, "two", new long[] {6}, 7);
          assertThat(later).isGreaterThan(record.timestamp());
          restored.jobs().flush(ME, "two");
          assertThat(rows(restored, "two")).isEqualTo(Map.of(5L, 6L, 6L, 7L));
        }
      }
    }
  }

  private Backups.Made copy(FolderDatabase database, Backups backups) throws Exception {
    try (Cut cut = database.jobs().cut(ME, "", List.of())) {
      return backups.copy(cut, Progress.NONE);
    }
  }

  private void create(FolderDatabase database, String name) {
    Schema schema =
        new Schema(
            name,
            "",
            List.of(
                Field.named("id", DataType.INT64).primaryKey(true).build(),
                Field.named("n", DataType.INT64).build(),
                Field.named("v", DataType.FLOAT_VECTOR).dim(4).build()),
            false,
            0);
    database
        .collections()
        .create(ME, new CollectionSpec(schema, Consistency.Level.STRONG, Map.of(), 0, 0));
    database
        .indexes()
        .create(ME, name, new IndexSpec("v", "", "HNSW", Metric.L2, Map.of(), Map.of()));
    database
        .indexes()
        .create(ME, name, new IndexSpec("n", "", "INVERTED", null, Map.of(), Map.of()));
    database.collections().load(ME, name, List.of());
  }

  private void write(
      FolderDatabase database, String name, SplittableRandom random, AtomicBoolean stop) {
    while (!stop.get()) {
      long[] keys = random.longs(1 + random.nextInt(6), 0, KEYS).distinct().toArray();
      if (random.nextInt(4) == 0) {
        delete(database, name, keys);
      } else {
        upsert(database, name, keys, values.incrementAndGet());
      }
    }
  }

  private void upsert(FolderDatabase database, String name, long[] keys, long value) {
    InsertRequest request = new InsertRequest(name, "", batch(keys, value));
    long timestamp = database.rows().upsert(ME, request).timestamp();
    history.add(new Done(name, timestamp, keys, value));
  }

  private long insert(FolderDatabase database, String name, long[] keys, long value) {
    InsertRequest request = new InsertRequest(name, "", batch(keys, value));
    return database.rows().insert(ME, request).timestamp();
  }

  private void delete(FolderDatabase database, String name, long[] keys) {
    Filter filter = Filter.of("id in " + Arrays.toString(keys));
    var result =
        database.rows().delete(ME, new DeleteRequest(name, "", filter, Consistency.STRONG));
    history.add(new Done(name, result.timestamp(), keys, Done.DELETED));
  }

  private static RowBatch batch(long[] keys, long value) {
    float[] vectors = new float[4 * keys.length];
    long[] numbers = new long[keys.length];
    for (int i = 0; i < keys.length; i++) {
      numbers[i] = value;
      vectors[4 * i] = keys[i];
      vectors[4 * i + 1] = value;
    }
    return new RowBatch(
        keys.length,
        Map.of(
            "id", new Column.Longs(DataType.INT64, keys, null),
            "n", new Column.Longs(DataType.INT64, numbers, null),
            "v", new Column.FloatVectors(4, vectors)));
  }

  /** What the writes up to a timestamp, in its order, leave. */
  private Map<String, Map<Long, Long>> at(long timestamp) {
    Map<String, Map<Long, Long>> state = new TreeMap<>();
    NAMES.forEach(name -> state.put(name, new TreeMap<>()));
    history.stream()
        .filter(done -> done.timestamp <= timestamp)
        .sorted(Comparator.comparingLong(Done::timestamp))
        .forEach(
            done -> {
              for (long key : done.keys) {
                if (done.value == Done.DELETED) {
                  state.get(done.collection).remove(key);
                } else {
                  state.get(done.collection).put(key, done.value);
                }
              }
            });
    return state;
  }

  private Map<String, Map<Long, Long>> restored(Backups backups, BackupRecord record) {
    Path to = folder.resolve("restored-" + record.id());
    restore(backups, record, to);
    Map<String, Map<Long, Long>> found = new TreeMap<>();
    try (FolderDatabase database = FolderDatabase.open(to, SMALL)) {
      assertThat(database.local().damaged()).isEmpty();
      database
          .collections()
          .list(ME)
          .forEach(each -> found.put(each.name(), rows(database, each.name())));
    }
    return found;
  }

  private static void restore(Backups backups, BackupRecord record, Path to) {
    backups.restore(record, new LocalObjects(to.resolve("objects")), Progress.NONE);
    List<Catalog.Change> changes = new ArrayList<>();
    record.entries().forEach(e -> changes.add(new Catalog.Change.Put(e.key(), e.value())));
    changes.add(HybridTimestamps.above(record.timestamp()));
    try (SqliteCatalog catalog = SqliteCatalog.open(to.resolve("catalog.db"))) {
      catalog.commit(List.of(), changes);
    }
    RestoredLogs.begin(record, to.resolve("log"));
  }

  private static Map<Long, Long> rows(FolderDatabase database, String name) {
    QueryRequest request =
        new QueryRequest(
            name,
            List.of(),
            Filter.of("id >= 0"),
            List.of("n"),
            QueryRequest.NO_LIMIT,
            0,
            Consistency.STRONG,
            false);
    RowBatch batch = database.rows().query(ME, request).rows();
    Map<Long, Long> rows = new TreeMap<>();
    for (int i = 0; i < batch.size(); i++) {
      rows.put(
          (Long) batch.column("id").orElseThrow().get(i),
          (Long) batch.column("n").orElseThrow().get(i));
    }
    return rows;
  }
}
