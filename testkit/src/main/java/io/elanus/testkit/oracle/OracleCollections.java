package io.elanus.testkit.oracle;

import io.elanus.model.Caller;
import io.elanus.model.Collections;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.info.CollectionVersion;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.model.info.LoadInfo;
import io.elanus.model.info.PartitionInfo;
import io.elanus.model.info.SegmentInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Limits;
import io.elanus.model.schema.Names;
import io.elanus.model.schema.SchemaRules;
import io.elanus.testkit.oracle.OracleTable.Partition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collections: schema and load state. */
record OracleCollections(OracleState state) implements Collections {
  private static final String TTL = "collection.ttl.seconds";

  @Override
  public CollectionInfo create(Caller caller, CollectionSpec spec) {
    SchemaRules.check(spec.schema());
    checkProperties(spec.properties());
    DatabaseInfo database = state.database(caller);
    String name = spec.schema().name();
    if (state.byAlias(database.id(), name).isPresent()) {
      throw new ElanusException(ErrorCode.ALIAS_CONFLICT, "there is an alias named " + name);
    }
    Optional<OracleTable> existing = state.byName(database.id(), name);
    if (existing.isPresent()) {
      return again(existing.get(), spec);
    }
    if (state.tables.size() >= Limits.COLLECTIONS_MAX) {
      throw new ElanusException(
          ErrorCode.COLLECTION_LIMIT, "there are as many collections as there can be");
    }
    OracleTable table = table(database, spec);
    state.tables.put(table.id, table);
    return info(table);
  }

  private CollectionInfo again(OracleTable existing, CollectionSpec spec) {
    boolean same =
        spec.schema().numbered(existing.schema.version()).equals(existing.schema)
            && spec.properties().equals(existing.properties)
            && spec.consistencyLevel() == existing.consistency;
    if (!same) {
      throw new ElanusException(
          ErrorCode.COLLECTION_EXISTS, "there is another collection named " + spec.schema().name());
    }
    return info(existing);
  }

  private OracleTable table(DatabaseInfo database, CollectionSpec spec) {
    boolean keyed = spec.schema().partitionKey().isPresent();
    int keyPartitions = keyed ? spec.partitionCount() : 0;
    if (keyed && keyPartitions == 0) {
      keyPartitions = Limits.PARTITION_KEY_PARTITIONS_DEFAULT;
    }
    if (keyPartitions > Limits.PARTITIONS_MAX) {
      throw OracleState.invalid(keyPartitions + " partitions are too many");
    }
    OracleTable table =
        new OracleTable(
            state.id(),
            database.id(),
            spec.schema().numbered(0),
            spec.consistencyLevel(),
            new OracleTable.Shape(
                spec.properties(),
                Math.max(1, spec.shardCount()),
                keyPartitions,
                state.timestamp()));
    for (int i = 0; i < Math.max(1, keyPartitions); i++) {
      String name = keyed ? PartitionInfo.DEFAULT + "_" + i : PartitionInfo.DEFAULT;
      table.partitions.put(name, new Partition(state.id(), name, table.createdTimestamp, false));
    }
    return table;
  }

  private static void checkProperties(Map<String, String> properties) {
    if (!properties.getOrDefault(TTL, "0").matches("-?\\d{1,10}")) {
      throw OracleState.invalid(TTL + " is a number of seconds");
    }
  }

  @Override
  public void drop(Caller caller, String name) {
    Optional<OracleTable> found = state.find(caller, name);
    if (found.isEmpty()) {
      return;
    }
    if (!found.get().name().equals(name)) {
      throw OracleState.invalid("%s is an alias of %s".formatted(name, found.get().name()));
    }
    if (!state.aliasesOf(found.get()).isEmpty()) {
      throw OracleState.invalid("collection %s has aliases; drop them first".formatted(name));
    }
    state.tables.remove(found.get().id);
  }

  @Override
  public boolean exists(Caller caller, String name) {
    return state.find(caller, name).isPresent();
  }

