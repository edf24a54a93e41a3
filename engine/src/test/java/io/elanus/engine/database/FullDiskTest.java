package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Metric;
import io.elanus.store.catalog.MemoryCatalog;
import io.elanus.store.log.LocalLogFiles;
import io.elanus.store.log.LogFiles;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.time.HybridTimestamps;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk under the log is full for a while: what was written stays, and writes go on after it.
 */
class FullDiskTest {
  private static final int TICKS = 10;

  @TempDir Path folder;
  private final MemoryCatalog catalog = new MemoryCatalog();
  private final ExecutorService search = Executors.newSingleThreadExecutor();
  private boolean full;
  private int refused;

  @AfterEach
  void stop() {
    search.shutdownNow();
  }

  private LocalDatabase open() {
    InstantSource clock = InstantSource.system();
    return LocalDatabase.open(
        new Stores(
            catalog,
            new LocalObjects(folder.resolve("objects")),
            new FolderLogs(
                folder.resolve("log"), 1 << 20, each -> new Filling(new LocalLogFiles(each))),
            new HybridTimestamps(clock, catalog)),
        new LocalDatabase.Setup(search, Runnable::run, clock, WriteConfig.DEFAULT));
  }

  private void refuseFull() throws IOException {
    if (full) {
      refused++;
      throw new IOException("No space left on device");
    }
  }

  /** Log files that can no longer grow. */
  private final class Filling implements LogFiles {
    private final LogFiles files;

    Filling(LogFiles files) {
      this.files = files;
    }

    @Override
    public List<String> list() throws IOException {
      return files.list();
    }

    @Override
    public LogFile create(String name) throws IOException {
      return new FillingFile(files.create(name));
    }

    @Override
    public LogFile open(String name) throws IOException {
      return new FillingFile(files.open(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
      files.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
      files.delete(name);
    }

    @Override
    public void forceFolder() throws IOException {
      files.forceFolder();
    }
  }

  /** Half of what is written arrives. */
  private final class FillingFile implements LogFiles.LogFile {
    private final LogFiles.LogFile file;

    FillingFile(LogFiles.LogFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      if (full) {
        file.write(bytes.duplicate().limit(bytes.limit() / 2), offset);
      }
      refuseFull();
      file.write(bytes, offset);
    }

    @Override
    public void force() throws IOException {
      refuseFull();
      file.force();
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public MemorySegment map(Arena arena) throws IOException {
      return file.map(arena);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  @Test
  void writesGoOnWithoutARestart() {
    try (LocalDatabase database = open()) {
      OpenCollection collection =
          OpenCollection.create(
              database, Caller.SYSTEM, DatabaseUnderTest.plain("c"), "FLAT", Metric.L2);
      collection.insert(DatabaseUnderTest.rows(0, 10));
      full = true;
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> collection.insert(DatabaseUnderTest.rows(10, 20)))
            .isInstanceOfSatisfying(
                ElanusException.class,
                e -> {
                  assertThat(e.code()).isEqualTo(ErrorCode.DISK_LIMIT);
                  assertThat(e).hasMessageContaining("free disk space");
                });
      }
      for (int i = 0; i < TICKS; i++) {
        database.tick();
        assertThat(collection.count("")).isEqualTo(10);
      }
      int attempts = refused;
      assertThat(attempts).as("tried now and then").isBetween(3, TICKS);
      full = false;
      for (int i = 0; i < TICKS; i++) {
        database.tick();
      }
      assertThat(collection.count("")).isEqualTo(10);
      collection.insert(DatabaseUnderTest.rows(20, 25));
      collection.delete("id < 5");
      assertThat(collection.count("")).isEqualTo(10);
      database.jobs().flush(Caller.SYSTEM, "c");
      collection.insert(DatabaseUnderTest.rows(30, 31));
      assertThat(collection.count("")).isEqualTo(11);
    }
    try (LocalDatabase database = open()) {
      assertThat(database.damaged()).isEmpty();
      assertThat(database.collections().rowCount(Caller.SYSTEM, "c")).isEqualTo(11);
    }
  }
}
