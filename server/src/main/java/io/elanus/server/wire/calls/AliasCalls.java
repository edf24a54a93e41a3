package io.elanus.server.wire.calls;

import io.elanus.model.Aliases;
import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.server.reply.Statuses;
import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.DescribeAliasRequest;
import io.milvus.grpc.DescribeAliasResponse;
import io.milvus.grpc.DropAliasRequest;
import io.milvus.grpc.ListAliasesRequest;
import io.milvus.grpc.ListAliasesResponse;
import io.milvus.grpc.Status;

/** Other names of collections. */
public final class AliasCalls {
  private final Database database;

  public AliasCalls(Database database) {
    this.database = database;
  }

  public Status createAlias(Call call, CreateAliasRequest request) {
    database
        .aliases()
        .create(
            call.in(request.getDbName()),
            Ask.named("alias", request.getAlias()),
            Ask.named("collection", request.getCollectionName()));
    return Statuses.SUCCESS;
  }

  public Status dropAlias(Call call, DropAliasRequest request) {
    database.aliases().drop(call.in(request.getDbName()), Ask.named("alias", request.getAlias()));
    return Statuses.SUCCESS;
  }

  public Status alterAlias(Call call, AlterAliasRequest request) {
    database
        .aliases()
        .alter(
            call.in(request.getDbName()),
            Ask.named("alias", request.getAlias()),
            Ask.named("collection", request.getCollectionName()));
    return Statuses.SUCCESS;
  }

  public DescribeAliasResponse describeAlias(Call call, DescribeAliasRequest request) {
    Caller caller = call.in(request.getDbName());
    String alias = Ask.named("alias", request.getAlias());
    return DescribeAliasResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setDbName(caller.database())
        .setAlias(alias)
        .setCollection(database.aliases().describe(caller, alias))
        .build();
  }

  /** Of one collection, or of the whole database where the request names none. */
  public ListAliasesResponse listAliases(Call call, ListAliasesRequest request) {
    Caller caller = call.in(request.getDbName());
    ListAliasesResponse.Builder answer =
        ListAliasesResponse.newBuilder()
            .setStatus(Statuses.SUCCESS)
            .setDbName(caller.database())
            .setCollectionName(request.getCollectionName());
    for (Aliases.Alias alias : database.aliases().list(caller, request.getCollectionName())) {
      answer.addAliases(alias.name());
    }
    return answer.build();
  }
}