  @Override
  public CollectionInfo describe(Caller caller, String name) {
    return info(state.table(caller, name));
  }

  @Override
  public CollectionInfo describe(Caller caller, long id) {
    OracleTable table = state.tables.get(id);
    if (table == null) {
      throw new ElanusException(ErrorCode.COLLECTION_NOT_FOUND, "there is no collection " + id);
    }
    return info(table);
  }

  @Override
  public List<CollectionInfo> list(Caller caller) {
    return state.tablesOf(state.database(caller).id()).stream().map(this::info).toList();
  }

  private CollectionInfo info(OracleTable table) {
    return new CollectionInfo(
        table.id,
        state.databaseName(table.databaseId),
        table.databaseId,
        table.schema,
        state.aliasesOf(table),
        table.consistency,
        table.properties,
        table.shardCount,
        table.partitions.size(),
        table.createdTimestamp,
        table.updatedTimestamp);
  }

  // --- changes --------------------------------------------------------------------------------

  @Override
  public void rename(Caller caller, String name, String newName, String newDatabase) {
    Names.check("collection", newName, ErrorCode.INVALID_NAME);
    OracleTable table = state.table(caller, name);
    if (!table.name().equals(name)) {
      throw OracleState.invalid(name + " is an alias, and only collections are renamed");
    }
    long database = newDatabase.isEmpty() ? table.databaseId : state.database(newDatabase).id();
    if (database != table.databaseId && !state.aliasesOf(table).isEmpty()) {
      throw OracleState.invalid("a collection with aliases stays in its database: " + name);
    }
    if (state.byName(database, newName).isPresent()
        || state.byAlias(database, newName).isPresent()) {
      throw new ElanusException(
          ErrorCode.COLLECTION_EXISTS, "there is a collection or alias named " + newName);
    }
    table.databaseId = database;
    table.schema = table.schema.withName(newName);
    table.definition++;
    table.updatedTimestamp = state.timestamp();
  }

  @Override
  public void exchange(Caller caller, String one, String other) {
    OracleTable first = state.table(caller, one);
    OracleTable second = state.table(caller, other);
    if (!first.name().equals(one) || !second.name().equals(other)) {
      throw OracleState.invalid("collections exchange their own names, not aliases");
    }
    if (first == second) {
      return;
    }
    state
        .aliases(first.databaseId)
        .replaceAll((alias, id) -> id == first.id ? second.id : id == second.id ? first.id : id);
    first.schema = first.schema.withName(other);
    second.schema = second.schema.withName(one);
    first.updatedTimestamp = state.timestamp();
    second.updatedTimestamp = first.updatedTimestamp;
    first.definition++;
    second.definition++;
  }

  @Override
  public void alter(Caller caller, String name, Map<String, String> set, Set<String> delete) {
    checkProperties(set);
    OracleTable table = state.table(caller, name);
    Map<String, String> properties = new HashMap<>(table.properties);
    properties.keySet().removeAll(delete);
    properties.putAll(set);
    String level = properties.remove("consistency_level");
    if (level != null) {
      table.consistency = level(level);
    }
    String description = properties.remove("collection.description");
    if (description != null) {
      table.schema = table.schema.withDescription(description);
    }
    table.properties = properties;
    table.definition++;
    table.updatedTimestamp = state.timestamp();
  }

  private static Consistency.Level level(String text) {
    try {
      return Consistency.Level.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw OracleState.invalid("there is no consistency level " + text);
    }
  }

