package io.elanus.store.catalog;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.object.LocalFolders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The embedded catalog: one SQLite file with a write-ahead log of its own, forced at every commit.
 * One connection under one lock, since everything here is small and rare.
 *
 * <pre>
 * table entry     key TEXT PRIMARY KEY, value BLOB, revision INTEGER,
 *                 checksum INTEGER: CRC-32C of key in UTF-8, revision as 8 bytes, value
 * table revision  one row: the last revision handed out
 * </pre>
 *
 * <p>SQLite checks the shape of its pages, not what stands in them; the checksum does that.
 */
public final class SqliteCatalog implements Catalog {
  private static final String KEYS_END = new String(Character.toChars(Character.MAX_CODE_POINT));

  private final Connection connection;

  /** Set by the first failed disk access in a commit; nobody knows what the disk holds then. */
  private @Nullable ElanusException failure;

  private SqliteCatalog(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens or creates the file, and its folder.
   *
   * @throws ElanusException DATA_CORRUPT when the file is damaged, NOT_READY when another process
   *     is writing to it
   */
  public static SqliteCatalog open(Path file) {
    @Nullable Connection connection = null;
    boolean opened = false;
    try {
      createFile(file.toAbsolutePath());
      connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
      prepare(connection);
      SqliteCatalog catalog = new SqliteCatalog(connection);
      // Reads, and so checks, every entry.
      catalog.range("");
      opened = true;
      return catalog;
    } catch (SQLException e) {
      String what = "the catalog %s cannot be opened".formatted(file);
      throw SqliteFailures.translate(what, SqliteFailures.whenOpening(e, Files.isWritable(file)));
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.INTERNAL,
          "the catalog %s cannot be created: %s".formatted(file, e.getMessage()),
          e);
    } finally {
      if (!opened && connection != null) {
        SqliteFailures.closeQuietly(connection);
      }
    }
  }

  private static void createFile(Path file) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent());
    LocalFolders.create(folder);
    try {
      // SQLite gives its log the same permissions.
      Files.createFile(file, LocalFolders.ownerOnly("rw-------"));
    } catch (FileAlreadyExistsException e) {
      // As on every start but the first.
    }
    LocalFolders.force(folder);
  }

  private static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=5000");
      try (ResultSet result = statement.executeQuery("PRAGMA integrity_check(1)")) {
        String verdict = result.next() ? result.getString(1) : "no answer";
        if (!"ok".equals(verdict)) {
          throw SqliteFailures.corrupt(verdict);
        }
      }
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=FULL");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS entry ("
              + "key TEXT PRIMARY KEY, value BLOB NOT NULL, revision INTEGER NOT NULL,"
              + " checksum INTEGER NOT NULL) WITHOUT ROWID");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS revision ("
              + "id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL)");
      statement.execute("INSERT OR IGNORE INTO revision VALUES (1, 0)");
    }
  }

  @Override
  public synchronized Optional<Entry> get(String key) {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT key, value, revision, checksum FROM entry WHERE key = ?")) {
      select.setString(1, key);
      return read(select).stream().findFirst();
    } catch (SQLException e) {
      throw SqliteFailures.translate("the catalog could not be read", e);
    }
  }

  @Override
  public synchronized List<Entry> range(String prefix) {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT key, value, revision, checksum FROM entry"
                + " WHERE key >= ?1 AND key < ?2 ORDER BY key")) {
      select.setString(1, prefix);
      select.setString(2, prefix + KEYS_END);
      return read(select);
    } catch (SQLException e) {
      throw SqliteFailures.translate("the catalog could not be read", e);
    }
  }

  private static List<Entry> read(PreparedStatement select) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    try (ResultSet result = select.executeQuery()) {
      while (result.next()) {
        Entry entry = new Entry(result.getString(1), result.getBytes(2), result.getLong(3));
        if (checksum(entry.key(), entry.value(), entry.revision()) != result.getLong(4)) {
          throw new ElanusException(
              ErrorCode.DATA_CORRUPT,
              "the catalog's entry %s is damaged; restore the catalog from a backup"
                  .formatted(entry.key()));
        }
        entries.add(entry);
      }
    }
    return entries;
  }

  @Override
  public synchronized boolean commit(List<Condition> conditions, List<Change> changes) {
    ElanusException failed = failure;
    if (failed != null) {
      throw new ElanusException(failed.code(), failed.getMessage(), failed);
    }
    try {
      execute("BEGIN IMMEDIATE");
      boolean holds = true;
      for (Condition condition : conditions) {
        holds &= revisionOf(condition.key()) == condition.revision();
      }
      if (holds) {
        long revision = nextRevision();
        for (Change change : changes) {
          apply(change, revision);
        }
      }
      execute(holds ? "COMMIT" : "ROLLBACK");
      return holds;
    } catch (SQLException e) {
      throw abandon(e);
    }
  }

  /** Undoes what the transaction did; after a failed disk access, refuses all to come. */
  private ElanusException abandon(SQLException e) {
    ElanusException translated = SqliteFailures.translate("the catalog refused a change", e);
    try {
      execute("ROLLBACK");
    } catch (SQLException more) {
      if (!SqliteFailures.alreadyRolledBack(more)) {
        translated.addSuppressed(more);
        failure = translated;
      }
    }
    if (SqliteFailures.disk(e)) {
      failure = translated;
    }
    return translated;
  }

  private void apply(Change change, long revision) throws SQLException {
    switch (change) {
      case Change.Put put -> {
        try (PreparedStatement insert =
            connection.prepareStatement("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)")) {
          insert.setString(1, put.key());
          insert.setBytes(2, put.value());
          insert.setLong(3, revision);
          insert.setLong(4, checksum(put.key(), put.value(), revision));
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

  private static long checksum(String key, byte[] value, long revision) {
    CRC32C crc = new CRC32C();
    crc.update(key.getBytes(StandardCharsets.UTF_8));
    crc.update(ByteBuffer.allocate(8).putLong(revision).flip());
    crc.update(value);
    return crc.getValue();
  }

  /** Lets the file grow to this many pages only, as a full disk would. */
  void limitPages(int pages) throws SQLException {
    execute("PRAGMA max_page_count=" + pages);
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

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw SqliteFailures.translate("the catalog could not be closed", e);
    }
  }
}
