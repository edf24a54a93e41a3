package io.elanus.store.catalog;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** SQLite's result codes, in our words. See sqlite.org/rescode.html. */
final class SqliteFailures {
  /** An extended code carries its primary one in the low byte. */
  private static final int PRIMARY = 0xff;

  private SqliteFailures() {}

  static ElanusException translate(String what, SQLException e) {
    String reason = what + ": " + e.getMessage();
    int code = e.getErrorCode() & PRIMARY;
    if (is(code, SQLiteErrorCode.SQLITE_CORRUPT) || is(code, SQLiteErrorCode.SQLITE_NOTADB)) {
      return new ElanusException(ErrorCode.DATA_CORRUPT, reason + "; restore it from a backup", e);
    }
    if (is(code, SQLiteErrorCode.SQLITE_FULL)) {
      return new ElanusException(ErrorCode.DISK_LIMIT, reason + "; free disk space", e);
    }
    if (is(code, SQLiteErrorCode.SQLITE_BUSY) || is(code, SQLiteErrorCode.SQLITE_LOCKED)) {
      return new ElanusException(
          ErrorCode.NOT_READY, reason + "; another process uses it, stop that one", e);
    }
    return new ElanusException(ErrorCode.INTERNAL, reason, e);
  }

  /**
   * While opening, our own statements are not wrong, and a file that may be written is not
   * read-only: it is the file's description of itself that is damaged.
   */
  static SQLException whenOpening(SQLException e, boolean writable) {
    int code = e.getErrorCode() & PRIMARY;
    boolean damaged =
        is(code, SQLiteErrorCode.SQLITE_ERROR)
            || (is(code, SQLiteErrorCode.SQLITE_READONLY) && writable);
    return damaged ? corrupt(e.getMessage()) : e;
  }

  static SQLException corrupt(@Nullable String verdict) {
    return new SQLException(verdict, "", SQLiteErrorCode.SQLITE_CORRUPT.code);
  }

  /** Whether the disk itself refused, so that what was forced is unknown. */
  static boolean disk(SQLException e) {
    return is(e.getErrorCode() & PRIMARY, SQLiteErrorCode.SQLITE_IOERR);
  }

  /** Whether a rollback failed because SQLite had rolled back by itself. */
  static boolean alreadyRolledBack(SQLException e) {
    return String.valueOf(e.getMessage()).contains("no transaction is active");
  }

  static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing was written; why it could not be opened is being said already.
      return;
    }
  }

  private static boolean is(int code, SQLiteErrorCode other) {
    return code == other.code;
  }
}
