package io.elanus.app.backup;

import io.elanus.app.serve.FolderDatabase;
import io.elanus.app.serve.RestoreMark;
import io.elanus.model.Cut;
import io.elanus.store.backup.BackupRecord;
import io.elanus.store.backup.Backups;
import io.elanus.store.backup.Progress;
import io.elanus.store.backup.RestoredLogs;
import io.elanus.store.catalog.Catalog;
import io.elanus.store.catalog.SqliteCatalog;
import io.elanus.store.object.DataFolderLock;
import io.elanus.store.object.LocalFolders;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.time.HybridTimestamps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A data folder made of a backup. In this order, each step durable before the next: a mark that no
 * server opens, the files, the catalog under its name, the mark gone. Whoever dies in between
 * leaves the mark, and the next restore begins anew.
 */
final class RestoredFolder {
  private static final String LOCK = "LOCK";

  private RestoredFolder() {}

  static void make(Backups backups, BackupRecord record, Path data, Progress progress)
      throws IOException {
    refuseFull(data);
    try (DataFolderLock lock = DataFolderLock.take(data)) {
      refuseFull(data);
      RestoreMark.put(data);
      clear(data);
      backups.restore(record, new LocalObjects(data.resolve(FolderDatabase.OBJECTS)), progress);
      RestoredLogs.begin(record, data.resolve(FolderDatabase.LOG));
      catalog(record, data);
      RestoreMark.remove(data);
    }
  }

  private static void refuseFull(Path data) throws IOException {
    if (!Files.exists(data) || RestoreMark.isIn(data)) {
      return;
    }
    if (!Files.isDirectory(data)) {
      throw ServerOptions.bad("%s is not a folder".formatted(data));
    }
    try (Stream<Path> inside = Files.list(data)) {
      if (inside.anyMatch(file -> !file.endsWith(LOCK))) {
        throw ServerOptions.bad(
            "%s is not empty; name a folder that is, nothing is ever restored over data"
                .formatted(data));
      }
    }
  }

  /** Removes what a restore that was not finished left. */
  private static void clear(Path data) throws IOException {
    for (String name : List.of(FolderDatabase.OBJECTS, FolderDatabase.LOG)) {
      Path folder = data.resolve(name);
      if (Files.isDirectory(folder)) {
        LocalFolders.remove(folder);
      }
    }
    for (String name : List.of(FolderDatabase.CATALOG, unfinished())) {
      for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
        Files.deleteIfExists(data.resolve(name + suffix));
      }
    }
  }

  private static String unfinished() {
    return FolderDatabase.CATALOG + ".unfinished";
  }

  private static void catalog(BackupRecord record, Path data) throws IOException {
    List<Catalog.Change> changes = new ArrayList<>();
    for (Cut.Entry entry : record.entries()) {
      changes.add(new Catalog.Change.Put(entry.key(), entry.value()));
    }
    changes.add(HybridTimestamps.above(record.timestamp()));
    Path made = data.resolve(unfinished());
    // Closing it brings its log home into the one file.
    try (SqliteCatalog catalog = SqliteCatalog.open(made)) {
      catalog.commit(List.of(), changes);
    }
    Files.move(made, data.resolve(FolderDatabase.CATALOG), StandardCopyOption.ATOMIC_MOVE);
    LocalFolders.force(data);
  }
}
