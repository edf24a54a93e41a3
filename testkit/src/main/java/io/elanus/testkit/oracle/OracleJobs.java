package io.elanus.testkit.oracle;

import io.elanus.model.Caller;
import io.elanus.model.Jobs;
import io.elanus.model.info.CompactionInfo;
import io.elanus.model.info.FlushInfo;
import io.elanus.model.info.SegmentInfo;
import java.util.List;

/** Work that is done as soon as it is asked for. */
record OracleJobs(OracleState state) implements Jobs {
  @Override
  public FlushInfo flush(Caller caller, String collection) {
    OracleTable table = state.table(caller, collection);
    List<Long> fresh =
        OracleSegments.of(table).stream()
            .filter(s -> s.state() == SegmentInfo.State.GROWING)
            .map(s -> s.id() + OracleSegments.SEALED - OracleSegments.GROWING)
            .toList();
    table.flushedTimestamp = state.timestamp();
    List<Long> all = OracleSegments.of(table).stream().map(SegmentInfo::id).toList();
    return new FlushInfo(table.id, fresh, all, table.flushedTimestamp);
  }

  @Override
  public boolean isFlushed(Caller caller, String collection, long timestamp) {
    OracleTable table = state.table(caller, collection);
    return table.rows.stream()
        .noneMatch(r -> r.timestamp() <= timestamp && r.timestamp() > table.flushedTimestamp);
  }

  @Override
  public long compact(Caller caller, String collection) {
    OracleTable table = state.table(caller, collection);
    boolean needed = table.deletedSinceCompaction;
    table.deletedSinceCompaction = false;
    return needed ? state.id() : -1;
  }

  @Override
  public long cluster(Caller caller, String collection) {
    state.table(caller, collection).schema.requireClusteringKey();
    return compact(caller, collection);
  }

  @Override
  public CompactionInfo compaction(Caller caller, long id) {
    return new CompactionInfo(id, CompactionInfo.State.COMPLETED, 0, id > 0 ? 1 : 0, 0);
  }
}
