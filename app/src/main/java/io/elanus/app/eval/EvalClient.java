package io.elanus.app.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.backup.ServerCalls;
import io.elanus.app.backup.ServerOptions;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.eval.JudgedSet;
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

  private final ServerCalls calls;
  private final Set<String> degraded = new TreeSet<>();

  EvalClient(ServerOptions server) {
    calls = new ServerCalls(server);
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
      JsonNode results = calls.call("POST", "/v1/search", request).path("results");
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
      String job = calls.call("POST", "/v1/documents", request).path("id").asText();
      JsonNode state = calls.call("GET", "/v1/jobs/" + job, null);
      while (List.of("queued", "running").contains(state.path("state").asText())) {
        Thread.sleep(LOOK_MILLIS);
        state = calls.call("GET", "/v1/jobs/" + job, null);
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
    return calls.feedback();
  }

  @Override
  public void close() {
    calls.close();
  }
}
