package io.elanus.server.wire.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.HybridSearchRequest;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.SearchRequest;
import io.elanus.server.fixture.EchoDatabase;
import io.elanus.server.guard.OpenGuard;
import io.elanus.server.guard.PasswordGuard;
import io.elanus.server.guard.Secret;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What REST makes of requests and of answers, over a database that says back what it heard. */
class RestServiceTest {
  private static final String CREATE =
      """
      {"collectionName":"c","schema":{"enableDynamicField":true,"fields":[
        {"fieldName":"id","dataType":"Int64","isPrimary":true},
        {"fieldName":"v","dataType":"FloatVector","elementTypeParams":{"dim":2}},
        {"fieldName":"name","dataType":"VarChar","elementTypeParams":{"max_length":20},
         "nullable":true}]}}
      """;
  private static final String ROWS =
      """
      {"collectionName":"c","data":[{"id":1,"v":[1,2],"name":"a","extra":[1.5]},
                                    {"id":"9007199254740993","v":[3,4],"name":null}]}
      """;

  private static EchoDatabase database;
  private static RestServer server;
  private static RestClient client;

  @BeforeAll
  static void start() {
    database = new EchoDatabase();
    server = new RestServer(database, new OpenGuard(), RestConfig.defaults());
    client = new RestClient(server.port());
    client.data("/collections/create", CREATE);
    client.data("/entities/insert", ROWS);
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @BeforeEach
  void healthy() {
    database.failure = null;
  }

  @Test
  void rowsGoInAndKeysComeBack() {
    JsonNode data = client.data("/entities/insert", ROWS);
    assertThat(data.toString()).isEqualTo("{\"insertCount\":2,\"insertIds\":[1,9007199254740993]}");
    InsertRequest heard = (InsertRequest) database.lastRequest;
    assertThat(heard.rows().size()).isEqualTo(2);
    assertThat(heard.rows().require("name").isNull(1)).isTrue();
    assertThat(heard.schemaTimestamp()).isPositive();
    JsonNode asText = client.data("/entities/upsert", ROWS, "Accept-Type-Allow-Int64", "false");
    assertThat(asText.toString())
        .isEqualTo("{\"upsertCount\":2,\"upsertIds\":[\"1\",\"9007199254740993\"]}");
  }

  @Test
  void oneRowNeedsNoArray() {
    client.data("/entities/insert", "{\"collectionName\":\"c\",\"data\":{\"id\":5,\"v\":[1,2]}}");
    assertThat(((InsertRequest) database.lastRequest).rows().size()).isEqualTo(1);
    client.data("/entities/insert", ROWS);
  }

  @Test
  void queriesAnswerRowsWithDynamicKeys() {
    JsonNode answer =
        client.post("/entities/query", "{\"collectionName\":\"c\",\"filter\":\"id > 0\"}");
    assertThat(answer.path("data").toString())
        .isEqualTo(
            "[{\"id\":1,\"v\":[1.0,2.0],\"name\":\"a\",\"extra\":[1.5]},"
                + "{\"id\":9007199254740993,\"v\":[3.0,4.0],\"name\":null}]");
    assertThat(answer.path("cost").asInt(-1)).isZero();
    QueryRequest heard = (QueryRequest) database.lastRequest;
    assertThat(heard.limit()).isEqualTo(100);
    assertThat(heard.outputFields()).containsExactly("*");
    assertThat(heard.filter().expression()).isEqualTo("id > 0");
    assertThat(heard.consistency()).isEqualTo(Consistency.BOUNDED);
  }

  @Test
  void queriesCarryEverythingTheyWereGiven() {
    client.data(
        "/entities/query",
        """
        {"collectionName":"c","filter":"id in {ids}","exprParams":{"ids":[1,2]},"limit":7,
         "offset":3,"outputFields":["name"],"partitionNames":["p"],"consistencyLevel":"Strong"}
        """);
    QueryRequest heard = (QueryRequest) database.lastRequest;
    assertThat(heard.limit()).isEqualTo(7);
    assertThat(heard.offset()).isEqualTo(3);
    assertThat(heard.partitions()).containsExactly("p");
    assertThat(heard.filter().parameters()).isEqualTo(Map.of("ids", List.of(1L, 2L)));
    assertThat(heard.consistency()).isEqualTo(Consistency.STRONG);
  }

  @Test
  void getsAreQueriesByBoundKeys() {
    client.data("/entities/get", "{\"collectionName\":\"c\",\"id\":[1,\"2\"]}");
    QueryRequest heard = (QueryRequest) database.lastRequest;
    assertThat(heard.filter().parameters().values()).containsExactly(List.of(1L, 2L));
    client.data("/entities/get", "{\"collectionName\":\"c\",\"id\":0}");
    assertThat(client.error(1806, "/entities/get", "{\"collectionName\":\"c\",\"id\":\"x\"}"))
        .contains("\"x\"");
  }

  @Test
  void countsTakeNoDefaultLimit() {
    client.data("/entities/query", "{\"collectionName\":\"c\",\"outputFields\":[\"count(*)\"]}");
    assertThat(((QueryRequest) database.lastRequest).limit()).isEqualTo(QueryRequest.NO_LIMIT);
  }

  @Test
  void searchesAnswerFlatHits() {
    JsonNode answer =
        client.post(
            "/entities/search",
            """
            {"collectionName":"c","data":[[1,2],[3,4]],"annsField":"v","limit":5,"offset":1,
             "filter":"id > {low}","exprParams":{"low":1},"outputFields":["extra"],
             "searchParams":{"metricType":"L2","params":{"ef":40}}}
            """);
    assertThat(answer.path("topks").toString()).isEqualTo("[2,2]");
    assertThat(answer.path("data")).hasSize(4);
    assertThat(answer.path("data").get(0).path("distance").isNumber()).isTrue();
    assertThat(answer.path("data").get(0).path("extra").toString()).isEqualTo("[1.5]");
    SearchRequest heard = (SearchRequest) database.lastRequest;
    assertThat(heard.queryCount()).isEqualTo(2);
    assertThat(heard.limit()).isEqualTo(5);
    assertThat(heard.offset()).isEqualTo(1);
    assertThat(heard.vectorField()).isEqualTo("v");
    assertThat(heard.params().values()).containsEntry("ef", "40");
    assertThat(String.valueOf(heard.metric())).isEqualTo("L2");
  }

  @Test
  void hybridSearchesGoByTwoNames() {
    String body =
        """
        {"collectionName":"c","search":[
           {"data":[[1,2]],"annsField":"v","limit":4,"params":{"ef":9},"metricType":"L2"},
           {"data":[[1,2]],"annsField":"v","limit":6,"filter":"id > 1"}],
         "rerank":{"strategy":"rrf","params":{"k":10}},"limit":3}
        """;
    for (String path : List.of("/entities/hybrid_search", "/entities/advanced_search")) {
      client.data(path, body);
      HybridSearchRequest heard = (HybridSearchRequest) database.lastRequest;
      assertThat(heard.limit()).isEqualTo(3);
      assertThat(heard.searches()).extracting(SearchRequest::limit).containsExactly(4, 6);
      assertThat(heard.searches().get(1).filter().expression()).isEqualTo("id > 1");
    }
    assertThat(
            client.error(
                1802, "/entities/hybrid_search", "{\"collectionName\":\"c\",\"search\":[{}]}"))
        .contains("data");
  }

  @Test
  void deletesGoByFilterOrKey() {
    client.data("/entities/delete", "{\"collectionName\":\"c\",\"filter\":\"id == 1\"}");
    assertThat(((DeleteRequest) database.lastRequest).filter().expression()).isEqualTo("id == 1");
    client.data("/entities/insert", ROWS);
    JsonNode data = client.data("/entities/delete", "{\"collectionName\":\"c\",\"id\":7}");
    assertThat(data.path("deleteCount").asInt()).isEqualTo(2);
    client.data("/entities/insert", ROWS);
    assertThat(client.error(1802, "/entities/delete", "{\"collectionName\":\"c\"}"))
        .contains("filter");
  }

  @Test
  void collectionsAreDescribed() {
    JsonNode answer = client.post("/collections/describe", "{\"collectionName\":\"c\"}");
    JsonNode data = answer.path("data");
    assertThat(data.path("load").asText()).isEqualTo("LoadStateLoaded");
    assertThat(data.path("fields")).hasSize(3);
    assertThat(data.path("fields").get(1).path("params").toString())
        .isEqualTo("[{\"key\":\"dim\",\"value\":\"2\"}]");
    assertThat(data.path("fields").get(2).path("nullable").asBoolean()).isTrue();
    assertThat(data.path("consistencyLevel").asText()).isEqualTo("Bounded");
    // The echo has no indexes: what failed on the way is said beside the rest.
    assertThat(answer.path("message").asText()).contains("indexes");
  }

  @Test
  void smallAnswersHaveTheirShapes() {
    assertThat(client.data("/collections/list", "{}").toString()).contains("\"c\"");
    assertThat(client.data("/collections/has", "{\"collectionName\":\"c\"}").toString())
        .isEqualTo("{\"has\":true}");
    assertThat(client.data("/collections/has", "{\"collectionName\":\"d\"}").toString())
        .isEqualTo("{\"has\":false}");
    assertThat(client.data("/collections/get_stats", "{\"collectionName\":\"c\"}").toString())
        .isEqualTo("{\"rowCount\":2}");
    assertThat(client.data("/collections/get_load_state", "{\"collectionName\":\"c\"}").toString())
        .isEqualTo("{\"loadState\":\"LoadStateLoaded\",\"loadProgress\":100,\"message\":\"\"}");
    assertThat(client.data("/databases/list", "{}").toString()).isEqualTo("[\"default\"]");
    assertThat(client.error(100, "/collections/get_load_state", "{\"collectionName\":\"d\"}"))
        .contains("[collection=d]");
  }

  @Test
  void errorsOfTheDatabaseHaveTheirCodes() {
    assertThat(client.error(100, "/entities/query", "{\"collectionName\":\"absent\"}"))
        .contains("absent");
    database.failure = new ElanusException(ErrorCode.COLLECTION_NOT_LOADED, "not loaded yet");
    assertThat(client.error(101, "/entities/query", "{\"collectionName\":\"c\"}"))
        .contains("not loaded yet");
    database.failure = new IllegalStateException("a secret of ours");
    assertThat(client.error(65535, "/entities/query", "{\"collectionName\":\"c\"}"))
        .doesNotContain("secret");
    database.failure = new ElanusException(ErrorCode.NOT_PERMITTED, "you may not");
    HttpResponse<String> forbidden =
        client.send("POST", "/v2/vectordb/entities/query", "{\"collectionName\":\"c\"}");
    assertThat(forbidden.statusCode()).isEqualTo(403);
    assertThat(RestClient.json(forbidden.body()).path("message").asText()).contains("you may not");
  }

  @Test
  void errorsOfTheBodyHaveTheirCodes() {
    assertThat(client.error(1801, "/entities/query", "")).contains("{} is valid");
    client.error(1801, "/entities/query", "{\"collectionName\":");
    client.error(1801, "/entities/query", "[".repeat(1_000_000));
    assertThat(client.error(1801, "/entities/query", "{\"collectionName\":3}"))
        .contains("collectionName must be a string");
    assertThat(client.error(1802, "/entities/insert", "{}")).contains("collectionName, data");
    assertThat(
            client.error(
                1804,
                "/entities/insert",
                "{\"collectionName\":\"c\",\"data\":[{\"id\":1,\"v\":[1,\"x\"]}]}"))
        .contains("row 0, field \"v\"");
    assertThat(
            client.error(1801, "/entities/search", "{\"collectionName\":\"c\",\"data\":[[1,2,3]]}"))
        .contains("an array of 2 numbers, but has 3");
    assertThat(
            client.error(
                1100,
                "/entities/query",
                "{\"collectionName\":\"c\",\"consistencyLevel\":\"Sometimes\"}"))
        .contains("Sometimes");
  }

  @Test
  void whatIsNotOfferedSaysSo() {
    for (String path :
        List.of(
            "/users/list",
            "/roles/grant_privilege_v2",
            "/jobs/import/create",
            "/resource_groups/list",
            "/quotacenter/describe")) {
      assertThat(client.error(10, path, "{}")).contains(path);
    }
    HttpResponse<String> old = client.send("POST", "/v1/vector/search", "{}");
    assertThat(RestClient.json(old.body()).path("message").asText()).contains("/v2/vectordb");
  }

  @Test
  void unknownPathsNameTheNearest() {
    HttpResponse<String> response = client.send("POST", "/v2/vectordb/collection/descibe", "{}");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(RestClient.json(response.body()).path("message").asText())
        .contains("did you mean /collections/describe?");
    assertThat(client.send("GET", "/v2/vectordb/collections/list", "").statusCode()).isEqualTo(405);
    assertThat(client.send("POST", "/v2/vectordb/" + "x".repeat(3000), "{}").statusCode())
        .isEqualTo(404);
  }

  @Test
  void theDatabaseComesFromBodyOrHeader() {
    client.data("/entities/query", "{\"collectionName\":\"c\"}");
    assertThat(database.lastCaller.database()).isEqualTo("default");
    client.data("/entities/query", "{\"collectionName\":\"c\"}", "DB-Name", "other");
    assertThat(database.lastCaller.database()).isEqualTo("other");
    client.data(
        "/entities/query", "{\"collectionName\":\"c\",\"dbName\":\"mine\"}", "DB-Name", "other");
    assertThat(database.lastCaller.database()).isEqualTo("mine");
  }

  @Test
  void quickCreateMakesKeyVectorAndDynamicField() {
    // The echo has no indexes, so the collection is made and its index is not.
    client.error(3000, "/collections/create", "{\"collectionName\":\"q\",\"dimension\":4}");
    JsonNode data = client.post("/collections/describe", "{\"collectionName\":\"q\"}").path("data");
    assertThat(data.path("enableDynamicField").asBoolean()).isTrue();
    assertThat(data.path("fields").get(0).path("name").asText()).isEqualTo("id");
    assertThat(data.path("fields").get(1).path("name").asText()).isEqualTo("vector");
    assertThat(client.error(1100, "/collections/create", "{\"collectionName\":\"q2\"}"))
        .contains("dimension is required");
    assertThat(
            client.error(
                1802,
                "/collections/create",
                "{\"collectionName\":\"q2\",\"dimension\":4,\"idType\":\"VarChar\"}"))
        .contains("params.max_length");
    assertThat(
            client.error(
                1802,
                "/collections/create",
                CREATE.replace(
                    "{\"collectionName\":\"c\"",
                    "{\"collectionName\":\"q2\",\"indexParams\":[{\"fieldName\":\"w\"}]")))
        .contains("`w` hasn't defined in schema");
  }

  @Test
  void requestsThatTakeTooLongAreAnswered() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    database.failure = null;
    EchoDatabase slow =
        new EchoDatabase() {
          @Override
          public boolean exists(io.elanus.model.Caller caller, String name) {
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return true;
          }
        };
    try (RestServer slowServer = new RestServer(slow, new OpenGuard(), RestConfig.defaults());
        RestClient slowClient = new RestClient(slowServer.port())) {
      assertThat(
              slowClient.error(
                  10001, "/collections/has", "{\"collectionName\":\"c\"}", "Request-Timeout", "1"))
          .contains("Request-Timeout");
      release.countDown();
    }
    assertThat(client.error(1801, "/collections/list", "{}", "Request-Timeout", "soon"))
        .contains("soon");
  }

