package io.elanus.engine.database;

import io.elanus.engine.database.LocalDatabase.Names;
import io.elanus.model.Caller;
import io.elanus.model.Databases;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.model.schema.Limits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Name spaces. */
record LocalDatabases(Names names) implements Databases {
  @Override
  public void create(Caller caller, String name, Map<String, String> properties) {
    io.elanus.model.schema.Names.check("database", name, ErrorCode.INVALID_DATABASE_NAME);
    names.lock().lock();
    try {
      if (names.directory().findDatabase(name).isPresent()) {
        throw new ElanusException(ErrorCode.DATABASE_EXISTS, "database already exist: " + name);
      }
      if (names.directory().databases().size() >= Limits.DATABASES_MAX) {
        throw new ElanusException(
            ErrorCode.DATABASE_LIMIT,
            "database number (%d) exceeds max configuration (%d)"
                .formatted(Limits.DATABASES_MAX + 1, Limits.DATABASES_MAX));
      }
      long id = names.directory().allocateId();
      names.directory().put(new DatabaseInfo(id, name, properties, names.timestamps().next()));
    } finally {
      names.lock().unlock();
    }
  }

  @Override
  public void drop(Caller caller, String name) {
    names.lock().lock();
    try {
      if (name.equals(DatabaseInfo.DEFAULT)) {
        throw new ElanusException(ErrorCode.INVALID_ARGUMENT, "can not drop default database");
      }
      DatabaseInfo database = names.directory().database(name);
      int left = names.directory().collections(database.id()).size();
      if (left > 0) {
        throw new ElanusException(
            ErrorCode.DATABASE_NOT_EMPTY,
            "database:%s not empty, must drop all collections before drop database (%d left)"
                .formatted(name, left));
      }
      names.directory().remove(database);
    } finally {
      names.lock().unlock();
    }
  }

  @Override
  public List<DatabaseInfo> list(Caller caller) {
    return names.directory().databases();
  }

  @Override
  public DatabaseInfo describe(Caller caller, String name) {
    return names.directory().database(name);
  }

  @Override
  public void alter(Caller caller, String name, Map<String, String> set, Set<String> delete) {
    names.lock().lock();
    try {
      DatabaseInfo database = names.directory().database(name);
      Map<String, String> properties = new HashMap<>(database.properties());
      properties.keySet().removeAll(delete);
      properties.putAll(set);
      names
          .directory()
          .put(
              new DatabaseInfo(
                  database.id(), database.name(), properties, database.createdTimestamp()));
    } finally {
      names.lock().unlock();
    }
  }
}
