package io.elanus.engine.database;

import io.elanus.engine.database.LocalDatabase.Names;
import io.elanus.model.Aliases;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Other names of collections. */
record LocalAliases(Names names) implements Aliases {
  @Override
  public void create(Caller caller, String alias, String collection) {
    io.elanus.model.schema.Names.check("collection alias", alias, ErrorCode.INVALID_NAME);
    names.lock().lock();
    try {
      long database = database(caller);
      CollectionRecord record = target(caller, collection);
      if (names.directory().isCollection(database, alias)) {
        throw new ElanusException(
            ErrorCode.ALIAS_CONFLICT,
            "alias and collection name conflict[database=%s][alias=%s]"
                .formatted(names.directory().databaseName(database), alias));
      }
      Optional<CollectionRecord> existing = names.directory().alias(database, alias);
      if (existing.isPresent() && existing.get().id() != record.id()) {
        throw new ElanusException(
            ErrorCode.ALIAS_EXISTS,
            "%s is alias to another collection: %s: alias already exist[database=%s][alias=%s]"
                .formatted(
                    alias, existing.get().name(), names.directory().databaseName(database), alias));
      }
      names.directory().putAlias(database, alias, record.id());
    } finally {
      names.lock().unlock();
    }
  }

  /** An alias cannot point at another alias. */
  private CollectionRecord target(Caller caller, String collection) {
    CollectionRecord record = names.collection(caller, collection);
    if (!record.name().equals(collection)) {
      throw Directory.notFound(caller.database(), collection);
    }
    return record;
  }

  private long database(Caller caller) {
    return names.directory().database(caller.database()).id();
  }

  @Override
  public void drop(Caller caller, String alias) {
    names.lock().lock();
    try {
      names.directory().removeAlias(database(caller), alias);
    } finally {
      names.lock().unlock();
    }
  }

  @Override
  public void alter(Caller caller, String alias, String collection) {
    names.lock().lock();
    try {
      CollectionRecord record = target(caller, collection);
      require(caller, alias);
      names.directory().putAlias(database(caller), alias, record.id());
    } finally {
      names.lock().unlock();
    }
  }

  private CollectionRecord require(Caller caller, String alias) {
    return names
        .directory()
        .alias(database(caller), alias)
        .orElseThrow(
            () ->
                new ElanusException(
                    ErrorCode.ALIAS_NOT_FOUND,
                    "alias not found[database=%s][alias=%s]"
                        .formatted(names.directory().database(caller.database()).name(), alias)));
  }

  @Override
  public String describe(Caller caller, String alias) {
    return require(caller, alias).name();
  }

  @Override
  public List<Alias> list(Caller caller, String collection) {
    List<CollectionRecord> wanted =
        collection.isEmpty()
            ? names.directory().collections(database(caller))
            : List.of(names.collection(caller, collection));
    List<Alias> all = new ArrayList<>();
    for (CollectionRecord record : wanted) {
      names.directory().aliasesOf(record.id()).forEach(a -> all.add(new Alias(a, record.name())));
    }
    return all;
  }
}
