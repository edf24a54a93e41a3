package io.elanus.server.wire.calls;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;

/** Questions that several families ask. */
final class Ask {
  private Ask() {}

  /** A collection by name, or by id where the request names none. */
  static CollectionInfo collection(Database database, Caller caller, String name, long id) {
    if (name.isEmpty() && id != 0) {
      return database.collections().describe(caller, id);
    }
    return database.collections().describe(caller, named("collection", name));
  }

  /** The name, which must not be empty. */
  static String named(String what, String name) {
    if (name.isEmpty()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, "the " + what + " name should not be empty");
    }
    return name;
  }
}
