package io.elanus.sim.disk;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.catalog.Catalog;
import io.elanus.store.catalog.MemoryCatalog;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A catalog whose commits are durable when they return, or fail and change nothing. SQLite's own
 * writing is not simulated; it has tests with real files.
 */
public final class SimulatedCatalog implements Catalog {
  private final MemoryCatalog committed;
  private DiskWatch watch = DiskWatch.NONE;

  public SimulatedCatalog() {
    this(new MemoryCatalog());
  }

  private SimulatedCatalog(MemoryCatalog committed) {
    this.committed = committed;
  }

  public void watch(DiskWatch newer) {
    watch = newer;
  }

  /** What the next process finds. */
  public SimulatedCatalog afterCrash() {
    return new SimulatedCatalog(committed.copy());
  }

  @Override
  public Optional<Entry> get(String key) {
    return committed.get(key);
  }

  @Override
  public List<Entry> range(String prefix) {
    return committed.range(prefix);
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
    return committed.commit(conditions, changes);
  }

  @Override
  public void close() {}
}
