package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import io.milvus.grpc.AlterDatabaseRequest;
import io.milvus.grpc.CreateDatabaseRequest;
import io.milvus.grpc.DescribeDatabaseRequest;
import io.milvus.grpc.DescribeDatabaseResponse;
import io.milvus.grpc.DropDatabaseRequest;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.ListDatabasesResponse;
import io.milvus.grpc.Status;

/** Databases: name spaces of collections. */
public final class DatabaseCalls {
  private final Database database;

  public DatabaseCalls(Database database) {
    this.database = database;
  }

  public Status createDatabase(Call call, CreateDatabaseRequest request) {
    throw new UnsupportedOperationException("createDatabase" + database);
  }

  public Status dropDatabase(Call call, DropDatabaseRequest request) {
    throw new UnsupportedOperationException("dropDatabase" + database);
  }

  public ListDatabasesResponse listDatabases(Call call, ListDatabasesRequest request) {
    throw new UnsupportedOperationException("listDatabases" + database);
  }

  public DescribeDatabaseResponse describeDatabase(Call call, DescribeDatabaseRequest request) {
    throw new UnsupportedOperationException("describeDatabase" + database);
  }

  public Status alterDatabase(Call call, AlterDatabaseRequest request) {
    throw new UnsupportedOperationException("alterDatabase" + database);
  }
}
