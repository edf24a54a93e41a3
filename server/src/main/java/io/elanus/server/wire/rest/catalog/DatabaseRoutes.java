package io.elanus.server.wire.rest.catalog;

import io.elanus.server.wire.calls.DatabaseCalls;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.KeyValues;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.milvus.grpc.AlterDatabaseRequest;
import io.milvus.grpc.CreateDatabaseRequest;
import io.milvus.grpc.DescribeDatabaseRequest;
import io.milvus.grpc.DropDatabaseRequest;
import io.milvus.grpc.ListDatabasesRequest;
import java.util.List;

/** {@code /databases/}. */
final class DatabaseRoutes {
  private static final String NAME = "dbName";

  private final DatabaseCalls databases;

  DatabaseRoutes(DatabaseCalls databases) {
    this.databases = databases;
  }

  List<Route> routes() {
    return List.of(
        new Route("/databases/create", "CreateDatabase", this::create),
        new Route("/databases/drop", "DropDatabase", this::drop),
        new Route("/databases/list", "ListDatabases", this::list),
        new Route("/databases/describe", "DescribeDatabase", this::describe),
        new Route("/databases/alter", "AlterDatabase", this::alter),
        new Route("/databases/alter_properties", "AlterDatabase", this::alter),
        new Route("/databases/drop_properties", "AlterDatabase", this::dropProperties));
  }

  private Answer create(RestRequest request) {
    var body = request.body().require(NAME);
    var message =
        CreateDatabaseRequest.newBuilder()
            .setDbName(body.text(NAME))
            .addAllProperties(KeyValues.of(body.object("properties")))
            .build();
    databases.createDatabase(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer drop(RestRequest request) {
    var message =
        DropDatabaseRequest.newBuilder().setDbName(request.body().require(NAME).text(NAME)).build();
    databases.dropDatabase(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer list(RestRequest request) {
    var answer = databases.listDatabases(request.call(), ListDatabasesRequest.getDefaultInstance());
    return Answer.names(answer.getDbNamesList());
  }

  private Answer describe(RestRequest request) {
    var message =
        DescribeDatabaseRequest.newBuilder()
            .setDbName(request.body().require(NAME).text(NAME))
            .build();
    var answer = databases.describeDatabase(request.call(), message);
    return Answer.of(
        Json.NODES
            .objectNode()
            .put("dbName", answer.getDbName())
            .put("dbID", answer.getDbID())
            .set("properties", KeyValues.json(answer.getPropertiesList())));
  }

  private Answer alter(RestRequest request) {
    var body = request.body().require(NAME);
    var message =
        AlterDatabaseRequest.newBuilder()
            .setDbName(body.text(NAME))
            .addAllProperties(KeyValues.of(body.object("properties")))
            .build();
    databases.alterDatabase(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer dropProperties(RestRequest request) {
    var body = request.body().require(NAME, "propertyKeys");
    var message =
        AlterDatabaseRequest.newBuilder()
            .setDbName(body.text(NAME))
            .addAllDeleteKeys(body.texts("propertyKeys"))
            .build();
    databases.alterDatabase(request.call(), message);
    return Answer.EMPTY;
  }
}
