package io.elanus.app.serve;

import io.elanus.engine.database.Stores;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.log.LocalLog;
import io.elanus.store.log.LocalLogFiles;
import io.elanus.store.log.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder of log files per collection. */
record FolderLogs(Path folder) implements Stores.Logs {
  private static final long LOG_FILE_BYTES = 64L << 20;

  @Override
  public Log open(long collectionId) {
    try {
      return LocalLog.open(
          new LocalLogFiles(folder.resolve(Long.toString(collectionId))),
          LOG_FILE_BYTES,
          collectionId);
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.LOG_FAILED, "the log folder cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public void delete(long collectionId) {
    Path gone = folder.resolve(Long.toString(collectionId));
    if (!Files.isDirectory(gone)) {
      return;
    }
    try (Stream<Path> files = Files.walk(gone)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