  @Test
  void bodiesAndAnswersAreBounded() {
    RestConfig small = new RestConfig(true, Duration.ofSeconds(10), 1000, 500);
    try (RestServer smallServer = new RestServer(database, new OpenGuard(), small);
        RestClient smallClient = new RestClient(smallServer.port())) {
      String large = "{\"collectionName\":\"c\",\"filter\":\"" + " ".repeat(2000) + "\"}";
      assertThat(smallClient.error(1102, "/entities/query", large)).contains("1000 bytes");
      assertThat(smallClient.data("/entities/query", "{\"collectionName\":\"c\"}")).hasSize(2);
      StringBuilder rows = new StringBuilder("{\"collectionName\":\"c\",\"data\":[");
      for (int i = 0; i < 30; i++) {
        rows.append(i == 0 ? "" : ",").append("{\"id\":1,\"v\":[1,2]}");
      }
      client.data("/entities/insert", rows.append("]}").toString());
      assertThat(smallClient.error(1102, "/entities/query", "{\"collectionName\":\"c\"}"))
          .contains("500 bytes");
    }
    client.data("/entities/insert", ROWS);
  }

  @Test
  void nobodyIsRefusedAndWhoIsKnownIsNot() {
    PasswordGuard guard = new PasswordGuard(new Secret("open:sesame"));
    try (RestServer guarded = new RestServer(database, guard, RestConfig.defaults());
        RestClient guest = new RestClient(guarded.port())) {
      String path = "/v2/vectordb/collections/list";
      String basic =
          Base64.getEncoder()
              .encodeToString("root:open:sesame".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      for (String[] headers :
          new String[][] {
            {},
            {"Authorization", "Bearer root:wrong"},
            {"Authorization", "Bearer token"},
            {"Authorization", "Basic !"},
            {"Authorization", "Digest x"}
          }) {
        HttpResponse<String> refused = guest.send("POST", path, "{}", headers);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(RestClient.json(refused.body()).path("code").asInt()).isEqualTo(1800);
      }
      guest.data("/collections/list", "{}", "Authorization", "Bearer root:open:sesame");
      guest.data("/collections/list", "{}", "Authorization", "Basic " + basic);
    }
  }

  @Test
  void callsAreCounted() {
    double before = requests("Search");
    client.data("/entities/search", "{\"collectionName\":\"c\",\"data\":[[1,2]]}");
    assertThat(requests("Search")).isEqualTo(before + 1);
    assertThat(server.meters.get("milvus_proxy_insert_vectors_count").gauge().value()).isPositive();
  }

  private static double requests(String method) {
    var gauge =
        server
            .meters
            .find("milvus_proxy_req_count")
            .tags("function_name", method, "status", "success")
            .gauge();
    return gauge == null ? 0 : gauge.value();
  }
}
