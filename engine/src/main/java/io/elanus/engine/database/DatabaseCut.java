package io.elanus.engine.database;

import io.elanus.engine.Shard;
import io.elanus.engine.database.LocalDatabase.Names;
import io.elanus.engine.write.ShardCut;
import io.elanus.model.Caller;
import io.elanus.model.Cut;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.store.time.HybridTimestamps;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collections and what the catalog says of them, at one timestamp. Names cannot change while it is
 * taken, and rows cannot be written for the moment in which segments are pinned.
 */
record DatabaseCut(long timestamp, List<Entry> entries, List<Part> parts, List<ShardCut> shards)
    implements Cut {

  /** Growing rows are sealed first, so that the next backup finds most of them in files it has. */
  static DatabaseCut take(Names names, String database, List<String> collections) {
    for (CollectionRecord record : chosen(names.directory(), database, collections)) {
      names.shards().of(record).flush();
    }
    List<ShardCut> cuts;
    List<Entry> entries;
    long[] timestamp = new long[1];
    names.lock().lock();
    try {
      List<CollectionRecord> records = chosen(names.directory(), database, collections);
      List<Shard> shards = new ArrayList<>();
      records.forEach(record -> shards.add(names.shards().of(record)));
      entries = entries(names.directory(), database, collections, records);
      cuts =
          Shard.cut(
              shards,
              () -> {
                timestamp[0] = names.timestamps().next();
                return timestamp[0];
              });
    } finally {
      names.lock().unlock();
    }
    boolean done = false;
    try {
      List<Part> parts = new ArrayList<>();
      for (ShardCut cut : cuts) {
        parts.addAll(cut.parts());
      }
      done = true;
      return new DatabaseCut(timestamp[0], entries, List.copyOf(parts), cuts);
    } finally {
      if (!done) {
        cuts.forEach(ShardCut::close);
      }
    }
  }

  private static List<CollectionRecord> chosen(
      Directory directory, String database, List<String> names) {
    if (names.isEmpty()) {
      return database.isEmpty()
          ? directory.collections()
          : directory.collections(directory.database(database).id());
    }
    Caller caller = Caller.in(database.isEmpty() ? DatabaseInfo.DEFAULT : database);
    return names.stream().map(name -> directory.collection(caller, name)).distinct().toList();
  }

  /** Everything for everything; else the collections, their databases, and their aliases. */
  private static List<Entry> entries(
      Directory directory, String database, List<String> names, List<CollectionRecord> records) {
    Set<String> wanted = new HashSet<>();
    wanted.add(Directory.NEXT_ID);
    if (!database.isEmpty()) {
      wanted.add("database/" + directory.database(database).id());
    }
    for (CollectionRecord record : records) {
      wanted.add("collection/" + record.id());
      wanted.add("database/" + record.databaseId());
      for (String alias : directory.aliasesOf(record.id())) {
        wanted.add("alias/" + record.databaseId() + "/" + alias);
      }
    }
    boolean all = database.isEmpty() && names.isEmpty();
    List<Entry> entries = new ArrayList<>();
    for (var entry : directory.entries()) {
      if (!HybridTimestamps.isMark(entry.key()) && (all || wanted.contains(entry.key()))) {
        entries.add(new Entry(entry.key(), entry.value()));
      }
    }
    return List.copyOf(entries);
  }

  @Override
  public void close() {
    shards.forEach(ShardCut::close);
  }
}
