package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import java.time.InstantSource;

/**
 * Every call of Milvus's protocol that is offered, by family. A method has the name of its RPC,
 * takes and answers its messages, blocks, and throws {@link io.elanus.model.error.ElanusException};
 * gRPC and REST are two doors to the same calls.
 */
public record MilvusCalls(
    CollectionCalls collections,
    PartitionCalls partitions,
    IndexCalls indexes,
    AliasCalls aliases,
    DatabaseCalls databases,
    LoadCalls loads,
    RowCalls rows,
    SearchCalls searches,
    QueryCalls queries,
    TextCalls texts,
    JobCalls jobs,
    StatisticsCalls statistics,
    SystemCalls system) {

  public static MilvusCalls over(Database database, InstantSource clock) {
    return new MilvusCalls(
        new CollectionCalls(database),
        new PartitionCalls(database),
        new IndexCalls(database),
        new AliasCalls(database),
        new DatabaseCalls(database),
        new LoadCalls(database),
        new RowCalls(database),
        new SearchCalls(database),
        new QueryCalls(database),
        new TextCalls(database),
        new JobCalls(database),
        new StatisticsCalls(database),
        new SystemCalls(database, clock));
  }
}
