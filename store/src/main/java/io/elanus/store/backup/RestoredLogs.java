package io.elanus.store.backup;

import io.elanus.model.Cut;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.log.LocalLog;
import io.elanus.store.log.LocalLogFiles;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The logs of restored collections. They hold no record, but begin after operation 1, which the
 * restored manifests have seen: without its manifest, such a collection is missing records and is
 * refused, where an empty log would open as an empty collection.
 */
public final class RestoredLogs {
  /** From where a restored collection's log goes on. */
  public static final long FIRST_OPERATION = 2;

  private static final String COLLECTION = "collection/";

  private RestoredLogs() {}

  /** Durable when this returns; the folder of all logs, one folder a collection in it. */
  public static void begin(BackupRecord record, Path folder) {
    try {
      for (Cut.Entry entry : record.entries()) {
        if (entry.key().startsWith(COLLECTION)) {
          long id = Long.parseLong(entry.key().substring(COLLECTION.length()));
          LocalLog.begin(new LocalLogFiles(folder.resolve(Long.toString(id))), id, FIRST_OPERATION);
        }
      }
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.INTERNAL, "the logs could not be begun: " + e.getMessage(), e);
    }
  }
}
