package io.elanus.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** The two calls that the demo makes: documents in, questions answered. */
final class DemoClient implements AutoCloseable {
  static final String COLLECTION = "elanus_demo_documents";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;

  DemoClient(URI server) {
    this.server = server;
  }

  /** Waits until the pages can be searched; answers the job. */
  JsonNode ingest(List<JavadocJars.Page> pages) throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("collection", COLLECTION);
    ArrayNode documents = body.putArray("documents");
    for (JavadocJars.Page page : pages) {
      documents
          .addObject()
          .put("source_id", page.source())
          .put("name", "page.md")
          .put("title", page.title())
          .put("text", page.markdown());
    }
    return post("/v1/documents?wait=true", body);
  }

  JsonNode answer(String question) throws IOException, InterruptedException {
    return post(
        "/v1/answer",
        JSON.createObjectNode().put("collection", COLLECTION).put("question", question));
  }

  private JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<String> reply = http.send(request, HttpResponse.BodyHandlers.ofString());
    JsonNode json = JSON.readTree(reply.body());
    if (reply.statusCode() >= 300) {
      throw new ElanusException(
          ErrorCode.NOT_READY,
          "the server refused %s: %s"
              .formatted(path, json.at("/error/message").asText("status " + reply.statusCode())));
    }
    return json;
  }

  @Override
  public void close() {
    http.close();
  }
}
