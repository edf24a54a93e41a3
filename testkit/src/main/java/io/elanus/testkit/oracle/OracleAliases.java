package io.elanus.testkit.oracle;

import io.elanus.model.Aliases;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Other names of collections. */
record OracleAliases(OracleState state) implements Aliases {
  @Override
  public void create(Caller caller, String alias, String collection) {
    Names.check("alias", alias, ErrorCode.INVALID_NAME);
    OracleTable table = target(caller, collection);
    if (state.byName(table.databaseId, alias).isPresent()) {
      throw new ElanusException(ErrorCode.ALIAS_CONFLICT, "there is a collection named " + alias);
    }
    Optional<OracleTable> existing = state.byAlias(table.databaseId, alias);
    if (existing.isPresent() && existing.get() != table) {
      throw new ElanusException(
          ErrorCode.ALIAS_EXISTS,
          "%s is another name of %s".formatted(alias, existing.get().name()));
    }
    state.aliases(table.databaseId).put(alias, table.id);
  }

  /** An alias points at a collection, not at an alias. */
  private OracleTable target(Caller caller, String collection) {
    return state
        .byName(state.database(caller).id(), collection)
        .orElseThrow(
            () ->
                new ElanusException(
                    ErrorCode.COLLECTION_NOT_FOUND, "there is no collection named " + collection));
  }

  @Override
  public void drop(Caller caller, String alias) {
    state.aliases(state.database(caller).id()).remove(alias);
  }

  @Override
  public void alter(Caller caller, String alias, String collection) {
    OracleTable table = target(caller, collection);
    require(caller, alias);
    state.aliases(table.databaseId).put(alias, table.id);
  }

  private OracleTable require(Caller caller, String alias) {
    return state
        .byAlias(state.database(caller).id(), alias)
        .orElseThrow(
            () ->
                new ElanusException(ErrorCode.ALIAS_NOT_FOUND, "there is no alias named " + alias));
  }

  @Override
  public String describe(Caller caller, String alias) {
    return require(caller, alias).name();
  }

  @Override
  public List<Alias> list(Caller caller, String collection) {
    List<OracleTable> wanted =
        collection.isEmpty()
            ? state.tablesOf(state.database(caller).id())
            : List.of(state.table(caller, collection));
    List<Alias> all = new ArrayList<>();
    for (OracleTable table : wanted) {
      state.aliasesOf(table).forEach(alias -> all.add(new Alias(alias, table.name())));
    }
    return all;
  }
}
