package io.elanus.app.serve;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.object.LocalFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Says of a data folder that a restore into it has begun and not ended. Without it, whoever died in
 * the middle would leave a folder that opens as an empty database.
 */
public final class RestoreMark {
  private static final String NAME = "RESTORE";

  private RestoreMark() {}

  public static boolean isIn(Path data) {
    return Files.exists(data.resolve(NAME));
  }

  /** Durable when this returns. */
  public static void put(Path data) throws IOException {
    if (!isIn(data)) {
      Files.createFile(data.resolve(NAME), LocalFolders.ownerOnly("rw-------"));
    }
    LocalFolders.force(data);
  }

  /** After everything else is durable. */
  public static void remove(Path data) throws IOException {
    Files.deleteIfExists(data.resolve(NAME));
    LocalFolders.force(data);
  }

  /** Throws where the folder holds half a restore. */
  static void refuse(Path data) {
    if (isIn(data)) {
      throw new ElanusException(
          ErrorCode.NOT_READY,
          "a restore into %s was not finished; run elanus restore again, it begins anew"
              .formatted(data));
    }
  }
}
