package io.elanus.app.backup;

import io.elanus.model.error.ElanusException;
import io.elanus.store.backup.Backups;
import io.elanus.store.object.DataFolderLock;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.object.ReadOnlyObjects;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A folder with backups, for reading or, by one process at a time, for writing. */
final class Place implements AutoCloseable {
  private final Backups backups;
  private final @Nullable DataFolderLock lock;

  private Place(Backups backups, @Nullable DataFolderLock lock) {
    this.backups = backups;
    this.lock = lock;
  }

  /** Creates the folder where it is absent. */
  static Place forWriting(Path folder) {
    refuseDataFolder(folder);
    DataFolderLock lock;
    try {
      lock = DataFolderLock.take(folder);
    } catch (ElanusException e) {
      throw new ElanusException(
          e.code(), e.getMessage().replace("the data folder", "the backup folder"), e);
    }
    return new Place(new Backups(new LocalObjects(folder)), lock);
  }

  static Place forReading(Path folder) {
    refuseDataFolder(folder);
    if (!Files.isDirectory(folder)) {
      throw ServerOptions.bad("there is no folder %s".formatted(folder));
    }
    return new Place(new Backups(new ReadOnlyObjects(folder)), null);
  }

  private static void refuseDataFolder(Path folder) {
    if (Files.exists(folder.resolve("catalog.db"))) {
      throw ServerOptions.bad(
          "%s is the data folder of a database; name a folder for backups".formatted(folder));
    }
  }

  Backups backups() {
    return backups;
  }

  @Override
  public void close() {
    if (lock != null) {
      lock.close();
    }
  }
}
