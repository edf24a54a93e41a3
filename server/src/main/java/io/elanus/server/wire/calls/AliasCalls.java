package io.elanus.server.wire.calls;

import io.elanus.model.Database;
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
    throw new UnsupportedOperationException("createAlias" + database);
  }

  public Status dropAlias(Call call, DropAliasRequest request) {
    throw new UnsupportedOperationException("dropAlias" + database);
  }

  public Status alterAlias(Call call, AlterAliasRequest request) {
    throw new UnsupportedOperationException("alterAlias" + database);
  }

  public DescribeAliasResponse describeAlias(Call call, DescribeAliasRequest request) {
    throw new UnsupportedOperationException("describeAlias" + database);
  }

  public ListAliasesResponse listAliases(Call call, ListAliasesRequest request) {
    throw new UnsupportedOperationException("listAliases" + database);
  }
}
