package io.elanus.model;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CompactionInfo;
import io.elanus.model.info.FlushInfo;
import java.util.List;

/** Work asked for by hand. */
public interface Jobs {
  /** Seals all growing rows of the collection and returns when they are in durable segments. */
  FlushInfo flush(Caller caller, String collection);

  /** Whether everything written to the collection at or before the timestamp is flushed. */
  boolean isFlushed(Caller caller, String collection, long timestamp);

  /** Starts merging segments and dropping deleted rows; answers its id, −1 for nothing to do. */
  long compact(Caller caller, String collection);

  /**
   * Starts the same, and moving rows among segments by the clustering key, so that a filter that
   * bounds the key leaves out segments; answers its id, −1 for nothing to do. INVALID_ARGUMENT for
   * a collection without clustering key.
   */
  long cluster(Caller caller, String collection);

  CompactionInfo compaction(Caller caller, long id);

  /**
   * Holds one state of collections for a backup, all at one timestamp.
   *
   * @param database whose collections; empty for those of all databases
   * @param collections names in that database; empty for all
   */
  default Cut cut(Caller caller, String database, List<String> collections) {
    throw new ElanusException(ErrorCode.UNSUPPORTED, "this database cannot be backed up");
  }
}
