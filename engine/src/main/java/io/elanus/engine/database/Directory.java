package io.elanus.engine.database;

import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.store.catalog.Catalog;
import io.elanus.store.catalog.Catalog.Change;
import io.elanus.store.catalog.Catalog.Condition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;

/**
 * Names: databases, collections, aliases. A copy of the catalog in memory, changed after the
 * catalog was; changes are made under the lock of {@link LocalDatabase}.
 *
 * <p>Catalog keys: {@code database/<id>}, {@code collection/<id>}, {@code alias/<database
 * id>/<alias>} (value: collection id), {@code dropped/<id>} until the data of a dropped collection
 * is removed, {@code next-id}.
 */
final class Directory {
  static final String NEXT_ID = "next-id";
  static final String DROPPED = "dropped/";
  private static final long FIRST_ID = 1_000;
  private static final long DEFAULT_DATABASE_ID = 1;

  private final Catalog catalog;
  private final Map<String, DatabaseInfo> databases = new ConcurrentHashMap<>();
  private final Map<Long, CollectionRecord> collections = new ConcurrentHashMap<>();

  /** Of the catalog's entries of collections. */
  private final Map<Long, Long> revisions = new ConcurrentHashMap<>();

  /** By {@code <database id>/<alias>}. */
  private final Map<String, Long> aliases = new ConcurrentHashMap<>();

  /** By {@code <database id>/<name>}: what aliases are checked and collections found by. */
  private final Map<String, Long> names = new ConcurrentHashMap<>();

  /** Held while two collections exchange their names; readers only look whether it was. */
  private final StampedLock exchanging = new StampedLock();

  Directory(Catalog catalog, long now) {
    this.catalog = catalog;
    for (Catalog.Entry entry : catalog.range("database/")) {
      DatabaseInfo database = RecordCodec.database(entry.value());
      databases.put(database.name(), database);
    }
    for (Catalog.Entry entry : catalog.range("collection/")) {
      CollectionRecord record = RecordCodec.collection(entry.value());
      collections.put(record.id(), record);
      revisions.put(record.id(), entry.revision());
      names.put(key(record.databaseId(), record.name()), record.id());
    }
    for (Catalog.Entry entry : catalog.range("alias/")) {
      aliases.put(
          entry.key().substring("alias/".length()), ByteBuffer.wrap(entry.value()).getLong());
    }
    if (!databases.containsKey(DatabaseInfo.DEFAULT)) {
      put(new DatabaseInfo(DEFAULT_DATABASE_ID, DatabaseInfo.DEFAULT, Map.of(), now));
    }
  }

  private static String key(long databaseId, String name) {
    return databaseId + "/" + name;
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }

  /** A number no database, collection, partition or index has had. */
  long allocateId() {
    while (true) {
      Optional<Catalog.Entry> entry = catalog.get(NEXT_ID);
      long id = entry.map(e -> ByteBuffer.wrap(e.value()).getLong()).orElse(FIRST_ID);
      Condition unchanged = new Condition(NEXT_ID, entry.map(Catalog.Entry::revision).orElse(0L));
      if (commit(List.of(unchanged), new Change.Put(NEXT_ID, bytes(id + 1)))) {
        return id;
      }
    }
  }

  /** All of the catalog as it is stored, sorted by key. */
  List<Catalog.Entry> entries() {
    return catalog.range("");
  }

  private boolean commit(List<Condition> conditions, Change... changes) {
    return catalog.commit(conditions, List.of(changes));
  }

  // --- databases ------------------------------------------------------------------------------

  DatabaseInfo database(String name) {
    DatabaseInfo database = databases.get(name.isEmpty() ? DatabaseInfo.DEFAULT : name);
    if (database == null) {
      throw new ElanusException(
          ErrorCode.DATABASE_NOT_FOUND, "database not found[database=%s]".formatted(name));
    }
    return database;
  }

  Optional<DatabaseInfo> findDatabase(String name) {
    return Optional.ofNullable(databases.get(name));
  }

  String databaseName(long id) {
    return databases.values().stream()
        .filter(d -> d.id() == id)
        .map(DatabaseInfo::name)
        .findFirst()
        .orElse(DatabaseInfo.DEFAULT);
  }

  List<DatabaseInfo> databases() {
    List<DatabaseInfo> all = new ArrayList<>(databases.values());
    all.sort(Comparator.comparingLong(DatabaseInfo::id));
    return all;
  }

  void put(DatabaseInfo database) {
    commit(List.of(), new Change.Put("database/" + database.id(), RecordCodec.encode(database)));
    databases.put(database.name(), database);
  }

  void remove(DatabaseInfo database) {
    commit(List.of(), new Change.Delete("database/" + database.id()));
    databases.remove(database.name());
  }

  // --- collections ----------------------------------------------------------------------------

  /** By name or alias in the caller's database. */
  CollectionRecord collection(Caller caller, String name) {
    return find(caller, name).orElseThrow(() -> notFound(database(caller.database()).name(), name));
  }

  static ElanusException notFound(String database, String name) {
    return new ElanusException(
        ErrorCode.COLLECTION_NOT_FOUND,
        "collection not found[database=%s][collection=%s]".formatted(database, name));
  }

  Optional<CollectionRecord> find(Caller caller, String name) {
    long database = database(caller.database()).id();
    long stamp = exchanging.tryOptimisticRead();
    Optional<CollectionRecord> found = find(database, name);
    if (stamp != 0 && exchanging.validate(stamp)) {
      return found;
    }
    stamp = exchanging.readLock();
    try {
      return find(database, name);
    } finally {
      exchanging.unlockRead(stamp);
    }
  }

