package io.elanus.engine.database;

import io.elanus.engine.database.CollectionRecord.PartitionRecord;
import io.elanus.engine.database.LocalDatabase.Names;
import io.elanus.engine.write.SegmentView;
import io.elanus.index.text.FieldTexts;
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
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Limits;
import io.elanus.model.schema.Schema;
import io.elanus.model.schema.SchemaRules;
import io.elanus.store.time.Timestamps;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collections: schema and load state. */
record LocalCollections(Names names) implements Collections {
  private static final String TTL = "collection.ttl.seconds";

  @Override
  public CollectionInfo create(Caller caller, CollectionSpec spec) {
    SchemaRules.check(spec.schema());
    spec.schema().fields().forEach(FieldTexts::check);
    checkProperties(spec.properties());
    names.lock().lock();
    try {
      DatabaseInfo database = names.directory().database(caller.database());
      String name = spec.schema().name();
      Optional<CollectionRecord> existing = names.directory().find(caller, name);
      if (existing.isPresent()) {
        return again(existing.get(), spec);
      }
      if (names.directory().collections().size() >= Limits.COLLECTIONS_MAX) {
        throw new ElanusException(
            ErrorCode.COLLECTION_LIMIT,
            "there are %d collections, the most there can be".formatted(Limits.COLLECTIONS_MAX));
      }
      CollectionRecord record = record(database, spec);
      names.directory().put(record);
      names.shards().open(record);
      return info(record);
    } finally {
      names.lock().unlock();
    }
  }

  /** The same again is fine; an alias of that name, or another schema, is not. */
  private CollectionInfo again(CollectionRecord existing, CollectionSpec spec) {
    String name = spec.schema().name();
    if (!existing.name().equals(name)) {
      throw new ElanusException(
          ErrorCode.ALIAS_CONFLICT,
          "collection name [%s] conflicts with an existing alias, please choose a unique name"
              .formatted(name));
    }
    Schema numbered = spec.schema().numbered(existing.schema().version());
    boolean same =
        numbered.equals(existing.schema())
            && spec.properties().equals(existing.properties())
            && spec.consistencyLevel() == existing.consistency();
    if (!same) {
      throw new ElanusException(
          ErrorCode.COLLECTION_EXISTS,
          "create duplicate collection with different parameters, collection: " + name);
    }
    return info(existing);
  }

