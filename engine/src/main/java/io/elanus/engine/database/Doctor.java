package io.elanus.engine.database;

import io.elanus.engine.write.ShardCheck;
import io.elanus.model.error.ElanusException;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.store.catalog.Catalog;
import io.elanus.store.format.Finding;
import io.elanus.store.log.Log;
import io.elanus.store.object.ReadOnlyObjects;
import io.elanus.store.time.HybridTimestamps;
import io.elanus.store.time.Timestamps;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a database at rest: the catalog's entries and what they refer to, every collection's
 * files and log, and what belongs to no collection. Changes nothing.
 */
public final class Doctor {
  private static final String CATALOG = "catalog.db";
  private static final String RESTORE = "restore the catalog from a backup";

  private final Catalog catalog;
  private final ReadOnlyObjects objects;
  private final Logs logs;
  private final Consumer<Finding> findings;
  private final Map<Long, CollectionRecord> collections = new TreeMap<>();
  private long lastTimestamp;

  /** Logs for looking only. */
  public interface Logs {
    /** Ids of collections that have a log. */
    List<Long> collections();

    /** Null where it is damaged, after telling so. */
    @Nullable Log open(long collectionId);
  }

  public Doctor(Catalog catalog, ReadOnlyObjects objects, Logs logs, Consumer<Finding> findings) {
    this.catalog = catalog;
    this.objects = objects;
    this.logs = logs;
    this.findings = findings;
  }

  /** How many collections, each then examined. */
  public int catalog() {
    Set<Long> databases = databases();
    Set<Long> ids = new HashSet<>(databases);
    Set<String> names = new HashSet<>();
    for (Catalog.Entry entry : catalog.range("collection/")) {
      try {
        CollectionRecord record = RecordCodec.collection(entry.value());
        collections.put(record.id(), record);
        checkIds(entry.key(), record, databases, ids);
        if (!names.add(record.databaseId() + "/" + record.name())) {
          damage(entry.key(), "another collection has the name %s".formatted(record.name()));
        }
      } catch (ElanusException e) {
        damage(entry.key(), e.getMessage());
      }
    }
    aliases();
    long last = ids.stream().mapToLong(Long::longValue).max().orElse(0);
    long next =
        catalog.get(Directory.NEXT_ID).map(e -> ByteBuffer.wrap(e.value()).getLong()).orElse(0L);
    if (!collections.isEmpty() && next <= last) {
      damage(
          Directory.NEXT_ID,
          "the next number handed out would be %d, and %d is taken".formatted(next, last));
    }
    unfinishedAndUnowned();
    return collections.size();
  }

  private Set<Long> databases() {
    Set<Long> ids = new HashSet<>();
    for (Catalog.Entry entry : catalog.range("database/")) {
      try {
        DatabaseInfo database = RecordCodec.database(entry.value());
        if (!ids.add(database.id()) || !entry.key().equals("database/" + database.id())) {
          damage(entry.key(), "it holds the database %d".formatted(database.id()));
        }
      } catch (ElanusException e) {
        damage(entry.key(), e.getMessage());
      }
    }
    return ids;
  }

  private void checkIds(String key, CollectionRecord record, Set<Long> databases, Set<Long> ids) {
    if (!key.equals("collection/" + record.id())) {
      damage(key, "it holds the collection %d".formatted(record.id()));
    }
    if (!databases.contains(record.databaseId())) {
      damage(key, "its database %d does not exist".formatted(record.databaseId()));
    }
    List<Long> own = new ArrayList<>(List.of(record.id()));
    record.partitions().forEach(partition -> own.add(partition.id()));
    record.indexes().forEach(index -> own.add(index.id()));
    for (long id : own) {
      if (!ids.add(id)) {
        damage(key, "the number %d is used twice".formatted(id));
      }
    }
  }

  private void aliases() {
    for (Catalog.Entry entry : catalog.range("alias/")) {
      long id = entry.value().length == 8 ? ByteBuffer.wrap(entry.value()).getLong() : -1;
      if (!collections.containsKey(id)) {
        findings.accept(
            Finding.warning(
                CATALOG + ": " + entry.key(),
                "it stands for the collection %d, which does not exist".formatted(id),
                "drop the alias"));
      }
    }
  }

  private void unfinishedAndUnowned() {
    for (String name : objects.unfinished()) {
      findings.accept(Finding.note("objects/" + name, "a file that was being written"));
    }
    Set<Long> unowned = new TreeSet<>(logs.collections());
    unowned.addAll(Shards.collectionsIn(objects));
    unowned.removeAll(collections.keySet());
    unowned.removeAll(dropped());
    for (long id : unowned) {
      findings.accept(
          Finding.damage(
              "objects/collection/%d and log/%d".formatted(id, id),
              "the catalog does not know this collection: it is lost, or an old copy",
              RESTORE + ", or remove both folders"));
    }
  }

  private Set<Long> dropped() {
    Set<Long> ids = new TreeSet<>();
    for (Catalog.Entry entry : catalog.range(Directory.DROPPED)) {
      if (entry.value().length != 8) {
        damage(entry.key(), "it names no collection");
        continue;
      }
      long id = ByteBuffer.wrap(entry.value()).getLong();
      ids.add(id);
      findings.accept(
          Finding.note(
              "objects/collection/%d and log/%d".formatted(id, id),
              "a drop that was not finished"));
    }
    return ids;
  }

  /** Examines one collection after the other, and calls back after each. */
  public void shards(Consumer<String> examined) {
    for (CollectionRecord record : collections.values()) {
      String prefix = "collection/" + record.id() + "/";
      @Nullable Log log = logs.open(record.id());
      ShardCheck check = new ShardCheck(objects, prefix, record.schema(), findings);
      lastTimestamp = Math.max(lastTimestamp, check.run(log, "log/" + record.id()));
      examined.accept(record.name());
    }
    for (Catalog.Entry entry : catalog.range("")) {
      if (HybridTimestamps.isMark(entry.key())
          && entry.value().length == 8
          && Timestamps.of(ByteBuffer.wrap(entry.value()).getLong(), 0) <= lastTimestamp) {
        damage(entry.key(), "rows are newer than it: the catalog is older than the data");
      }
    }
  }

  private void damage(String key, String problem) {
    findings.accept(Finding.damage(CATALOG + ": " + key, problem, RESTORE));
  }
}
