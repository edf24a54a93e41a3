package io.elanus.app.backup;

import io.elanus.model.error.ElanusException;
import io.elanus.store.backup.Backups;
import io.elanus.store.object.DataFolderLock;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.object.ReadOnlyObjects;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where backups are, for reading or, by one process at a time, for writing. */
interface Place extends AutoCloseable {
  Backups backups();

  /**
   * Before a step that only the one writer may take.
   *
   * @throws ElanusException BUSY where another process has become it
   */
  void stillMine();

  @Override
  void close();

  /** A folder, which is created where it is absent. */
  static Place writingTo(Path folder) {
    refuseDataFolder(folder);
    DataFolderLock lock;
    try {
      lock = DataFolderLock.take(folder);
    } catch (ElanusException e) {
      throw new ElanusException(
          e.code(), e.getMessage().replace("the data folder", "the backup folder"), e);
    }
    return new Folder(new Backups(new LocalObjects(folder)), lock::close);
  }

  static Place readingFrom(Path folder) {
    refuseDataFolder(folder);
    if (!Files.isDirectory(folder)) {
      throw ServerOptions.bad("there is no folder %s".formatted(folder));
    }
    return new Folder(new Backups(new ReadOnlyObjects(folder)), () -> {});
  }

  private static void refuseDataFolder(Path folder) {
    if (Files.exists(folder.resolve("catalog.db"))) {
      throw ServerOptions.bad(
          "%s is the data folder of a database; name a folder for backups".formatted(folder));
    }
  }

  /** On this machine, whose system lets go of a lock when its process dies. */
  record Folder(Backups backups, Runnable unlock) implements Place {
    @Override
    public void stillMine() {}

    @Override
    public void close() {
      unlock.run();
    }
  }
}
