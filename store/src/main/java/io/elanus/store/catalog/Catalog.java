package io.elanus.store.catalog;

import java.util.List;
import java.util.Optional;

/**
 * Small, strongly consistent key-value store for what must be agreed on: schemas, aliases, load
 * states, the timestamp's high-water mark. Shaped so that memory, SQLite and etcd can all be it.
 */
public interface Catalog extends AutoCloseable {
  Optional<Entry> get(String key);

  /** Entries whose key starts with the prefix, sorted by key. */
  List<Entry> range(String prefix);

  /**
   * Applies all changes durably, or none: only if every condition holds. Answers whether they were
   * applied.
   */
  boolean commit(List<Condition> conditions, List<Change> changes);

  @Override
  void close();

  /** A key, its value, and the revision of its last change (positive, growing). */
  record Entry(String key, byte[] value, long revision) {}

  /** The key's revision must be this; 0 means the key must be absent. */
  record Condition(String key, long revision) {}

  /** A change of one key. */
  sealed interface Change {
    String key();

    /** Sets the value. */
    record Put(String key, byte[] value) implements Change {}

    /** Removes the key; absent is fine. */
    record Delete(String key) implements Change {}
  }
}