  private CollectionRecord record(DatabaseInfo database, CollectionSpec spec) {
    long id = names.directory().allocateId();
    long now = names.timestamps().next();
    Schema schema = spec.schema().numbered(0);
    List<PartitionRecord> partitions = new ArrayList<>();
    int keyPartitions = 0;
    if (schema.partitionKey().isPresent()) {
      keyPartitions =
          spec.partitionCount() > 0
              ? spec.partitionCount()
              : Limits.PARTITION_KEY_PARTITIONS_DEFAULT;
      if (keyPartitions > Limits.PARTITIONS_MAX) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "partition number (%d) exceeds max configuration (%d)"
                .formatted(keyPartitions, Limits.PARTITIONS_MAX));
      }
      for (int i = 0; i < keyPartitions; i++) {
        partitions.add(
            new PartitionRecord(
                names.directory().allocateId(), PartitionInfo.DEFAULT + "_" + i, now, false));
      }
    } else {
      partitions.add(
          new PartitionRecord(names.directory().allocateId(), PartitionInfo.DEFAULT, now, false));
    }
    return new CollectionRecord(
        id,
        database.id(),
        schema,
        spec.consistencyLevel(),
        spec.properties(),
        Math.max(1, spec.shardCount()),
        keyPartitions,
        now,
        now,
        partitions,
        List.of());
  }

  private static void checkProperties(Map<String, String> properties) {
    String ttl = properties.get(TTL);
    if (ttl != null && !ttl.matches("-?\\d{1,10}")) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, TTL + " must be a number of seconds, got " + ttl);
    }
  }

  /** The timestamp before which inserted rows are past their time to live; 0 for none. */
  static long expiredBefore(CollectionRecord record, InstantSource clock) {
    long seconds = Math.max(0, Long.parseLong(record.properties().getOrDefault(TTL, "0")));
    return seconds == 0 ? 0 : Timestamps.of(Math.max(0, clock.millis() - seconds * 1000), 0);
  }

  @Override
  public void drop(Caller caller, String name) {
    names.lock().lock();
    try {
      Optional<CollectionRecord> found = names.directory().find(caller, name);
      if (found.isEmpty()) {
        return;
      }
      CollectionRecord record = found.get();
      if (!record.name().equals(name)) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "cannot drop the collection via alias = %s; drop it by its name %s"
                .formatted(name, record.name()));
      }
      List<String> aliases = names.directory().aliasesOf(record.id());
      if (!aliases.isEmpty()) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "unable to drop the collection [%s] because it has associated aliases %s, please remove all aliases before dropping the collection"
                .formatted(name, aliases));
      }
      names.directory().remove(record);
      names.shards().drop(record);
      names.shards().forgetDropped(record.id(), names.directory());
    } finally {
      names.lock().unlock();
    }
  }

  @Override
  public boolean exists(Caller caller, String name) {
    return names.directory().find(caller, name).isPresent();
  }

  @Override
  public CollectionInfo describe(Caller caller, String name) {
    return info(names.collection(caller, name));
  }

  @Override
  public CollectionInfo describe(Caller caller, long id) {
    return info(
        names
            .directory()
            .byId(id)
            .orElseThrow(() -> Directory.notFound(caller.database(), Long.toString(id))));
  }

  @Override
  public List<CollectionInfo> list(Caller caller) {
    long database = names.directory().database(caller.database()).id();
    return names.directory().collections(database).stream().map(this::info).toList();
  }

  private CollectionInfo info(CollectionRecord record) {
    return new CollectionInfo(
        record.id(),
        names.directory().databaseName(record.databaseId()),
        record.databaseId(),
        record.schema(),
        names.directory().aliasesOf(record.id()),
        record.consistency(),
        record.properties(),
        record.shardCount(),
        record.partitions().size(),
        record.createdTimestamp(),
        record.updatedTimestamp());
  }

  @Override
  public void rename(Caller caller, String name, String newName, String newDatabase) {
    io.elanus.model.schema.Names.check("collection", newName, ErrorCode.INVALID_NAME);
    names.lock().lock();
    try {
      CollectionRecord record = names.collection(caller, name);
      if (!record.name().equals(name)) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "unsupported use an alias to rename collection, alias:" + name);
      }
      long database =
          newDatabase.isEmpty()
              ? record.databaseId()
              : names.directory().database(newDatabase).id();
      List<String> aliases = names.directory().aliasesOf(record.id());
      if (database != record.databaseId() && !aliases.isEmpty()) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "collection %s has aliases %s, which do not move between databases; drop them before it is renamed"
                .formatted(name, aliases));
      }
      if (names.directory().isCollection(database, newName)
          || names.directory().alias(database, newName).isPresent()) {
        throw new ElanusException(
            ErrorCode.COLLECTION_EXISTS,
            "duplicated new collection name %s with other collection name or alias"
                .formatted(newName));
      }
      Schema renamed = record.schema().withName(newName);
      names.directory().put(record.withDatabase(database, renamed, names.timestamps().next()));
    } finally {
      names.lock().unlock();
    }
  }

  @Override
  public void exchange(Caller caller, String one, String other) {
    names.lock().lock();
    try {
      CollectionRecord first = byOwnName(caller, one);
      CollectionRecord second = byOwnName(caller, other);
      if (first.id() != second.id()) {
        long now = names.timestamps().next();
        names
            .directory()
            .exchange(
                first.withSchema(first.schema().withName(second.name()), now),
                second.withSchema(second.schema().withName(first.name()), now));
      }
    } finally {
      names.lock().unlock();
    }
  }

  private CollectionRecord byOwnName(Caller caller, String name) {
    CollectionRecord record = names.collection(caller, name);
    if (!record.name().equals(name)) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "collections exchange their own names, and %s is an alias of %s"
              .formatted(name, record.name()));
    }
    return record;
  }

  @Override
  public void alter(Caller caller, String name, Map<String, String> set, Set<String> delete) {
    checkProperties(set);
    names.lock().lock();
    try {
      CollectionRecord record = names.collection(caller, name);
      Map<String, String> properties = new HashMap<>(record.properties());
      properties.keySet().removeAll(delete);
      properties.putAll(set);
      Consistency.Level level = record.consistency();
      String asked = properties.remove("consistency_level");
      if (asked != null) {
        level = level(asked);
      }
      String description = properties.remove("collection.description");
      long now = names.timestamps().next();
      CollectionRecord changed = record.withProperties(properties, level, now);
      if (description != null) {
        changed = changed.withSchema(record.schema().withDescription(description), now);
      }
      names.directory().put(changed);
    } finally {
      names.lock().unlock();
    }
  }

  private static Consistency.Level level(String text) {
    for (Consistency.Level level : Consistency.Level.values()) {
      if (level.name().equalsIgnoreCase(text)) {
        return level;
      }
    }
    throw new ElanusException(
        ErrorCode.INVALID_ARGUMENT,
        "consistency_level must be Strong, Session, Bounded or Eventually, got " + text);
  }

  @Override
  public void alterField(
      Caller caller, String name, String field, Map<String, String> set, Set<String> delete) {
    names.lock().lock();
    try {
      CollectionRecord record = names.collection(caller, name);
      Field before =
          record
              .schema()
              .field(field)
              .orElseThrow(
                  () ->
                      new ElanusException(
                          ErrorCode.FIELD_NOT_FOUND,
                          "field %s does not exist in collection %s".formatted(field, name)));
      Field after = FieldChanges.apply(before, set, delete);
      SchemaRules.checkField(after);
      List<Field> fields = new ArrayList<>(record.schema().fields());
      fields.set(fields.indexOf(before), after);
      change(record, fields);
    } finally {
      names.lock().unlock();
    }
  }

  @Override
  public void addField(Caller caller, String name, Field field) {
    names.lock().lock();
    try {
      CollectionRecord record = names.collection(caller, name);
      SchemaRules.checkAdded(record.schema(), field);
      FieldTexts.check(field);
      List<Field> fields = new ArrayList<>(record.schema().fields());
      long last = fields.stream().mapToLong(Field::id).max().orElse(Schema.FIRST_USER_FIELD_ID);
      fields.add(field.withId(last + 1));
      change(record, fields);
    } finally {
      names.lock().unlock();
    }
  }

  private void change(CollectionRecord record, List<Field> fields) {
    Schema newer = record.schema().withFields(fields, record.schema().version() + 1);
    CollectionRecord changed = record.withSchema(newer, names.timestamps().next());
    names.directory().put(changed);
    names.shards().of(changed).schema(newer);
    names.shards().indexes(changed);
  }

  @Override
  public void truncate(Caller caller, String name) {
    names.shards().of(names.collection(caller, name)).truncate();
  }

  // --- load state -----------------------------------------------------------------------------

  @Override
  public void load(Caller caller, String name, List<String> partitions) {
    names.lock().lock();
    try {
      CollectionRecord record = names.collection(caller, name);
      for (Field field : record.schema().vectorFields()) {
        if (record.indexOn(field.name()).isEmpty()) {
          throw new ElanusException(
              ErrorCode.INDEX_NOT_FOUND,
              "there is no vector index on field: [%s], please create index firstly[collection=%s]"
                  .formatted(field.name(), record.name()));
        }
      }
      setLoaded(record, partitions, true);
    } finally {
      names.lock().unlock();
    }
  }

  @Override
  public void release(Caller caller, String name, List<String> partitions) {
    names.lock().lock();
    try {
      setLoaded(names.collection(caller, name), partitions, false);
    } finally {
      names.lock().unlock();
    }
  }

  private void setLoaded(CollectionRecord record, List<String> partitions, boolean loaded) {
    Set<String> wanted = named(record, partitions);
    List<PartitionRecord> changed = new ArrayList<>();
    for (PartitionRecord p : record.partitions()) {
      boolean now = wanted.contains(p.name()) ? loaded : p.loaded();
      changed.add(new PartitionRecord(p.id(), p.name(), p.createdTimestamp(), now));
    }
    if (!changed.equals(record.partitions())) {
      names.directory().put(record.withPartitions(changed));
    }
  }

  private static Set<String> named(CollectionRecord record, List<String> partitions) {
    Set<String> wanted = new HashSet<>();
    for (PartitionRecord partition : record.partitions()) {
      if (partitions.isEmpty()) {
        wanted.add(partition.name());
      }
    }
    for (String partition : partitions) {
      wanted.add(LocalPartitions.require(record, partition).name());
    }
    return wanted;
  }

  @Override
  public LoadInfo loadState(Caller caller, String name, List<String> partitions) {
    Optional<CollectionRecord> found = names.directory().find(caller, name);
    if (found.isEmpty()) {
      return new LoadInfo(LoadInfo.State.NOT_EXIST, 0);
    }
    Set<String> wanted = named(found.get(), partitions);
    boolean loaded =
        found.get().partitions().stream()
            .filter(p -> wanted.contains(p.name()))
            .anyMatch(PartitionRecord::loaded);
    return loaded
        ? new LoadInfo(LoadInfo.State.LOADED, 100)
        : new LoadInfo(LoadInfo.State.NOT_LOADED, 0);
  }

  @Override
  public long rowCount(Caller caller, String name) {
    CollectionRecord record = names.collection(caller, name);
    Set<Long> partitions = record.partitionIds();
    return names.shards().of(record).rowCount(partitions::contains);
  }

  /** The definition first: whoever reads the newest operation has not missed an older change. */
  @Override
  public CollectionVersion version(Caller caller, String name) {
    CollectionRecord record = names.collection(caller, name);
    long definition = names.directory().revision(record.id());
    long operation = names.shards().of(record).visibleOperation();
    return new CollectionVersion(record.name(), record.id(), definition, operation);
  }

  @Override
  public List<SegmentInfo> segments(Caller caller, String name) {
    CollectionRecord record = names.collection(caller, name);
    List<SegmentInfo> all = new ArrayList<>();
    for (SegmentView s : names.shards().of(record).segments()) {
      SegmentInfo.State state =
          s.growing()
              ? SegmentInfo.State.GROWING
              : s.indexId() > 0 ? SegmentInfo.State.INDEXED : SegmentInfo.State.SEALED;
      String index =
          record.indexes().stream()
              .filter(i -> i.id() == s.indexId())
              .map(i -> i.spec().name())
              .findFirst()
              .orElse("");
      all.add(
          new SegmentInfo(
              s.id(),
              record.id(),
              s.partitionId(),
              state,
              s.rowCount(),
              s.deletedCount(),
              s.bytes(),
              index,
              s.indexId()));
    }
    return all;
  }
}
