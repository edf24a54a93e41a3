package io.elanus.server.wire.calls;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.CompactionInfo;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.model.info.FlushInfo;
import io.elanus.server.reply.CollectionReply;
import io.elanus.server.reply.Statuses;
import io.milvus.grpc.CompactionState;
import io.milvus.grpc.FlushAllRequest;
import io.milvus.grpc.FlushAllResponse;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.FlushResponse;
import io.milvus.grpc.GetCompactionPlansRequest;
import io.milvus.grpc.GetCompactionPlansResponse;
import io.milvus.grpc.GetCompactionStateRequest;
import io.milvus.grpc.GetCompactionStateResponse;
import io.milvus.grpc.GetFlushAllStateRequest;
import io.milvus.grpc.GetFlushAllStateResponse;
import io.milvus.grpc.GetFlushStateRequest;
import io.milvus.grpc.GetFlushStateResponse;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ManualCompactionRequest;
import io.milvus.grpc.ManualCompactionResponse;
import java.util.ArrayList;
import java.util.List;

/** Flush and compaction. */
public final class JobCalls {
  private static final long MILLIS_PER_SECOND = 1000;

  private final Database database;

  public JobCalls(Database database) {
    this.database = database;
  }

  public FlushResponse flush(Call call, FlushRequest request) {
    Caller caller = call.in(request.getDbName());
    FlushResponse.Builder answer =
        FlushResponse.newBuilder().setStatus(Statuses.SUCCESS).setDbName(caller.database());
    for (String collection : request.getCollectionNamesList()) {
      FlushInfo flushed = database.jobs().flush(caller, Ask.named("collection", collection));
      answer
          .putCollSegIDs(collection, ids(flushed.segmentIds()))
          .putFlushCollSegIDs(collection, ids(flushed.sealedSegmentIds()))
          .putCollSealTimes(
              collection, CollectionReply.physicalMillis(flushed.timestamp()) / MILLIS_PER_SECOND)
          .putCollFlushTs(collection, flushed.timestamp());
    }
    return answer.build();
  }

  /**
   * By collection and timestamp. A flush returns when its segments are durable, so segments asked
   * for by id alone, as the oldest clients do, are flushed once they have an id to ask for.
   */
  public GetFlushStateResponse getFlushState(Call call, GetFlushStateRequest request) {
    boolean flushed =
        request.getCollectionName().isEmpty()
            || database
                .jobs()
                .isFlushed(
                    call.in(request.getDbName()),
                    request.getCollectionName(),
                    request.getFlushTs());
    return GetFlushStateResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setFlushed(flushed)
        .build();
  }

  /** Every collection of every database; everything written before the call is then flushed. */
  @SuppressWarnings("deprecation") // The timestamp that clients of 2.6 poll with.
  public FlushAllResponse flushAll(Call call, FlushAllRequest request) {
    long timestamp = database.allocateTimestamp();
    for (Place place : places(call, request.getDbName())) {
      try {
        database.jobs().flush(place.caller(), place.collection());
      } catch (ElanusException e) {
        ignoreDropped(e);
      }
    }
    return FlushAllResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setFlushAllTs(timestamp)
        .build();
  }

  @SuppressWarnings("deprecation") // The timestamp that clients of 2.6 poll with.
  public GetFlushAllStateResponse getFlushAllState(Call call, GetFlushAllStateRequest request) {
    long timestamp = request.getFlushAllTs();
    for (long channel : request.getFlushAllTssMap().values()) {
      timestamp = Math.max(timestamp, channel);
    }
    boolean flushed = true;
    for (Place place : places(call, request.getDbName())) {
      try {
        flushed &= database.jobs().isFlushed(place.caller(), place.collection(), timestamp);
      } catch (ElanusException e) {
        ignoreDropped(e);
      }
    }
    return GetFlushAllStateResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setFlushed(flushed)
        .build();
  }

  public ManualCompactionResponse manualCompaction(Call call, ManualCompactionRequest request) {
    Caller caller = call.in(request.getDbName());
    CollectionInfo info =
        Ask.collection(database, caller, request.getCollectionName(), request.getCollectionID());
    long id =
        request.getMajorCompaction()
            ? database.jobs().cluster(caller, info.name())
            : database.jobs().compact(caller, info.name());
    return ManualCompactionResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setCompactionID(id)
        .setCompactionPlanCount(id < 0 ? 0 : 1)
        .build();
  }

  public GetCompactionStateResponse getCompactionState(
      Call call, GetCompactionStateRequest request) {
    CompactionInfo info = compaction(call, request.getCompactionID());
    return GetCompactionStateResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setState(state(info))
        .setExecutingPlanNo(info.executingPlans())
        .setCompletedPlanNo(info.completedPlans())
        .setFailedPlanNo(info.failedPlans())
        .build();
  }

  /** The state alone: which segments were merged into which is not kept. */
  public GetCompactionPlansResponse getCompactionStateWithPlans(
      Call call, GetCompactionPlansRequest request) {
    return GetCompactionPlansResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setState(state(compaction(call, request.getCompactionID())))
        .build();
  }

  /** The id −1, answered where there was nothing to do, is a compaction that is done. */
  private CompactionInfo compaction(Call call, long id) {
    return id == -1
        ? new CompactionInfo(id, CompactionInfo.State.COMPLETED, 0, 0, 0)
        : database.jobs().compaction(call.caller(), id);
  }

  private static CompactionState state(CompactionInfo info) {
    return switch (info.state()) {
      case EXECUTING -> CompactionState.Executing;
      case COMPLETED -> CompactionState.Completed;
    };
  }

  private record Place(Caller caller, String collection) {}

  /** Every collection of one database, or of all where the name is empty. */
  private List<Place> places(Call call, String databaseName) {
    List<Place> places = new ArrayList<>();
    for (DatabaseInfo info : database.databases().list(call.caller())) {
      if (databaseName.isEmpty() || databaseName.equals(info.name())) {
        Caller caller = call.in(info.name());
        for (CollectionInfo collection : database.collections().list(caller)) {
          places.add(new Place(caller, collection.name()));
        }
      }
    }
    return places;
  }

  /** Between listing and flushing a collection may go; there is nothing left to flush then. */
  private static void ignoreDropped(ElanusException error) {
    if (error.code() != ErrorCode.COLLECTION_NOT_FOUND
        && error.code() != ErrorCode.DATABASE_NOT_FOUND) {
      throw error;
    }
  }

  private static LongArray ids(List<Long> ids) {
    return LongArray.newBuilder().addAllData(ids).build();
  }
}
