package io.elanus.testkit.oracle;

import io.elanus.model.Caller;
import io.elanus.model.Databases;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.model.schema.Limits;
import io.elanus.model.schema.Names;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Name spaces. */
record OracleDatabases(OracleState state) implements Databases {
  @Override
  public void create(Caller caller, String name, Map<String, String> properties) {
    Names.check("database", name, ErrorCode.INVALID_DATABASE_NAME);
    if (state.databases.containsKey(name)) {
      throw new ElanusException(ErrorCode.DATABASE_EXISTS, "there is a database named " + name);
    }
    if (state.databases.size() >= Limits.DATABASES_MAX) {
      throw new ElanusException(
          ErrorCode.DATABASE_LIMIT, "there are as many databases as there can be");
    }
    state.databases.put(name, new DatabaseInfo(state.id(), name, properties, state.timestamp()));
  }

  @Override
  public void drop(Caller caller, String name) {
    if (name.equals(DatabaseInfo.DEFAULT)) {
      throw OracleState.invalid("the default database cannot be dropped");
    }
    DatabaseInfo database = state.database(name);
    if (!state.tablesOf(database.id()).isEmpty()) {
      throw new ElanusException(
          ErrorCode.DATABASE_NOT_EMPTY, "there are collections in database " + name);
    }
    state.databases.remove(name);
  }

  @Override
  public List<DatabaseInfo> list(Caller caller) {
    return List.copyOf(state.databases.values());
  }

  @Override
  public DatabaseInfo describe(Caller caller, String name) {
    return state.database(name);
  }

  @Override
  public void alter(Caller caller, String name, Map<String, String> set, Set<String> delete) {
    DatabaseInfo before = state.database(name);
    Map<String, String> properties = new HashMap<>(before.properties());
    properties.keySet().removeAll(delete);
    properties.putAll(set);
    state.databases.put(
        before.name(),
        new DatabaseInfo(before.id(), before.name(), properties, before.createdTimestamp()));
  }
}
