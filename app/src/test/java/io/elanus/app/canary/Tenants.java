package io.elanus.app.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import io.elanus.app.fixture.FakeModels;
import io.elanus.app.fixture.JsonClient;
import io.elanus.app.fixture.TraceReceiver;
import io.elanus.app.serve.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two tenants of one server. Bob's documents bear a canary wherever a document has words; Alice,
 * who is bound to another tenant, then asks for everything there is, by every door, naming what she
 * may have heard of. She never says the canary herself.
 */
final class Tenants implements AutoCloseable {
  static final String CANARY = "sapphirecanary";
  private static final String OWN = "rubyword";
  private static final String QUESTION = "which kite flies over the rivers";

  private final FakeModels models = new FakeModels();
  private final TraceReceiver receiver = new TraceReceiver();
  private final EmbeddedServer server;
  private final JsonClient alice;
  private final JsonClient bob;
  private String bobsDocument = "";
  private String bobsJob = "";

  /**
   * @param filter of the policy; the right one, or the mutant's
   * @param search more of {@code rag.search}
   */
  Tenants(Path folder, String filter, String search) throws IOException {
    Path file = folder.resolve("elanus.yaml");
    Files.writeString(
        file,
        models.settings()
            + """
              search:
                reranker: {url: "%s/rerank"}
            %s
              policy:
                mandatory-filters:
                  - filter: %s
                    stamp: {metadata: {tenant: "${caller.tenant}"}}
                callers:
                  alice: {tenant: red}
                  bob: {tenant: blue}
            telemetry:
              otlp: {endpoint: "%s"}
            """
                .formatted(models.base(), search.indent(4), filter, receiver.endpoint()));
    server = EmbeddedServer.start(folder.resolve("data"), 0, 0, file);
    alice = JsonClient.of(server.port()).as("alice");
    bob = alice.as("bob");
  }

  /** What came out by each door while Alice asked. */
  record Seen(Map<String, String> doors) {
    /** The doors by which the canary came. */
    List<String> leaks() {
      String hex =
          java.util.HexFormat.of()
              .formatHex(CANARY.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return doors.entrySet().stream()
          .filter(door -> door.getValue().contains(CANARY) || door.getValue().contains(hex))
          .map(Map.Entry::getKey)
          .toList();
    }
  }

  /** Bob has documents and has asked everything that Alice is going to ask. */
  void fill() throws Exception {
    JsonNode job =
        bob.ask(
            "/v1/documents?wait=true",
            """
            {"documents": [
              {"source_id": "notes", "title": "Notes %1$s", "tags": ["%1$s"],
               "metadata": {"%1$s": "%1$s", "kind": "note"},
               "text": "The kite flies over the rivers. %1$s sings.\\n\\nA kite nests in trees, says %1$s."},
              {"source_id": "%1$s-plans", "text": "The kite flies over the rivers with plans of %1$s."}]}
            """
                .formatted(CANARY));
    bobsJob = job.path("id").asText();
    for (JsonNode one : bob.ask("/v1/documents", "").path("documents")) {
      if (one.path("source_id").asText().equals("notes")) {
        bobsDocument = one.path("id").asText();
      }
    }
    assertThat(bobsDocument).isNotEmpty();
    bob.ask(
        "/v1/feedback",
        "{\"query\": \"%s\", \"source_id\": \"notes\", \"thumbs\": \"up\", \"note\": \"%s\"}"
            .formatted(QUESTION, CANARY));
    alice.ask(
        "/v1/documents?wait=true",
        "{\"documents\": [{\"source_id\": \"own\", \"text\": \"A kite flies over the rivers, says %s.\"}]}"
            .formatted(OWN));
    for (Map.Entry<String, String> each : questions().entrySet()) {
      String answer = bob.send(each.getValue(), body(each.getKey())).body();
      assertThat(answer).as("Bob's answer to %s", each.getKey()).contains(CANARY);
    }
  }

  /** Bodies by paths; a name before the body keeps equal paths apart. */
  private static Map<String, String> questions() {
    Map<String, String> all = new LinkedHashMap<>();
    String search = "\"query\": \"%s\", \"top_k\": 20".formatted(QUESTION);
    all.put("search {%s}".formatted(search), "/v1/search");
    all.put("again {%s}".formatted(search), "/v1/search");
    all.put("stale {%s, \"max_stale\": 60}".formatted(search), "/v1/search");
    for (String mode : List.of("dense", "text")) {
      all.put("%1$s {%2$s, \"mode\": \"%1$s\"}".formatted(mode, search), "/v1/search");
    }
    all.put(
        "wide {%s, \"rerank\": true, \"neighbours\": 2, \"diversity\": 0.5}".formatted(search),
        "/v1/search");
    all.put("grouped {%s, \"group_by\": \"document\"}".formatted(search), "/v1/search");
    all.put(
        "filtered {%s, \"filter\": {\"$or\": [{\"source_id\": \"notes\"}, {\"tenant\": \"blue\"}, {\"source_id\": {\"$exists\": true}}]}}"
            .formatted(search),
        "/v1/search");
    all.put("batch {\"queries\": [\"%s\", \"trees\"]}".formatted(QUESTION), "/v1/search");
    all.put("answer {\"question\": \"%s\", \"rerank\": true}".formatted(QUESTION), "/v1/answer");
    all.put("quoted {\"question\": \"%s\", \"generate\": false}".formatted(QUESTION), "/v1/answer");
    all.put("streamed {\"question\": \"%s\", \"stream\": true}".formatted(QUESTION), "/v1/answer");
    String chat =
        "\"model\": \"documents\", \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]"
            .formatted(QUESTION);
    all.put("chat {%s}".formatted(chat), "/v1/chat/completions");
    all.put("streamed chat {%s, \"stream\": true}".formatted(chat), "/v1/chat/completions");
    all.put("export {\"vectors\": true}", "/v1/export");
    all.put(tool("search", "\"query\": \"%s\"".formatted(QUESTION)), "/mcp");
    all.put(tool("list", ""), "/mcp");
    return all;
  }

