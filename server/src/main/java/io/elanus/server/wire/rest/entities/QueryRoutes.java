package io.elanus.server.wire.rest.entities;

import com.fasterxml.jackson.databind.JsonNode;
import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.rest.json.Body;
import io.elanus.server.wire.rest.json.Consistencies;
import io.elanus.server.wire.rest.json.ExpressionParams;
import io.elanus.server.wire.rest.json.KeyValues;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.elanus.server.wire.rest.rows.PrimaryKeys;
import io.elanus.server.wire.rest.rows.RowWriter;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import java.util.ArrayList;
import java.util.List;

/** {@code /entities/}: query and get. */
final class QueryRoutes {
  private static final String COLLECTION = "collectionName";
  private static final String COUNT = "count(*)";
  private static final long LIMIT_DEFAULT = 100;

  private final MilvusCalls calls;

  QueryRoutes(MilvusCalls calls) {
    this.calls = calls;
  }

  List<Route> routes() {
    return List.of(
        new Route("/entities/query", "Query", this::query),
        new Route("/entities/get", "Query", this::get));
  }

  private Answer query(RestRequest request) {
    Body body = request.body().require(COLLECTION);
    List<String> outputFields = outputFields(body);
    var message =
        message(request, outputFields)
            .setExpr(body.text("filter"))
            .putAllExprTemplateValues(ExpressionParams.of(body.object("exprParams")));
    long offset = body.integer("offset", 0);
    if (offset != 0) {
      message.addQueryParams(KeyValues.of("offset", offset));
    }
    // A count takes no limit, and nobody who counts means the default one.
    if (!outputFields.contains(COUNT) || body.has("limit")) {
      message.addQueryParams(KeyValues.of("limit", body.integer("limit", LIMIT_DEFAULT)));
    }
    return rows(request, outputFields, calls.queries().query(request.call(), message.build()));
  }

  private Answer get(RestRequest request) {
    Body body = request.body().require(COLLECTION, "id");
    List<String> outputFields = outputFields(body);
    JsonNode id = body.member("id");
    if (id == null) {
      throw new IllegalStateException("required above");
    }
    var schema = EntityRoutes.collection(calls, request).getSchema();
    var filter = PrimaryKeys.filter(schema, id);
    var message =
        message(request, outputFields)
            .setExpr(filter.expression())
            .putAllExprTemplateValues(filter.values())
            .build();
    return rows(request, outputFields, calls.queries().query(request.call(), message));
  }

  private static List<String> outputFields(Body body) {
    return body.has("outputFields") ? body.texts("outputFields") : List.of("*");
  }

  /** {@code partitionNames}, or the one {@code partitionName}. */
  static List<String> partitions(Body body) {
    List<String> names = new ArrayList<>(body.texts("partitionNames"));
    if (names.isEmpty() && !body.text("partitionName").isEmpty()) {
      names.add(body.text("partitionName"));
    }
    return names;
  }

  private static QueryRequest.Builder message(RestRequest request, List<String> outputFields) {
    Body body = request.body();
    String level = body.text("consistencyLevel");
    ConsistencyLevel consistency =
        level.isEmpty() ? ConsistencyLevel.Bounded : Consistencies.level(level);
    return QueryRequest.newBuilder()
        .setDbName(request.database())
        .setCollectionName(body.text(COLLECTION))
        .addAllPartitionNames(partitions(body))
        .addAllOutputFields(outputFields)
        .setUseDefaultConsistency(level.isEmpty())
        .setConsistencyLevel(consistency)
        .setGuaranteeTimestamp(Consistencies.timestamp(consistency));
  }

  private static Answer rows(RestRequest request, List<String> outputFields, QueryResults results) {
    RowWriter writer = new RowWriter(request.int64AsNumbers(), outputFields);
    Answer answer = Answer.streamed(out -> writer.write(out, results.getFieldsDataList()));
    answer.beside().put("cost", Costs.of(results.getStatus()));
    return answer;
  }
}