  private Optional<CollectionRecord> find(long database, String name) {
    Long id = names.get(key(database, name));
    if (id == null) {
      id = aliases.get(key(database, name));
    }
    return id == null ? Optional.empty() : Optional.ofNullable(collections.get(id));
  }

  Optional<CollectionRecord> byId(long id) {
    return Optional.ofNullable(collections.get(id));
  }

  /** Grows with every change of the collection's record; 0 for one that is gone. */
  long revision(long id) {
    return revisions.getOrDefault(id, 0L);
  }

  boolean isCollection(long databaseId, String name) {
    return names.containsKey(key(databaseId, name));
  }

  List<CollectionRecord> collections(long databaseId) {
    List<CollectionRecord> all = new ArrayList<>(collections.values());
    all.removeIf(record -> record.databaseId() != databaseId);
    all.sort(Comparator.comparingLong(CollectionRecord::id));
    return all;
  }

  List<CollectionRecord> collections() {
    return List.copyOf(collections.values());
  }

  /** Readers hold no lock: under one name or the other they find the collection at any moment. */
  void put(CollectionRecord record) {
    String entry = "collection/" + record.id();
    commit(List.of(), new Change.Put(entry, RecordCodec.encode(record)));
    CollectionRecord before = collections.put(record.id(), record);
    catalog.get(entry).ifPresent(stored -> revisions.put(record.id(), stored.revision()));
    String name = key(record.databaseId(), record.name());
    names.put(name, record.id());
    if (before != null && !name.equals(key(before.databaseId(), before.name()))) {
      names.remove(key(before.databaseId(), before.name()));
    }
  }

  /**
   * Two collections of one database as they are afterwards, each with the name that the other had;
   * their aliases follow the names.
   */
  void exchange(CollectionRecord one, CollectionRecord other) {
    List<String> toOne = aliasesOf(other.id());
    List<String> toOther = aliasesOf(one.id());
    List<Change> changes = new ArrayList<>();
    changes.add(new Change.Put("collection/" + one.id(), RecordCodec.encode(one)));
    changes.add(new Change.Put("collection/" + other.id(), RecordCodec.encode(other)));
    toOne.forEach(a -> changes.add(aliasChange(one, a)));
    toOther.forEach(a -> changes.add(aliasChange(other, a)));
    long stamp = exchanging.writeLock();
    try {
      catalog.commit(List.of(), changes);
      for (CollectionRecord record : List.of(one, other)) {
        collections.put(record.id(), record);
        catalog
            .get("collection/" + record.id())
            .ifPresent(stored -> revisions.put(record.id(), stored.revision()));
        names.put(key(record.databaseId(), record.name()), record.id());
      }
      toOne.forEach(a -> aliases.put(key(one.databaseId(), a), one.id()));
      toOther.forEach(a -> aliases.put(key(other.databaseId(), a), other.id()));
    } finally {
      exchanging.unlockWrite(stamp);
    }
  }

  private static Change aliasChange(CollectionRecord record, String alias) {
    return new Change.Put("alias/" + key(record.databaseId(), alias), bytes(record.id()));
  }

  void remove(CollectionRecord record) {
    List<Change> changes = new ArrayList<>();
    changes.add(new Change.Delete("collection/" + record.id()));
    changes.add(new Change.Put(DROPPED + record.id(), bytes(record.id())));
    aliasesOf(record.id())
        .forEach(a -> changes.add(new Change.Delete("alias/" + key(record.databaseId(), a))));
    catalog.commit(List.of(), changes);
    collections.remove(record.id());
    revisions.remove(record.id());
    names.remove(key(record.databaseId(), record.name()));
    aliases.values().removeIf(id -> id == record.id());
  }

  /** Collections that were dropped, and whose data may still be there. */
  List<Long> dropped() {
    return catalog.range(DROPPED).stream()
        .map(entry -> ByteBuffer.wrap(entry.value()).getLong())
        .toList();
  }

  /** Their data is removed. */
  void forgetDropped(long id) {
    commit(List.of(), new Change.Delete(DROPPED + id));
  }

  /** A number that is in use without being known here is never handed out. */
  void leaveOut(long id) {
    long next =
        catalog.get(NEXT_ID).map(e -> ByteBuffer.wrap(e.value()).getLong()).orElse(FIRST_ID);
    if (next <= id) {
      commit(List.of(), new Change.Put(NEXT_ID, bytes(id + 1)));
    }
  }

  // --- aliases --------------------------------------------------------------------------------

  Optional<CollectionRecord> alias(long databaseId, String alias) {
    Long id = aliases.get(key(databaseId, alias));
    return id == null ? Optional.empty() : byId(id);
  }

  List<String> aliasesOf(long collectionId) {
    List<String> found = new ArrayList<>();
    aliases.forEach(
        (key, id) -> {
          if (id == collectionId) {
            found.add(key.substring(key.indexOf('/') + 1));
          }
        });
    java.util.Collections.sort(found);
    return found;
  }

  void putAlias(long databaseId, String alias, long collectionId) {
    String key = key(databaseId, alias);
    commit(List.of(), new Change.Put("alias/" + key, bytes(collectionId)));
    aliases.put(key, collectionId);
  }

  void removeAlias(long databaseId, String alias) {
    String key = key(databaseId, alias);
    commit(List.of(), new Change.Delete("alias/" + key));
    aliases.remove(key);
  }
}
