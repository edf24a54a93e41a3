package io.elanus.testkit.oracle;

import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.DatabaseInfo;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything the oracle knows: names, tables, and the clock that orders writes. */
final class OracleState {
  private static final int LOGICAL_BITS = 18;

  final Map<String, DatabaseInfo> databases = new LinkedHashMap<>();
  final Map<Long, OracleTable> tables = new LinkedHashMap<>();
  private final Map<Long, TreeMap<String, Long>> aliases = new LinkedHashMap<>();
  private final InstantSource clock;
  private long lastTimestamp;
  private long lastId;

  OracleState(InstantSource clock) {
    this.clock = clock;
    databases.put(
        DatabaseInfo.DEFAULT, new DatabaseInfo(id(), DatabaseInfo.DEFAULT, Map.of(), timestamp()));
  }

  /** Hybrid, strictly growing. */
  long timestamp() {
    lastTimestamp = Math.max(lastTimestamp + 1, clock.millis() << LOGICAL_BITS);
    return lastTimestamp;
  }

  long id() {
    return ++lastId;
  }

  DatabaseInfo database(Caller caller) {
    return database(caller.database());
  }

  DatabaseInfo database(String name) {
    DatabaseInfo database = databases.get(name.isEmpty() ? DatabaseInfo.DEFAULT : name);
    if (database == null) {
      throw new ElanusException(ErrorCode.DATABASE_NOT_FOUND, "there is no database named " + name);
    }
    return database;
  }

  String databaseName(long id) {
    return databases.values().stream()
        .filter(d -> d.id() == id)
        .map(DatabaseInfo::name)
        .findFirst()
        .orElse(DatabaseInfo.DEFAULT);
  }

  /** In order of creation. */
  List<OracleTable> tablesOf(long database) {
    return tables.values().stream().filter(t -> t.databaseId == database).toList();
  }

  /** By name or alias. */
  Optional<OracleTable> find(Caller caller, String name) {
    long database = database(caller).id();
    return byName(database, name).or(() -> byAlias(database, name));
  }

  Optional<OracleTable> byName(long database, String name) {
    return tablesOf(database).stream().filter(t -> t.name().equals(name)).findFirst();
  }

  OracleTable table(Caller caller, String name) {
    return find(caller, name)
        .orElseThrow(
            () ->
                new ElanusException(
                    ErrorCode.COLLECTION_NOT_FOUND,
                    "there is no collection named %s in database %s"
                        .formatted(name, caller.database())));
  }

  // --- aliases --------------------------------------------------------------------------------

  TreeMap<String, Long> aliases(long database) {
    return aliases.computeIfAbsent(database, d -> new TreeMap<>());
  }

  Optional<OracleTable> byAlias(long database, String alias) {
    @Nullable Long id = aliases(database).get(alias);
    return id == null ? Optional.empty() : Optional.ofNullable(tables.get(id));
  }

  List<String> aliasesOf(OracleTable table) {
    return aliases(table.databaseId).entrySet().stream()
        .filter(e -> e.getValue() == table.id)
        .map(Map.Entry::getKey)
        .toList();
  }

  static ElanusException invalid(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
