package io.elanus.server.wire.rest.entities;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.rest.json.Body;
import io.elanus.server.wire.rest.json.Consistencies;
import io.elanus.server.wire.rest.json.ExpressionParams;
import io.elanus.server.wire.rest.json.KeyValues;
import io.elanus.server.wire.rest.json.SchemaReader;
import io.elanus.server.wire.rest.json.SearchParameters;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.elanus.server.wire.rest.rows.QueryVectors;
import io.elanus.server.wire.rest.rows.RowWriter;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DslType;
import io.milvus.grpc.FunctionScore;
import io.milvus.grpc.HybridSearchRequest;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.SearchRequest;
import io.milvus.grpc.SearchResultData;
import io.milvus.grpc.SearchResults;
import java.util.ArrayList;
import java.util.List;

/** {@code /entities/}: search and hybrid search. */
final class SearchRoutes {
  private static final String COLLECTION = "collectionName";
  private static final long LIMIT_DEFAULT = 100;

  private final MilvusCalls calls;

  SearchRoutes(MilvusCalls calls) {
    this.calls = calls;
  }

  List<Route> routes() {
    return List.of(
        new Route("/entities/search", "Search", this::search),
        new Route("/entities/hybrid_search", "HybridSearch", this::hybridSearch),
        new Route("/entities/advanced_search", "HybridSearch", this::hybridSearch));
  }

  private Answer search(RestRequest request) {
    Body body = request.body().require(COLLECTION, "data");
    String level = body.text("consistencyLevel");
    ConsistencyLevel consistency =
        level.isEmpty() ? ConsistencyLevel.Bounded : Consistencies.level(level);
    CollectionSchema schema = EntityRoutes.collection(calls, request).getSchema();
    List<String> outputFields = body.texts("outputFields");
    var message =
        one(schema, body)
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .addAllPartitionNames(QueryRoutes.partitions(body))
            .addAllOutputFields(outputFields)
            .addAllSearchParams(SearchParameters.of(body.object("searchParams")))
            .addAllSearchParams(grouping(body))
            .setFunctionScore(functionScore(body))
            .setUseDefaultConsistency(level.isEmpty())
            .setConsistencyLevel(consistency)
            .setGuaranteeTimestamp(Consistencies.timestamp(consistency))
            .build();
    return hits(request, outputFields, calls.searches().search(request.call(), message));
  }

  private Answer hybridSearch(RestRequest request) {
    Body body = request.body().require(COLLECTION, "search");
    String level = body.text("consistencyLevel");
    ConsistencyLevel consistency =
        level.isEmpty() ? ConsistencyLevel.Bounded : Consistencies.level(level);
    CollectionSchema schema = EntityRoutes.collection(calls, request).getSchema();
    List<String> outputFields = body.texts("outputFields");
    var message =
        HybridSearchRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .addAllPartitionNames(QueryRoutes.partitions(body))
            .addAllOutputFields(outputFields)
            .addAllRankParams(ranking(body))
            .addAllRankParams(grouping(body))
            .setFunctionScore(functionScore(body))
            .setUseDefaultConsistency(level.isEmpty())
            .setConsistencyLevel(consistency)
            .setGuaranteeTimestamp(Consistencies.timestamp(consistency));
    for (Body search : body.parts("search")) {
      message.addRequests(
          one(schema, search.require("data"))
              .setDbName(request.database())
              .setCollectionName(body.text(COLLECTION))
              .addAllSearchParams(subParams(search))
              .addAllSearchParams(grouping(search)));
    }
    SearchResults results = calls.searches().hybridSearch(request.call(), message.build());
    return hits(request, outputFields, results);
  }

  /** What a search and a part of a hybrid search have in common. */
  private static SearchRequest.Builder one(CollectionSchema schema, Body search) {
    var queries = QueryVectors.read(schema, search.text("annsField"), search.data());
    return SearchRequest.newBuilder()
        .setDsl(search.text("filter"))
        .setDslType(DslType.BoolExprV1)
        .putAllExprTemplateValues(ExpressionParams.of(search.object("exprParams")))
        .setPlaceholderGroup(queries.placeholderGroup())
        .setNq(queries.count())
        .addSearchParams(KeyValues.of("anns_field", queries.annsField()))
        .addSearchParams(KeyValues.of("topk", search.integer("limit", LIMIT_DEFAULT)))
        .addSearchParams(KeyValues.of("offset", search.integer("offset", 0)));
  }

  /** A part's parameters stand under {@code params} or {@code searchParams}, its metric beside. */
  private static List<KeyValuePair> subParams(Body search) {
    var params = search.object(search.has("searchParams") ? "searchParams" : "params").deepCopy();
    String metric = search.text("metricType");
    if (!metric.isEmpty()) {
      params.put("metricType", metric);
    }
    return SearchParameters.of(params);
  }

  private static List<KeyValuePair> grouping(Body body) {
    List<KeyValuePair> pairs = new ArrayList<>();
    String field = body.text("groupingField", body.text("groupByField"));
    if (!field.isEmpty()) {
      pairs.add(KeyValues.of("group_by_field", field));
      if (body.has("groupSize")) {
        pairs.add(KeyValues.of("group_size", body.integer("groupSize", 1)));
        boolean isStrict = body.flag("strictGroupSize", false);
        pairs.add(KeyValues.of("strict_group_size", Boolean.toString(isStrict)));
      }
    }
    return pairs;
  }

  private static List<KeyValuePair> ranking(Body body) {
    List<KeyValuePair> pairs = new ArrayList<>();
    Body rerank = body.part("rerank");
    if (rerank.has("strategy")) {
      pairs.add(KeyValues.of("strategy", rerank.text("strategy")));
      pairs.add(KeyValues.of("params", rerank.object("params").toString()));
    }
    pairs.add(KeyValues.of("limit", body.integer("limit", LIMIT_DEFAULT)));
    pairs.add(KeyValues.of("offset", body.integer("offset", 0)));
    pairs.add(KeyValues.of("round_decimal", -1));
    return pairs;
  }

  private static FunctionScore functionScore(Body body) {
    Body score = body.part("functionScore");
    var message = FunctionScore.newBuilder().addAllParams(KeyValues.of(score.object("params")));
    for (Body function : score.parts("functions")) {
      message.addFunctions(SchemaReader.function(function));
    }
    return message.build();
  }

  private static Answer hits(
      RestRequest request, List<String> outputFields, SearchResults results) {
    SearchResultData data = results.getResults();
    RowWriter writer = new RowWriter(request.int64AsNumbers(), outputFields);
    String key = data.getPrimaryFieldName();
    var hits =
        new RowWriter.Hits(
            key.isEmpty() ? "id" : key,
            data.getIds(),
            data.getScoresList(),
            data.getFieldsDataList());
    Answer answer = Answer.streamed(out -> writer.write(out, hits));
    answer.beside().put("cost", Costs.of(results.getStatus()));
    ArrayNode topks = answer.beside().putArray("topks");
    data.getTopksList().forEach(topks::add);
    return answer.counting(data.getNumQueries());
  }
}
