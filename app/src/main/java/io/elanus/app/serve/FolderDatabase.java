package io.elanus.app.serve;

import io.elanus.app.rag.DocumentStates;
import io.elanus.engine.database.FolderLogs;
import io.elanus.engine.database.LocalDatabase;
import io.elanus.engine.database.Stores;
import io.elanus.engine.write.Limits;
import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.Cut;
import io.elanus.model.Database;
import io.elanus.store.backup.HeldObjects;
import io.elanus.store.catalog.SqliteCatalog;
import io.elanus.store.log.LocalLogFiles;
import io.elanus.store.object.DataFolderLock;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.time.HybridTimestamps;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The database of a data folder that no process holds, without a server and background work. */
public final class FolderDatabase implements AutoCloseable {
  public static final String CATALOG = "catalog.db";
  public static final String OBJECTS = "objects";
  public static final String LOG = "log";
  static final long LOG_FILE_BYTES = 64L << 20;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Database database;
  private final HeldObjects documents;

  private FolderDatabase(Path data) {
    boolean opened = false;
    try {
      parts.push(DataFolderLock.take(data));
      RestoreMark.refuse(data);
      SqliteCatalog catalog = SqliteCatalog.open(data.resolve(CATALOG));
      parts.push(catalog);
      InstantSource clock = InstantSource.system();
      LocalObjects objects = new LocalObjects(data.resolve(OBJECTS));
      documents = new HeldObjects(objects);
      Stores stores =
          new Stores(
              catalog,
              objects,
              new FolderLogs(data.resolve(LOG), LOG_FILE_BYTES, LocalLogFiles::new),
              new HybridTimestamps(clock, catalog));
      ExecutorService search = Executors.newSingleThreadExecutor();
      parts.push(search::shutdownNow);
      database =
          LocalDatabase.open(
              stores,
              new LocalDatabase.Setup(
                  search,
                  never -> {},
                  clock,
                  WriteConfig.DEFAULT,
                  Limits.none(),
                  Optional.of(DocumentStates.leftovers(documents))));
      parts.push(database);
      opened = true;
    } finally {
      if (!opened) {
        close();
      }
    }
  }

  /** NOT_READY when a process has the folder. */
  public static FolderDatabase open(Path data) {
    return new FolderDatabase(data);
  }

  public Database database() {
    return database;
  }

  /** As {@link io.elanus.model.Jobs#cut}, with the documents. */
  public Cut cut(Caller caller, String ofDatabase, List<String> collections) {
    return DocumentStates.cut(documents, database, caller, ofDatabase, collections);
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        System.getLogger(FolderDatabase.class.getName())
            .log(System.Logger.Level.WARNING, "a part did not close cleanly", e);
      }
    }
  }
}