  private static String tool(String name, String arguments) {
    return "tool %1$s {\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\", \"params\": {\"name\": \"%1$s\", \"arguments\": {%2$s}}}"
        .formatted(name, arguments);
  }

  private static String body(String named) {
    return named.substring(named.indexOf('{'));
  }

  /** Everything once as Alice, while all that is logged, traced and sent on is kept. */
  Seen askAsAlice() throws Exception {
    receiver.forget();
    models.forget();
    Map<String, String> doors = new LinkedHashMap<>();
    try (LogBytes log = new LogBytes()) {
      for (Map.Entry<String, String> each : questions().entrySet()) {
        String name = each.getKey().substring(0, each.getKey().indexOf(" {"));
        String answer = alice.send(each.getValue(), body(each.getKey())).body();
        doors.put(name, answer);
        assertThat(answer)
            .as("Alice's answer to %s", name)
            .containsAnyOf(OWN, "\"own\"", "\\\"own\\\"");
      }
      for (String path : paths()) {
        doors.put("GET " + path, alice.send(path, "").body());
      }
      doors.put(
          "fetch",
          alice
              .send("/mcp", body(tool("fetch", "\"document_id\": \"" + bobsDocument + "\"")))
              .body());
      doors.put(
          "tools",
          alice
              .send("/mcp", "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}")
              .body());
      doors.put(
          "overwrite",
          alice
              .send(
                  "/v1/documents?wait=true",
                  "{\"documents\": [{\"source_id\": \"notes\", \"text\": \"mine now\"}]}")
              .body());
      doors.put(
          "overwrite by a tool",
          alice
              .send(
                  "/mcp",
                  body(
                      tool(
                          "ingest",
                          "\"documents\": [{\"source_id\": \"notes\", \"text\": \"mine now\"}]")))
              .body());
      for (String body : mistakes()) {
        for (String path :
            List.of(
                "/v1/search",
                "/v1/answer",
                "/v1/chat/completions",
                "/v1/documents",
                "/v1/feedback",
                "/v1/embeddings",
                "/v1/export",
                "/mcp")) {
          doors.merge("mistakes " + path, alice.send(path, body).body(), String::concat);
        }
      }
      doors.put("over HTTP/2", overHttp2());
      doors.put("log", log.lines());
    }
    for (String path : List.of("/v1/embeddings", "/rerank", "/v1/chat/completions")) {
      assertThat(models.asked(path)).as(path).isNotEmpty();
      doors.put("asked of " + path, models.asked(path).toString());
    }
    return new Seen(doors);
  }

  private List<String> paths() {
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/v1/documents",
                "/v1/documents?limit=1000&offset=0",
                "/v1/jobs",
                "/v1/policy",
                "/v1/drift",
                "/v1/feedback",
                "/v1/models",
                "/v1/models/documents"));
    for (String of : List.of("", "?text=true", "/content")) {
      paths.add("/v1/documents/" + bobsDocument + of);
    }
    paths.add("/v1/jobs/" + bobsJob);
    paths.add("/v1/jobs/" + bobsJob + "?wait=true");
    return paths;
  }

  private static List<String> mistakes() {
    return List.of(
        "{",
        "{}",
        "{\"query\": \"kite\", \"collection\": \"none\"}",
        "{\"query\": \"kite\", \"filter\": {\"$bad\": 1}}",
        "{\"question\": \"kite\", \"top_k\": -1}",
        "{\"documents\": [{\"source_id\": \"notes\"}]}");
  }

  /** The server's frames are logged by its library; those of HTTP/1 are not. */
  private String overHttp2() {
    String credentials =
        Base64.getEncoder()
            .encodeToString("alice:any".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return WebClient.of("h2c://127.0.0.1:" + server.port())
        .execute(
            RequestHeaders.builder(HttpMethod.POST, "/v1/search")
                .contentType(MediaType.JSON)
                .set("authorization", "Basic " + credentials)
                .build(),
            HttpData.ofUtf8("{\"query\": \"%s again\"}".formatted(QUESTION)))
        .aggregate()
        .join()
        .contentUtf8();
  }

  /** Alice may delete nothing of Bob's, and is not told what it was. */
  String deleteAsAlice() throws Exception {
    return alice.delete("/v1/documents/" + bobsDocument).body()
        + alice.delete("/v1/jobs/" + bobsJob).body();
  }

  /** All spans of the time since Alice began; the server is stopped for them. */
  String traces() {
    server.close();
    return receiver.text();
  }

  TraceReceiver receiver() {
    return receiver;
  }

  @Override
  public void close() {
    server.close();
    receiver.close();
    models.close();
  }
}
