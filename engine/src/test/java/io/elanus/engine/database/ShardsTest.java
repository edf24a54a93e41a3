package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.engine.write.Limits;
import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Metric;
import io.elanus.store.catalog.MemoryCatalog;
import io.elanus.store.log.Log;
import io.elanus.store.log.MemoryLog;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.time.HybridTimestamps;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Shards that do not open: what becomes of their logs, and of the others. */
class ShardsTest {
  private final MemoryCatalog catalog = new MemoryCatalog();
  private final MemoryObjects objects = new MemoryObjects();
  private final WatchedLogs logs = new WatchedLogs();
  private final ExecutorService search = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    search.shutdownNow();
  }

  private LocalDatabase open() {
    InstantSource clock = InstantSource.system();
    return LocalDatabase.open(
        new Stores(catalog, objects, logs, new HybridTimestamps(clock, catalog)),
        new LocalDatabase.Setup(search, Runnable::run, clock, WriteConfig.DEFAULT));
  }

  private LocalDatabase openWith(Executor background, LongConsumer leftovers) {
    InstantSource clock = InstantSource.system();
    return LocalDatabase.open(
        new Stores(catalog, objects, logs, new HybridTimestamps(clock, catalog)),
        new LocalDatabase.Setup(
            search, background, clock, WriteConfig.DEFAULT, Limits.none(), Optional.of(leftovers)));
  }

  /** Dying in between is a background that never runs, failing a consumer that throws. */
  @Test
  void whatOthersKeepOfADroppedCollectionGoesInTheEnd() {
    List<Long> removed = new ArrayList<>();
    LocalDatabase database = openWith(never -> {}, removed::add);
    filled(database, "c");
    long dropped = database.collections().describe(Caller.SYSTEM, "c").id();
    database.collections().drop(Caller.SYSTEM, "c");
    filled(database, "c");
    long live = database.collections().describe(Caller.SYSTEM, "c").id();
    database.close();
    assertThat(removed).isEmpty();

    database =
        openWith(
            Runnable::run,
            id -> {
              removed.add(id);
              throw new ElanusException(ErrorCode.INTERNAL, "injected");
            });
    database.close();
    assertThat(removed).containsExactly(dropped).doesNotContain(live);
    database = openWith(Runnable::run, removed::add);
    database.close();
    assertThat(removed).containsExactly(dropped, dropped);
    database = openWith(Runnable::run, removed::add);
    assertThat(removed).hasSize(2);
    database.collections().drop(Caller.SYSTEM, "c");
    assertThat(removed).containsExactly(dropped, dropped, live);
    database.close();
    openWith(Runnable::run, removed::add).close();
    assertThat(removed).hasSize(3);
  }

  private static OpenCollection filled(LocalDatabase database, String name) {
    OpenCollection collection =
        OpenCollection.create(
            database, Caller.SYSTEM, DatabaseUnderTest.plain(name), "FLAT", Metric.L2);
    collection.insert(DatabaseUnderTest.rows(0, 10));
    database.jobs().flush(Caller.SYSTEM, name);
    return collection;
  }

  private void cutSegmentsOf(long id) {
    List<String> files =
        objects.list("collection/" + id + "/").stream().filter(k -> k.endsWith(".arrow")).toList();
    assertThat(files).hasSize(1);
    byte[] whole = objects.read(files.getFirst());
    objects.put(files.getFirst(), Arrays.copyOf(whole, whole.length / 2));
  }

  @Test
  void theLogOfADamagedShardIsClosed() {
    LocalDatabase database = open();
    filled(database, "good");
    filled(database, "bad");
    long bad = database.collections().describe(Caller.SYSTEM, "bad").id();
    database.close();
    assertThat(logs.open).isEmpty();
    cutSegmentsOf(bad);

    database = open();
    assertThat(database.damaged()).hasSize(1);
    assertThat(logs.opened).hasSize(4).filteredOn(id -> id == bad).hasSize(2);
    assertThat(logs.open).hasSize(1).doesNotContain(bad);
    database.collections().drop(Caller.SYSTEM, "bad");
    assertThat(logs.kept).doesNotContainKey(bad);
    assertThat(filled(database, "bad").count("")).isEqualTo(10);
    database.close();
    assertThat(logs.open).isEmpty();
  }

  @Test
  void whereOneShardFailsToOpenTheOthersAreClosed() {
    LocalDatabase database = open();
    for (int i = 0; i < 5; i++) {
      filled(database, "c" + i);
    }
    database.close();
    int before = logs.opened.size();
    logs.failing = true;
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_FAILED));
    assertThat(logs.opened).hasSize(before + 2);
    assertThat(logs.open).isEmpty();
    logs.failing = false;
    database = open();
    assertThat(database.collectionCount()).isEqualTo(5);
    database.close();
  }

  @Test
  void rowsOfADroppedPartitionStayGoneWhereTheirDropFailed() {
    LocalDatabase database = open();
    OpenCollection c = filled(database, "c");
    database.partitions().create(Caller.SYSTEM, "c", "p");
    c.insertInto("p", DatabaseUnderTest.rows(100, 105));
    database.collections().release(Caller.SYSTEM, "c", List.of("p"));
    logs.refusing = true;
    assertThatThrownBy(() -> database.partitions().drop(Caller.SYSTEM, "c", "p"))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("injected");
    logs.refusing = false;
    assertThat(database.partitions().exists(Caller.SYSTEM, "c", "p")).isFalse();
    assertThat(database.collections().segments(Caller.SYSTEM, "c")).hasSize(2);
    assertThat(c.count("")).isEqualTo(10);
    assertThat(database.collections().rowCount(Caller.SYSTEM, "c")).isEqualTo(10);
    database.close();

    LocalDatabase again = open();
    assertThat(again.collections().segments(Caller.SYSTEM, "c")).hasSize(1);
    assertThat(c.on(again).count("")).isEqualTo(10);
    again.close();
  }

  /** Logs in memory that know which of them are open. */
  private static final class WatchedLogs implements Stores.Logs {
    final Map<Long, MemoryLog> kept = new HashMap<>();
    final List<Long> opened = new ArrayList<>();
    final List<Long> open = new ArrayList<>();

    /** The third open fails. */
    boolean failing;

    /** Nothing is appended. */
    boolean refusing;

    private int opensWhileFailing;

    @Override
    public Log resume(long id, long durableOperation) {
      throw new IllegalStateException("memory is no disk that is full");
    }

    @Override
    public Log open(long id) {
      if (failing && ++opensWhileFailing == 3) {
        throw new ElanusException(ErrorCode.LOG_FAILED, "injected: the log does not open");
      }
      opened.add(id);
      open.add(id);
      return new WatchedLog(id, kept.computeIfAbsent(id, any -> new MemoryLog()), this);
    }

    @Override
    public List<Long> collections() {
      return kept.keySet().stream().sorted().toList();
    }

    @Override
    public void delete(long id) {
      kept.remove(id);
    }
  }

  private record WatchedLog(long id, MemoryLog of, WatchedLogs logs) implements Log {
    @Override
    public long append(MemorySegment record) {
      if (logs.refusing) {
        throw new ElanusException(ErrorCode.LOG_FAILED, "injected: the log takes nothing");
      }
      return of.append(record);
    }

    @Override
    public void awaitDurable(long operation) {
      of.awaitDurable(operation);
    }

    @Override
    public long durableOperation() {
      return of.durableOperation();
    }

    @Override
    public long lastOperation() {
      return of.lastOperation();
    }

    @Override
    public void replay(long fromOperation, Reader reader) {
      of.replay(fromOperation, reader);
    }

    @Override
    public void truncateBefore(long operation) {
      of.truncateBefore(operation);
    }

    @Override
    public long sizeBytes() {
      return of.sizeBytes();
    }

    @Override
    public void close() {
      assertThat(logs.open.remove((Object) id)).as("open").isTrue();
      of.close();
    }
  }
}
