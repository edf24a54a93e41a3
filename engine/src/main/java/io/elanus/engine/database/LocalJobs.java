package io.elanus.engine.database;

import io.elanus.engine.database.LocalDatabase.Names;
import io.elanus.engine.write.WritePath;
import io.elanus.model.Caller;
import io.elanus.model.Cut;
import io.elanus.model.Jobs;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CompactionInfo;
import io.elanus.model.info.FlushInfo;
import java.util.List;

/** Work asked for by hand. A compaction's id carries its collection, so that none must be kept. */
record LocalJobs(Names names) implements Jobs {
  private static final long PER_COLLECTION = 1_000_000;

  @Override
  public FlushInfo flush(Caller caller, String collection) {
    CollectionRecord record = names.collection(caller, collection);
    WritePath.FlushOutcome outcome = names.shards().of(record).flush();
    return new FlushInfo(
        record.id(), outcome.sealedNow(), outcome.sealedAll(), outcome.timestamp());
  }

  @Override
  public boolean isFlushed(Caller caller, String collection, long timestamp) {
    return names.shards().of(names.collection(caller, collection)).flushedUpTo(timestamp);
  }

  @Override
  public long compact(Caller caller, String collection) {
    return compact(names.collection(caller, collection), false);
  }

  @Override
  public long cluster(Caller caller, String collection) {
    CollectionRecord record = names.collection(caller, collection);
    record.schema().requireClusteringKey();
    return compact(record, true);
  }

  private long compact(CollectionRecord record, boolean byKey) {
    long number = names.shards().of(record).compact(byKey);
    return number < 0 ? -1 : record.id() * PER_COLLECTION + number;
  }

  @Override
  public Cut cut(Caller caller, String database, List<String> collections) {
    return DatabaseCut.take(names, database, collections);
  }

  @Override
  public CompactionInfo compaction(Caller caller, long id) {
    if (id <= 0) {
      return new CompactionInfo(id, CompactionInfo.State.COMPLETED, 0, 0, 0);
    }
    CollectionRecord record =
        names
            .directory()
            .byId(id / PER_COLLECTION)
            .orElseThrow(
                () ->
                    new ElanusException(
                        ErrorCode.INVALID_ARGUMENT, "there is no compaction " + id));
    boolean done = names.shards().of(record).compacted(id % PER_COLLECTION);
    return done
        ? new CompactionInfo(id, CompactionInfo.State.COMPLETED, 0, 1, 0)
        : new CompactionInfo(id, CompactionInfo.State.EXECUTING, 1, 0, 0);
  }
}
