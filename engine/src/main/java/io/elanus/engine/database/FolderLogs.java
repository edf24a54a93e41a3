package io.elanus.engine.database;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.log.LocalLog;
import io.elanus.store.log.Log;
import io.elanus.store.log.LogFiles;
import io.elanus.store.object.LocalFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of log files per collection, named by its id, all in one folder.
 *
 * @param fileBytesMax a log file that reached this size is followed by a new one
 * @param opener opens the files of one log in its folder, which it creates
 */
public record FolderLogs(Path folder, long fileBytesMax, Opener opener) implements Stores.Logs {
  /** What the folder of a collection is called; others were put there by somebody else. */
  static final String ID = "\\d{1,18}";

  /** Opens the files of one log. */
  public interface Opener {
    LogFiles open(Path folder) throws IOException;
  }

  @Override
  public Log open(long collectionId) {
    return LocalLog.open(files(collectionId), fileBytesMax, collectionId);
  }

  @Override
  public Log resume(long collectionId, long durableOperation) {
    return LocalLog.resume(files(collectionId), fileBytesMax, collectionId, durableOperation);
  }

  private LogFiles files(long collectionId) {
    try {
      return opener.open(folderOf(collectionId));
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.LOG_FAILED, "the log folder cannot be used: " + e.getMessage(), e);
    }
  }

  private Path folderOf(long collectionId) {
    return folder.resolve(Long.toString(collectionId));
  }

  @Override
  public List<Long> collections() {
    try {
      return collectionsIn(folder);
    } catch (IOException | UncheckedIOException e) {
      throw failed("listed", e);
    }
  }

  /**
   * Ids of the collections that have a log in such a folder, ascending; none where it is absent.
   */
  public static List<Long> collectionsIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside
          .map(each -> String.valueOf(each.getFileName()))
          .filter(name -> name.matches(ID))
          .map(Long::valueOf)
          .sorted()
          .toList();
    }
  }

  @Override
  public void delete(long collectionId) {
    Path gone = folderOf(collectionId);
    try {
      if (Files.isDirectory(gone)) {
        LocalFolders.remove(gone);
      }
      if (Files.isDirectory(folder)) {
        // Also where it was gone already: whoever removed it may have died before this.
        LocalFolders.force(folder);
      }
    } catch (IOException | UncheckedIOException e) {
      throw failed("removed", e);
    }
  }

  private static ElanusException failed(String what, Exception e) {
    return new ElanusException(
        ErrorCode.INTERNAL, "log files could not be %s: %s".formatted(what, e.getMessage()), e);
  }
}
