package io.elanus.engine.database;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Aliases;
import io.elanus.model.Collections;
import io.elanus.model.Database;
import io.elanus.model.Databases;
import io.elanus.model.Indexes;
import io.elanus.model.Jobs;
import io.elanus.model.Partitions;
import io.elanus.model.Rows;
import io.elanus.store.catalog.SqliteCatalog;
import io.elanus.store.log.LocalLogFiles;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.time.HybridTimestamps;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A local database with everything it stands on, all of it closed with it. */
record FolderDatabase(LocalDatabase local, SqliteCatalog catalog, List<ExecutorService> threads)
    implements Database {
  private static final int LOG_FILE_BYTES = 1 << 20;

  static FolderDatabase open(Path folder, WriteConfig writes) {
    ExecutorService background = Executors.newSingleThreadExecutor();
    return open(folder, writes, background, List.of(background));
  }

  /** With work in the background left to the caller. */
  static FolderDatabase open(Path folder, WriteConfig writes, Executor background) {
    return open(folder, writes, background, List.of());
  }

  private static FolderDatabase open(
      Path folder, WriteConfig writes, Executor background, List<ExecutorService> own) {
    SqliteCatalog catalog = SqliteCatalog.open(folder.resolve("catalog.db"));
    List<ExecutorService> threads = new ArrayList<>(own);
    ExecutorService search = Executors.newFixedThreadPool(2);
    threads.add(search);
    Stores stores =
        new Stores(
            catalog,
            new LocalObjects(folder.resolve("objects")),
            new FolderLogs(folder.resolve("log"), LOG_FILE_BYTES, LocalLogFiles::new),
            new HybridTimestamps(InstantSource.system(), catalog));
    LocalDatabase local =
        LocalDatabase.open(
            stores, new LocalDatabase.Setup(search, background, InstantSource.system(), writes));
    return new FolderDatabase(local, catalog, threads);
  }

  @Override
  public Databases databases() {
    return local.databases();
  }

  @Override
  public Collections collections() {
    return local.collections();
  }

  @Override
  public Partitions partitions() {
    return local.partitions();
  }

  @Override
  public Indexes indexes() {
    return local.indexes();
  }

  @Override
  public Aliases aliases() {
    return local.aliases();
  }

  @Override
  public Rows rows() {
    return local.rows();
  }

  @Override
  public Jobs jobs() {
    return local.jobs();
  }

  @Override
  public long allocateTimestamp() {
    return local.allocateTimestamp();
  }

  @Override
  public void close() {
    local.close();
    catalog.close();
    threads.forEach(ExecutorService::shutdownNow);
  }
}
