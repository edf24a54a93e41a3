package io.elanus.sim.disk;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.catalog.Catalog;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A catalog whose commits are durable when they return, or fail and change nothing. SQLite's own
 * writing is not simulated; it has tests with real files.
 */
public final class SimulatedCatalog implements Catalog {
  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private long revision;
  private DiskWatch watch = DiskWatch.NONE;

  public void watch(DiskWatch newer) {
    watch = newer;
  }

  /** What the next process finds. */
  public SimulatedCatalog afterCrash() {
    SimulatedCatalog copy = new SimulatedCatalog();
    copy.entries.putAll(entries);
    copy.revision = revision;
    return copy;
  }

  @Override
  public Optional<Entry> get(String key) {
    return Optional.ofNullable(entries.get(key)).map(SimulatedCatalog::copy);
  }

  @Override
  public List<Entry> range(String prefix) {
    return entries.tailMap(prefix, true).values().stream()
        .takeWhile(e -> e.key().startsWith(prefix))
        .map(SimulatedCatalog::copy)
        .toList();
  }

  private static Entry copy(Entry entry) {
    return new Entry(entry.key(), entry.value().clone(), entry.revision());
  }

  @Override
  public boolean commit(List<Condition> conditions, List<Change> changes) {
    String first = changes.isEmpty() ? "" : changes.getFirst().key();
    DiskWatch.@Nullable Failure failure = watch.before(DiskCall.WRITE, "catalog/" + first, 0);
    if (failure != null) {
      throw new ElanusException(
          failure.message().equals(DiskWatch.Failure.FULL)
              ? ErrorCode.DISK_LIMIT
              : ErrorCode.INTERNAL,
          "injected: " + failure.message());
    }
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
