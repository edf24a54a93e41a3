package io.elanus.server.wire.calls;

import io.elanus.model.Database;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.server.reply.KeyValuePairs;
import io.elanus.server.reply.Statuses;
import io.elanus.server.validate.KeyValues;
import io.milvus.grpc.AlterDatabaseRequest;
import io.milvus.grpc.CreateDatabaseRequest;
import io.milvus.grpc.DescribeDatabaseRequest;
import io.milvus.grpc.DescribeDatabaseResponse;
import io.milvus.grpc.DropDatabaseRequest;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.ListDatabasesResponse;
import io.milvus.grpc.Status;
import java.util.Set;

/** Databases: name spaces of collections. The database of the connection plays no part here. */
public final class DatabaseCalls {
  private final Database database;

  public DatabaseCalls(Database database) {
    this.database = database;
  }

  public Status createDatabase(Call call, CreateDatabaseRequest request) {
    database
        .databases()
        .create(
            call.caller(), request.getDbName(), KeyValues.of(request.getPropertiesList()).asMap());
    return Statuses.SUCCESS;
  }

  public Status dropDatabase(Call call, DropDatabaseRequest request) {
    database.databases().drop(call.caller(), Ask.named("database", request.getDbName()));
    return Statuses.SUCCESS;
  }

  public ListDatabasesResponse listDatabases(Call call, ListDatabasesRequest request) {
    ListDatabasesResponse.Builder answer =
        ListDatabasesResponse.newBuilder().setStatus(Statuses.SUCCESS);
    for (DatabaseInfo info : database.databases().list(call.caller())) {
      answer
          .addDbNames(info.name())
          .addDbIds(info.id())
          .addCreatedTimestamp(info.createdTimestamp());
    }
    return answer.build();
  }

  /** The connection's own database where the request names none. */
  public DescribeDatabaseResponse describeDatabase(Call call, DescribeDatabaseRequest request) {
    String name = call.in(request.getDbName()).database();
    DatabaseInfo info = database.databases().describe(call.caller(), name);
    return DescribeDatabaseResponse.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setDbName(info.name())
        .setDbID(info.id())
        .setCreatedTimestamp(info.createdTimestamp())
        .addAllProperties(KeyValuePairs.of(info.properties()))
        .build();
  }

  public Status alterDatabase(Call call, AlterDatabaseRequest request) {
    database
        .databases()
        .alter(
            call.caller(),
            Ask.named("database", request.getDbName()),
            KeyValues.of(request.getPropertiesList()).asMap(),
            Set.copyOf(request.getDeleteKeysList()));
    return Statuses.SUCCESS;
  }
}