  @Override
  public void alterField(
      Caller caller, String name, String field, Map<String, String> set, Set<String> delete) {
    OracleTable table = state.table(caller, name);
    Field before =
        table
            .schema
            .field(field)
            .orElseThrow(
                () ->
                    new ElanusException(
                        ErrorCode.FIELD_NOT_FOUND, "there is no field named " + field));
    if (delete.stream()
        .anyMatch(key -> key.matches("enable_analyzer|enable_match|analyzer_params"))) {
      throw OracleState.invalid("texts of field %s are stored by %s".formatted(field, delete));
    }
    Map<String, String> parameters = new HashMap<>(before.typeParams());
    parameters.keySet().removeAll(delete);
    Field.Builder after = before.toBuilder();
    boolean text = before.type() == DataType.VARCHAR || before.elementType() == DataType.VARCHAR;
    set.forEach(
        (key, value) -> {
          switch (key) {
            case "max_length" -> after.maxLength(grown(text, before.maxLength(), value));
            case "max_capacity" ->
                after.maxCapacity(
                    grown(before.type() == DataType.ARRAY, before.maxCapacity(), value));
            case "field.description" -> after.description(value);
            case "mmap.enabled" -> {}
            default -> throw OracleState.invalid(key + " cannot be changed");
          }
          if (!key.equals("field.description")) {
            parameters.put(key, value);
          }
        });
    Field changed = after.typeParams(parameters).build();
    SchemaRules.checkField(changed);
    List<Field> fields = new ArrayList<>(table.schema.fields());
    fields.set(fields.indexOf(before), changed);
    change(table, fields);
  }

  private static int grown(boolean fits, int before, String text) {
    if (!fits || !text.matches("\\d{1,9}") || Integer.parseInt(text) < before) {
      throw OracleState.invalid("a limit of a field that has it may only grow, not become " + text);
    }
    return Integer.parseInt(text);
  }

  @Override
  public void addField(Caller caller, String name, Field field) {
    OracleTable table = state.table(caller, name);
    SchemaRules.checkAdded(table.schema, field);
    List<Field> fields = new ArrayList<>(table.schema.fields());
    fields.add(field.withId(fields.getLast().id() + 1));
    change(table, fields);
    table.rows.forEach(row -> row.values().put(field.name(), field.defaultValue()));
  }

  private void change(OracleTable table, List<Field> fields) {
    table.schema = table.schema.withFields(fields, table.schema.version() + 1);
    table.definition++;
    table.updatedTimestamp = state.timestamp();
  }

  @Override
  public void truncate(Caller caller, String name) {
    OracleTable table = state.table(caller, name);
    table.rows.clear();
    table.operation++;
  }

  // --- load state -----------------------------------------------------------------------------

  @Override
  public void load(Caller caller, String name, List<String> partitions) {
    OracleTable table = state.table(caller, name);
    for (Field field : table.schema.vectorFields()) {
      if (!table.indexes.containsKey(field.name())) {
        throw new ElanusException(
            ErrorCode.INDEX_NOT_FOUND, "there is no index on vector field " + field.name());
      }
    }
    table.named(partitions).forEach(p -> p.loaded = true);
    table.definition++;
  }

  @Override
  public void release(Caller caller, String name, List<String> partitions) {
    OracleTable table = state.table(caller, name);
    table.named(partitions).forEach(p -> p.loaded = false);
    table.definition++;
  }

  @Override
  public LoadInfo loadState(Caller caller, String name, List<String> partitions) {
    Optional<OracleTable> found = state.find(caller, name);
    if (found.isEmpty()) {
      return new LoadInfo(LoadInfo.State.NOT_EXIST, 0);
    }
    boolean loaded = found.get().named(partitions).stream().anyMatch(p -> p.loaded);
    return loaded
        ? new LoadInfo(LoadInfo.State.LOADED, 100)
        : new LoadInfo(LoadInfo.State.NOT_LOADED, 0);
  }

  @Override
  public long rowCount(Caller caller, String name) {
    return state.table(caller, name).rows.size();
  }

  @Override
  public CollectionVersion version(Caller caller, String name) {
    OracleTable table = state.table(caller, name);
    return new CollectionVersion(table.name(), table.id, table.definition, table.operation);
  }

  @Override
  public List<SegmentInfo> segments(Caller caller, String name) {
    return OracleSegments.of(state.table(caller, name));
  }
}
