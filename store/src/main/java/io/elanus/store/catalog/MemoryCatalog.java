package io.elanus.store.catalog;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A catalog in memory, for tests. */
public final class MemoryCatalog implements Catalog {
  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private long revision;

  /** Another one with what this one holds now. */
  public synchronized MemoryCatalog copy() {
    MemoryCatalog copy = new MemoryCatalog();
    copy.entries.putAll(entries);
    copy.revision = revision;
    return copy;
  }

  @Override
  public synchronized Optional<Entry> get(String key) {
    return Optional.ofNullable(entries.get(key)).map(MemoryCatalog::copy);
  }

  @Override
  public synchronized List<Entry> range(String prefix) {
    return entries.tailMap(prefix, true).values().stream()
        .takeWhile(e -> e.key().startsWith(prefix))
        .map(MemoryCatalog::copy)
        .toList();
  }

  private static Entry copy(Entry entry) {
    return new Entry(entry.key(), entry.value().clone(), entry.revision());
  }

  @Override
  public synchronized boolean commit(List<Condition> conditions, List<Change> changes) {
    for (Condition condition : conditions) {
      Entry entry = entries.get(condition.key());
      if ((entry == null ? 0 : entry.revision()) != condition.revision()) {
        return false;
      }
    }
    revision++;
    for (Change change : changes) {
      switch (change) {
        case Change.Put put ->
            entries.put(put.key(), new Entry(put.key(), put.value().clone(), revision));
        case Change.Delete delete -> entries.remove(delete.key());
      }
    }
    return true;
  }

  @Override
  public void close() {}
}
