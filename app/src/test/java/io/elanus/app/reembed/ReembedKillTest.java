package io.elanus.app.reembed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.backup.BackupCommand;
import io.elanus.app.backup.DoctorCommand;
import io.elanus.app.backup.RestoreCommand;
import io.elanus.app.fixture.Said;
import io.elanus.app.fixture.ServerJvm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole server is killed while a collection is embedded anew, once both are compared, and around
 * the switch; documents come, change and go meanwhile, and a map says which there are.
 */
class ReembedKillTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DOCUMENTS = 60;
  private static final long SEED = Long.getLong("seed", 1);

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Map<String, String> truth = new TreeMap<>();
  private Path data;
  private Path config;
  private String id = "";
  private String aside = "";
  private List<String> jobs = List.of();

  /** The model in the box, and the same behind a prefix, which makes other vectors. */
  @BeforeEach
  void configure() throws IOException {
    data = folder.resolve("data");
    config =
        Files.writeString(
            folder.resolve("elanus.yaml"),
            """
            rag:
              embedders:
                - name: prefixed
                  document-prefix: "passage: "
                  query-prefix: "query: "
            """);
  }

  private ServerJvm start() throws IOException {
    return ServerJvm.start(data, Map.of(), "--config", config.toString());
  }

  private JsonNode ask(ServerJvm server, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(server.base() + path))
                .method(method, BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return JSON.readTree(response.body());
  }

  private String text() {
    int n = random.nextInt(1_000_000);
    return "Document about subject %d. It has sentences of its own, such as this of %d."
        .formatted(n, n * 13);
  }

  /** A job that is durable once this returns, and perhaps not done. */
  private String put(ServerJvm server, List<String> sources)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode documents = body.putArray("documents");
    for (String source : sources) {
      String text = text();
      truth.put(source, text);
      documents.addObject().put("source_id", source).put("text", text).put("timestamp", 1);
    }
    return ask(server, "POST", "/v1/documents", body.toString()).path("id").asText();
  }

  private void await(ServerJvm server, List<String> jobs) throws IOException, InterruptedException {
    for (String job : jobs) {
      JsonNode ended = ask(server, "GET", "/v1/jobs/" + job + "?wait=true", "");
      assertThat(ended.path("documents").path("failed").asInt()).as("%s", ended).isZero();
    }
  }

  private void delete(ServerJvm server, String source) throws IOException, InterruptedException {
    JsonNode list = ask(server, "GET", "/v1/documents?limit=1000", "").path("documents");
    for (JsonNode one : list) {
      if (one.path("source_id").asText().equals(source)) {
        ask(server, "DELETE", "/v1/documents/" + one.path("id").asText(), "");
        truth.remove(source);
      }
    }
  }

  /** Some documents change, one goes. */
  private List<String> disturb(ServerJvm server) throws IOException, InterruptedException {
    List<String> sources = new ArrayList<>(truth.keySet());
    delete(server, sources.get(random.nextInt(sources.size())));
    List<String> changed = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      changed.add("document-" + random.nextInt(DOCUMENTS + 20));
    }
    return List.of(put(server, changed.stream().distinct().toList()));
  }

  private JsonNode shown(ServerJvm server, String id) throws IOException, InterruptedException {
    return ask(server, "GET", "/v1/reembeddings/" + id, "");
  }

  private void awaitState(ServerJvm server, String id, String state)
      throws IOException, InterruptedException {
    JsonNode shown = shown(server, id);
    while (!shown.path("state").asText().equals(state)) {
      assertThat(shown.path("state").asText()).as("%s", shown).isNotEqualTo("failed");
      Thread.sleep(20);
      shown = shown(server, id);
    }
  }

  /** One chunk a document, and every text the newest. */
  private void check(ServerJvm server, String collection) throws IOException, InterruptedException {
    JsonNode rows =
        ask(
                server,
                "POST",
                "/v2/vectordb/entities/query",
                "{\"collectionName\":\"%s\",\"filter\":\"chunk_index >= 0\",\"limit\":1000,\"outputFields\":[\"source_id\",\"text\"]}"
                    .formatted(collection))
            .path("data");
    Map<String, String> there = new TreeMap<>();
    for (JsonNode row : rows) {
      String before = there.put(row.path("source_id").asText(), row.path("text").asText());
      assertThat(before).as("twice: %s", row).isNull();
    }
    assertThat(there).isEqualTo(truth);
  }

  private void killWhileItIsFilled() throws IOException, InterruptedException {
    try (ServerJvm server = start()) {
      List<String> all = new ArrayList<>();
      for (int n = 0; n < DOCUMENTS; n++) {
        all.add("document-" + n);
      }
      await(server, List.of(put(server, all)));
      check(server, "documents");
      JsonNode begun =
          ask(
              server,
              "POST",
              "/v1/reembeddings",
              "{\"model\":\"prefixed\",\"texts_per_second\":8}");
      id = begun.path("id").asText();
      aside = begun.path("aside").asText();
      while (shown(server, id).path("embedded").asInt() == 0
          && shown(server, id).path("rows").path("total").asInt() == 0) {
        Thread.sleep(5);
      }
      jobs = disturb(server);
      assertThat(shown(server, id).path("state").asText()).as("killed in it").isEqualTo("running");
    }
  }

  private void killAroundTheSwitch() throws IOException, InterruptedException {
    try (ServerJvm server = start()) {
      await(server, jobs);
      Thread switching =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      http.send(
                          HttpRequest.newBuilder(
                                  URI.create(server.base() + "/v1/reembeddings/" + id + "/switch"))
                              .POST(BodyPublishers.noBody())
                              .build(),
                          HttpResponse.BodyHandlers.ofString());
                    } catch (IOException | InterruptedException e) {
                      // That is what is tried here.
                    }
                  });
      Thread.sleep(random.nextInt(40));
      assertThat(server.kill(Duration.ofSeconds(20))).isTrue();
      switching.join();
    }
  }

  /** It is found by its vector, and what is kept of documents under the new collection. */
  private void checkDocument(ServerJvm server) throws IOException, InterruptedException {
    JsonNode document = ask(server, "GET", "/v1/documents?limit=1", "").path("documents").path(0);
    JsonNode found =
        ask(
            server,
            "POST",
            "/v1/search",
            JSON.createObjectNode()
                .put("query", truth.get(document.path("source_id").asText()))
                .put("mode", "dense")
                .toString());
    assertThat(found.path("hits").path(0).path("source_id")).isEqualTo(document.path("source_id"));
    String text =
        ask(server, "GET", "/v1/documents/" + document.path("id").asText() + "?text=true", "")
            .path("text")
            .asText();
    assertThat(text).isEqualTo(truth.get(document.path("source_id").asText()));
  }

  @Test
  void nothingIsLostDoubledOrResurrected() throws Exception {
    killWhileItIsFilled();
    try (ServerJvm server = start()) {
      await(server, jobs);
      awaitState(server, id, "ready");
      jobs = disturb(server);
    }
    killAroundTheSwitch();
    try (ServerJvm server = start()) {
      check(server, "documents");
      ask(server, "POST", "/v1/reembeddings/" + id + "/switch", "");
      check(server, "documents");
      jobs = disturb(server);
    }
    try (ServerJvm server = start()) {
      awaitState(server, id, "switched");
      await(server, jobs);
      ask(server, "POST", "/v1/reembeddings/" + id + "/rollback", "");
      check(server, "documents");
      ask(server, "POST", "/v1/reembeddings/" + id + "/switch", "");
      check(server, "documents");
      check(server, aside);
      checkDocument(server);
      ask(server, "POST", "/v1/reembeddings/" + id + "/finish", "");
      check(server, "documents");
      checkDocument(server);
    }
    restoreTheCollectionAlone();
  }

  /**
   * The collection before it is gone; the documents that it brought are there, also in a backup.
   */
  private void restoreTheCollectionAlone() throws IOException, InterruptedException {
    String backups = folder.resolve("backups").toString();
    run(
        new BackupCommand(),
        "--data",
        data.toString(),
        "--to",
        backups,
        "--collection",
        "documents");
    data = folder.resolve("restored");
    run(new RestoreCommand(), "--from", backups, "--data", data.toString());
    assertThat(run(new DoctorCommand(), "--data", data.toString())).doesNotContain("does not know");
    try (ServerJvm server = start()) {
      check(server, "documents");
      checkDocument(server);
    }
  }

  private static String run(Object command, String... arguments) {
    Said said = Said.by(command, (Object[]) arguments);
    assertThat(said.status()).as("%s", said).isZero();
    return said.out();
  }
}
