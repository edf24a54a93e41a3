package io.elanus.engine.database;

import io.elanus.store.catalog.Catalog;
import io.elanus.store.log.Log;
import io.elanus.store.object.ObjectStore;
import io.elanus.store.time.Timestamps;
import java.util.List;

/** Where a local database keeps its bytes. Closed by whoever made them. */
public record Stores(Catalog catalog, ObjectStore objects, Logs logs, Timestamps timestamps) {
  /** A log per collection. */
  public interface Logs {
    Log open(long collectionId);

    /**
     * A log that goes on where an open one met a full disk, after its last durable operation.
     *
     * @throws io.elanus.model.error.ElanusException DISK_LIMIT while there is no space
     */
    Log resume(long collectionId, long durableOperation);

    /** Ids that have a log, ascending. */
    List<Long> collections();

    /** Removes the log of a dropped collection; absent is fine. */
    void delete(long collectionId);
  }
}
