package io.elanus.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a script does over REST, from an empty folder to an empty folder, everything embedded. */
class RestFlowTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Process process;
  private static HttpClient http;

  @BeforeAll
  static void start(@TempDir Path folder) {
    process =
        Process.start(
            Settings.DEFAULT
                .with("port", "0")
                .with("admin-port", "0")
                .with("data", folder.resolve("data").toString()));
    http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void stop() {
    http.close();
    process.close();
  }

  @Test
  void quickCreateToDrop() {
    data("/collections/create", "{\"collectionName\":\"quick\",\"dimension\":2}");
    JsonNode described = data("/collections/describe", "{\"collectionName\":\"quick\"}");
    assertThat(described.path("load").asText()).isEqualTo("LoadStateLoaded");
    assertThat(described.path("indexes").toString())
        .isEqualTo(
            "[{\"fieldName\":\"vector\",\"indexName\":\"vector\",\"metricType\":\"COSINE\"}]");

    data(
        "/entities/insert",
        """
        {"collectionName":"quick","data":[
          {"id":1,"vector":[1,0],"color":"red"},
          {"id":2,"vector":[0,1],"color":"green"},
          {"id":3,"vector":[1,0.1],"color":"blue"}]}
        """);
    String strong = "\"consistencyLevel\":\"Strong\"";
    JsonNode hits =
        data(
            "/entities/search",
            "{\"collectionName\":\"quick\",\"data\":[[1,0]],\"limit\":2,\"filter\":\"color !="
                + " \\\"red\\\"\",\"outputFields\":[\"color\"],"
                + strong
                + "}");
    assertThat(hits).hasSize(2);
    assertThat(hits.get(0).path("id").asInt()).isEqualTo(3);
    assertThat(hits.get(0).path("color").asText()).isEqualTo("blue");
    assertThat(hits.get(0).path("distance").asDouble()).isGreaterThan(0.9);

    assertThat(
            data(
                    "/entities/query",
                    "{\"collectionName\":\"quick\",\"filter\":\"color in {c}\",\"exprParams\":"
                        + "{\"c\":[\"red\",\"blue\"]},\"outputFields\":[\"color\"],"
                        + strong
                        + "}")
                .toString())
        .isEqualTo("[{\"id\":1,\"color\":\"red\"},{\"id\":3,\"color\":\"blue\"}]");
    assertThat(
            data("/entities/get", "{\"collectionName\":\"quick\",\"id\":[\"2\"]," + strong + "}")
                .toString())
        .isEqualTo("[{\"id\":2,\"vector\":[0.0,1.0],\"color\":\"green\"}]");

    data("/entities/upsert", "{\"collectionName\":\"quick\",\"data\":{\"id\":2,\"vector\":[5,5]}}");
    data("/entities/delete", "{\"collectionName\":\"quick\",\"filter\":\"id == 1\"}");
    assertThat(
            data(
                    "/entities/query",
                    "{\"collectionName\":\"quick\",\"outputFields\":[\"count(*)\"]," + strong + "}")
                .toString())
        .isEqualTo("[{\"count(*)\":2}]");
    data("/collections/flush", "{\"collectionName\":\"quick\"}");
    assertThat(data("/collections/get_stats", "{\"collectionName\":\"quick\"}").toString())
        .isEqualTo("{\"rowCount\":2}");
    data("/collections/drop", "{\"collectionName\":\"quick\"}");
    assertThat(code(post("/collections/describe", "{\"collectionName\":\"quick\"}")))
        .isEqualTo(100);
  }

  @Test
  void aSchemaOfItsOwnInADatabaseOfItsOwn() {
    data("/databases/create", "{\"dbName\":\"d\"}");
    data(
        "/collections/create",
        """
        {"collectionName":"own","dbName":"d","schema":{"autoID":true,"fields":[
           {"fieldName":"pk","dataType":"VarChar","isPrimary":true,
            "elementTypeParams":{"max_length":64}},
           {"fieldName":"v","dataType":"FloatVector","elementTypeParams":{"dim":"2"}},
           {"fieldName":"doc","dataType":"JSON","nullable":true},
           {"fieldName":"tags","dataType":"Array","elementDataType":"VarChar",
            "elementTypeParams":{"max_capacity":5,"max_length":10}},
           {"fieldName":"level","dataType":"Int8","defaultValue":7}]},
         "indexParams":[{"fieldName":"v","indexName":"vi","metricType":"L2","indexType":"HNSW",
                         "params":{"M":16,"efConstruction":100}}]}
        """);
    JsonNode inserted =
        data(
            "/entities/insert",
            """
            {"collectionName":"own","dbName":"d","data":[
              {"v":[1,2],"doc":{"a":[1,{"b":null}]},"tags":["x","y"]},
              {"v":[3,4],"doc":null,"tags":[],"level":-128}]}
            """);
    assertThat(inserted.path("insertIds")).hasSize(2);
    JsonNode rows =
        data(
            "/entities/query",
            "{\"collectionName\":\"own\",\"dbName\":\"d\",\"filter\":\"doc[\\\"a\\\"][0] == 1\","
                + "\"consistencyLevel\":\"Strong\"}");
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).path("doc").toString()).isEqualTo("{\"a\":[1,{\"b\":null}]}");
    assertThat(rows.get(0).path("tags").toString()).isEqualTo("[\"x\",\"y\"]");
    assertThat(rows.get(0).path("level").asInt()).isEqualTo(7);
    assertThat(rows.get(0).path("pk").asText())
        .isEqualTo(inserted.path("insertIds").get(0).asText());

    assertThat(
            code(
                post(
                    "/entities/insert",
                    "{\"collectionName\":\"own\",\"dbName\":\"d\",\"data\":[{\"v\":[1,2],"
                        + "\"tags\":[],\"unknown\":1}]}")))
        .isEqualTo(1804);
    assertThat(code(post("/collections/list", "{\"dbName\":\"nowhere\"}"))).isEqualTo(800);
    data("/collections/release", "{\"collectionName\":\"own\",\"dbName\":\"d\"}");
    assertThat(
            code(
                post(
                    "/entities/search",
                    "{\"collectionName\":\"own\",\"dbName\":\"d\",\"data\":[[1,2]]}")))
        .isEqualTo(101);
    data("/collections/drop", "{\"collectionName\":\"own\",\"dbName\":\"d\"}");
    data("/databases/drop", "{\"dbName\":\"d\"}");
  }

  @Test
  void namesBesideCollections() {
    data("/collections/create", "{\"collectionName\":\"named\",\"dimension\":2}");
    data("/partitions/create", "{\"collectionName\":\"named\",\"partitionName\":\"p\"}");
    assertThat(data("/partitions/list", "{\"collectionName\":\"named\"}").toString())
        .isEqualTo("[\"_default\",\"p\"]");
    data(
        "/entities/insert",
        "{\"collectionName\":\"named\",\"partitionName\":\"p\",\"data\":[{\"id\":1,\"vector\":[1,2]}]}");
    assertThat(
            data("/partitions/get_stats", "{\"collectionName\":\"named\",\"partitionName\":\"p\"}")
                .toString())
        .isEqualTo("{\"rowCount\":1}");
    data("/aliases/create", "{\"collectionName\":\"named\",\"aliasName\":\"other\"}");
    assertThat(data("/aliases/describe", "{\"aliasName\":\"other\"}").toString())
        .isEqualTo("{\"dbName\":\"default\",\"collectionName\":\"named\",\"aliasName\":\"other\"}");
    assertThat(data("/collections/describe", "{\"collectionName\":\"other\"}").path("aliases"))
        .hasSize(1);
    data("/aliases/drop", "{\"aliasName\":\"other\"}");
    JsonNode index =
        data("/indexes/describe", "{\"collectionName\":\"named\",\"indexName\":\"vector\"}").get(0);
    assertThat(index.path("indexType").asText()).isEqualTo("AUTOINDEX");
    data("/collections/rename", "{\"collectionName\":\"named\",\"newCollectionName\":\"renamed\"}");
    data("/collections/truncate", "{\"collectionName\":\"renamed\"}");
    assertThat(data("/collections/get_stats", "{\"collectionName\":\"renamed\"}").toString())
        .isEqualTo("{\"rowCount\":0}");
    data("/collections/drop", "{\"collectionName\":\"renamed\"}");
  }

  @Test
  void theAdminPortTellsWhatHappened() {
    data("/collections/list", "{}");
    assertThat(send("GET", process.adminPort(), "/healthz", "").statusCode()).isEqualTo(200);
    List<String> metrics = send("GET", process.adminPort(), "/metrics", "").body().lines().toList();
    assertThat(metrics)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith(
                        "milvus_proxy_req_count{function_name=\"ShowCollections\","
                            + "status=\"success\"}"))
        .anySatisfy(line -> assertThat(line).startsWith("milvus_rootcoord_collection_num "));
  }

  private static int code(JsonNode answer) {
    return answer.path("code").asInt(-1);
  }

  private static JsonNode data(String path, String body) {
    JsonNode answer = post(path, body);
    assertThat(code(answer)).as(path + " " + answer).isZero();
    return answer.path("data");
  }

  private static JsonNode post(String path, String body) {
    try {
      return JSON.readTree(send("POST", process.port(), "/v2/vectordb" + path, body).body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static HttpResponse<String> send(String method, int port, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
