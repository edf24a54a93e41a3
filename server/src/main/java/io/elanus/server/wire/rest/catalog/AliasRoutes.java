package io.elanus.server.wire.rest.catalog;

import io.elanus.server.wire.calls.AliasCalls;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.DescribeAliasRequest;
import io.milvus.grpc.DropAliasRequest;
import io.milvus.grpc.ListAliasesRequest;
import java.util.List;

/** {@code /aliases/}. */
final class AliasRoutes {
  private final AliasCalls aliases;

  AliasRoutes(AliasCalls aliases) {
    this.aliases = aliases;
  }

  List<Route> routes() {
    return List.of(
        new Route("/aliases/list", "ListAliases", this::list),
        new Route("/aliases/describe", "DescribeAlias", this::describe),
        new Route("/aliases/create", "CreateAlias", this::create),
        new Route("/aliases/drop", "DropAlias", this::drop),
        new Route("/aliases/alter", "AlterAlias", this::alter));
  }

  private Answer list(RestRequest request) {
    var message =
        ListAliasesRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(request.body().text("collectionName"))
            .build();
    return Answer.names(aliases.listAliases(request.call(), message).getAliasesList());
  }

  private Answer describe(RestRequest request) {
    var message =
        DescribeAliasRequest.newBuilder()
            .setDbName(request.database())
            .setAlias(request.body().require("aliasName").text("aliasName"))
            .build();
    var answer = aliases.describeAlias(request.call(), message);
    return Answer.of(
        Json.NODES
            .objectNode()
            .put("dbName", answer.getDbName())
            .put("collectionName", answer.getCollection())
            .put("aliasName", answer.getAlias()));
  }

  private Answer create(RestRequest request) {
    var body = request.body().require("collectionName", "aliasName");
    var message =
        CreateAliasRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text("collectionName"))
            .setAlias(body.text("aliasName"))
            .build();
    aliases.createAlias(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer drop(RestRequest request) {
    var message =
        DropAliasRequest.newBuilder()
            .setDbName(request.database())
            .setAlias(request.body().require("aliasName").text("aliasName"))
            .build();
    aliases.dropAlias(request.call(), message);
    return Answer.EMPTY;
  }

  private Answer alter(RestRequest request) {
    var body = request.body().require("collectionName", "aliasName");
    var message =
        AlterAliasRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text("collectionName"))
            .setAlias(body.text("aliasName"))
            .build();
    aliases.alterAlias(request.call(), message);
    return Answer.EMPTY;
  }
}
