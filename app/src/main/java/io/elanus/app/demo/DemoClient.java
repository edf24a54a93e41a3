package io.elanus.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The few calls of REST v2 that the demo makes. */
final class DemoClient implements AutoCloseable {
  static final String COLLECTION = "elanus_demo";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  DemoClient(URI server) {
    base = server.toString().replaceAll("/+$", "") + "/v2/vectordb";
  }

  boolean exists() throws IOException, InterruptedException {
    return call("/collections/has", Map.of()).path("has").asBoolean();
  }

  long count() throws IOException, InterruptedException {
    return call(
            "/entities/query",
            Map.of("outputFields", List.of("count(*)"), "consistencyLevel", "Strong"))
        .path(0)
        .path("count(*)")
        .asLong();
  }

  void drop() throws IOException, InterruptedException {
    call("/collections/drop", Map.of());
  }

  void create(int dimension) throws IOException, InterruptedException {
    List<Map<String, Object>> fields =
        List.of(
            Map.of("fieldName", "id", "dataType", "Int64", "isPrimary", true),
            text("title", 1024),
            text("url", 1024),
            text("text", 16384),
            Map.of(
                "fieldName", "embedding",
                "dataType", "FloatVector",
                "elementTypeParams", Map.of("dim", Integer.toString(dimension))));
    call(
        "/collections/create",
        Map.of(
            "schema", Map.of("autoId", false, "fields", fields),
            "indexParams",
                List.of(
                    Map.of(
                        "fieldName", "embedding",
                        "indexName", "embedding",
                        "metricType", "COSINE",
                        "indexType", "AUTOINDEX"))));
  }

  private static Map<String, Object> text(String name, int bytesMax) {
    return Map.of(
        "fieldName",
        name,
        "dataType",
        "VarChar",
        "elementTypeParams",
        Map.of("max_length", Integer.toString(bytesMax)));
  }

  void insert(int firstId, List<Passage> passages, List<float[]> vectors)
      throws IOException, InterruptedException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < passages.size(); i++) {
      Passage passage = passages.get(i);
      rows.add(
          Map.of(
              "id", firstId + i,
              "title", passage.title(),
              "url", passage.url(),
              "text", passage.text(),
              "embedding", vectors.get(i)));
    }
    call("/entities/insert", Map.of("data", rows));
  }

  JsonNode search(float[] vector, int limit) throws IOException, InterruptedException {
    return call(
        "/entities/search",
        Map.of(
            "data",
            List.of(vector),
            "annsField",
            "embedding",
            "limit",
            limit,
            "outputFields",
            List.of("title", "url", "text"),
            "consistencyLevel",
            "Strong"));
  }

  private JsonNode call(String path, Map<String, Object> arguments)
      throws IOException, InterruptedException {
    Map<String, Object> body = new java.util.HashMap<>(arguments);
    body.put("collectionName", COLLECTION);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    JsonNode answer =
        JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    if (answer.path("code").asInt(-1) != 0) {
      throw new IOException("the server refused " + path + ": " + answer.path("message").asText());
    }
    return answer.path("data");
  }

  @Override
  public void close() {
    http.close();
  }
}
