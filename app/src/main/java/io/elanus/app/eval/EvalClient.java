package io.elanus.app.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.backup.ServerOptions;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.eval.JudgedSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The few calls that an evaluation makes. */
final class EvalClient implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int QUESTIONS_PER_CALL = 32;
  private static final int DOCUMENTS_PER_CALL = 200;
  private static final int DEPTH = 100;
  private static final long LOOK_MILLIS = 200;

  private final HttpClient http;
  private final ServerOptions server;
  private final Set<String> degraded = new TreeSet<>();

  EvalClient(ServerOptions server) {
    this.server = server;
    http = server.http();
  }

  /** Sentences about stages that did not run in some answer. */
  Set<String> degraded() {
    return degraded;
  }

  /**
   * Ids of documents by question, best first.
   *
   * @param settings put into every search, as {@code mode}
   */
  Map<String, List<String>> rankings(Map<String, String> questions, ObjectNode settings)
      throws InterruptedException {
    Map<String, List<String>> rankings = new LinkedHashMap<>();
    List<Map.Entry<String, String>> all = List.copyOf(questions.entrySet());
    for (int from = 0; from < all.size(); from += QUESTIONS_PER_CALL) {
      List<Map.Entry<String, String>> part =
          all.subList(from, Math.min(all.size(), from + QUESTIONS_PER_CALL));
      ObjectNode request = JSON.createObjectNode();
      request.put("top_k", DEPTH).put("group_by", "document").put("explain", false);
      request.setAll(settings);
      ArrayNode queries = request.putArray("queries");
      part.forEach(question -> queries.add(question.getValue()));
      JsonNode results = call("POST", "/v1/search", request).path("results");
      for (int i = 0; i < part.size(); i++) {
        List<String> ranking = new ArrayList<>();
        results.path(i).path("hits").forEach(hit -> ranking.add(hit.path("source_id").asText()));
        results.path(i).path("degraded").forEach(sentence -> degraded.add(sentence.asText()));
        rankings.put(part.get(i).getKey(), ranking);
      }
    }
    return rankings;
  }

  /** Returns when the documents can be found. */
  void ingest(List<JudgedSet.Document> documents, String collection) throws InterruptedException {
    for (int from = 0; from < documents.size(); from += DOCUMENTS_PER_CALL) {
      ObjectNode request = JSON.createObjectNode().put("collection", collection);
      ArrayNode items = request.putArray("documents");
      int to = Math.min(documents.size(), from + DOCUMENTS_PER_CALL);
      for (JudgedSet.Document document : documents.subList(from, to)) {
        // A set may hold documents without a word; they can never be found.
        if (!document.text().isBlank()) {
          items
              .addObject()
              .put("source_id", document.id())
              .put("title", document.title())
              .put("text", document.text());
        }
      }
      String job = call("POST", "/v1/documents", request).path("id").asText();
      JsonNode state = call("GET", "/v1/jobs/" + job, null);
      while (List.of("queued", "running").contains(state.path("state").asText())) {
        Thread.sleep(LOOK_MILLIS);
        state = call("GET", "/v1/jobs/" + job, null);
      }
      if (!"done".equals(state.path("state").asText())
          || state.path("documents").path("failed").asInt() > 0) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT, "the documents of the set were not ingested: " + state);
      }
    }
  }

  /** What people thought of hits: gains by question and document, 1 or 0. */
  JsonNode feedback() throws InterruptedException {
    return call("GET", "/v1/feedback", null).path("feedback");
  }

  private JsonNode call(
      String method, String path, @org.jspecify.annotations.Nullable ObjectNode body)
      throws InterruptedException {
    URI uri = server.uri().resolve(path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofMinutes(10))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString()));
    server.credentials().ifPresent(c -> request.header("Authorization", "Bearer " + c));
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      JsonNode answer = JSON.readTree(response.body());
      if (response.statusCode() >= 300) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            answer.path("error").path("message").asText("it answered " + response.statusCode()));
      }
      return answer;
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.NOT_READY,
          "no server answers at %s; start one with ./elanus serve".formatted(server.uri()),
          e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
