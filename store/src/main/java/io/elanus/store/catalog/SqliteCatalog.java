package io.elanus.store.catalog;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The embedded catalog: one SQLite file with a write-ahead log of its own, forced at every commit.
 * One connection under one lock, since everything here is small and rare.
 */
public final class SqliteCatalog implements Catalog {
  private final Connection connection;

  private SqliteCatalog(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens or creates the file.
   *
   * @throws ElanusException DATA_CORRUPT when SQLite finds the file damaged
   */
  public static SqliteCatalog open(Path file) {
    try {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode=WAL");
        statement.execute("PRAGMA synchronous=FULL");
        statement.execute("PRAGMA busy_timeout=5000");
        check(statement);
        statement.execute(
            "CREATE TABLE IF NOT EXISTS entry ("
                + "key TEXT PRIMARY KEY, value BLOB NOT NULL, revision INTEGER NOT NULL"
                + ") WITHOUT ROWID");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS revision ("
                + "id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL)");
        statement.execute("INSERT OR IGNORE INTO revision VALUES (1, 0)");
      }
      connection.setAutoCommit(false);
      return new SqliteCatalog(connection);
    } catch (SQLException e) {
      throw new ElanusException(
          ErrorCode.DATA_CORRUPT,
          "the catalog %s cannot be opened: %s".formatted(file, e.getMessage()),
          e);
    }
  }

  private static void check(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("PRAGMA quick_check")) {
      String verdict = result.next() ? result.getString(1) : "no answer";
      if (!"ok".equals(verdict)) {
        throw new SQLException(verdict);
      }
    }
  }

  @Override
  public synchronized Optional<Entry> get(String key) {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT key, value, revision FROM entry WHERE key = ?")) {
      select.setString(1, key);
      return read(select).stream().findFirst();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public synchronized List<Entry> range(String prefix) {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT key, value, revision FROM entry"
                + " WHERE key >= ?1 AND substr(key, 1, length(?1)) = ?1 ORDER BY key")) {
      select.setString(1, prefix);
      return read(select);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public synchronized boolean commit(List<Condition> conditions, List<Change> changes) {
    try {
      boolean holds = true;
      for (Condition condition : conditions) {
        holds &= revisionOf(condition.key()) == condition.revision();
      }
      if (holds) {
        long revision = nextRevision();
        for (Change change : changes) {
          apply(change, revision);
        }
        connection.commit();
      } else {
        connection.rollback();
      }
      return holds;
    } catch (SQLException e) {
      rollback();
      throw failed(e);
    }
  }

  private void apply(Change change, long revision) throws SQLException {
    switch (change) {
      case Change.Put put -> {
        try (PreparedStatement insert =
            connection.prepareStatement("INSERT OR REPLACE INTO entry VALUES (?, ?, ?)")) {
          insert.setString(1, put.key());
          insert.setBytes(2, put.value());
          insert.setLong(3, revision);
          insert.executeUpdate();
        }
      }
      case Change.Delete delete -> {
        try (PreparedStatement remove =
            connection.prepareStatement("DELETE FROM entry WHERE key = ?")) {
          remove.setString(1, delete.key());
          remove.executeUpdate();
        }
      }
    }
  }

  private long nextRevision() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "UPDATE revision SET value = value + 1 WHERE id = 1 RETURNING value")) {
      result.next();
      return result.getLong(1);
    }
  }

  private long revisionOf(String key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT revision FROM entry WHERE key = ?")) {
      select.setString(1, key);
      try (ResultSet result = select.executeQuery()) {
        return result.next() ? result.getLong(1) : 0;
      }
    }
  }

  private static List<Entry> read(PreparedStatement select) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    try (ResultSet result = select.executeQuery()) {
      while (result.next()) {
        entries.add(new Entry(result.getString(1), result.getBytes(2), result.getLong(3)));
      }
    }
    return entries;
  }

  @Override
  public synchronized void close() {
    try {
      connection.rollback();
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static ElanusException failed(SQLException e) {
    boolean full = String.valueOf(e.getMessage()).contains("SQLITE_FULL");
    return new ElanusException(
        full ? ErrorCode.DISK_LIMIT : ErrorCode.INTERNAL,
        "the catalog refused a call: " + e.getMessage(),
        e);
  }
}
