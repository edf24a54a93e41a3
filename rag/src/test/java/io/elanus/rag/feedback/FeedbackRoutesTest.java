package io.elanus.rag.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.server.Server;
import io.elanus.model.Caller;
import io.elanus.rag.document.Documents;
import io.elanus.rag.http.RagService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedbackRoutesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final TreeMap<String, byte[]> KEPT = new TreeMap<>();
  private static final AtomicInteger IDS = new AtomicInteger();
  private static Server server;

  @BeforeAll
  static void start() {
    RagService service =
        new RagService(
            headers -> new Caller(headers.get("user", ""), "default", Map.of(), Instant.MAX),
            Runnable::run);
    FeedbackRoutes routes =
        new FeedbackRoutes(
            new Kept(),
            () -> Instant.ofEpochMilli(1000L + IDS.get()),
            () -> "id-" + IDS.incrementAndGet());
    var builder = Server.builder().http(0);
    service.mount(builder, routes.routes());
    server = builder.build();
    server.start().join();
  }

  @BeforeEach
  void clear() {
    KEPT.clear();
  }

  @AfterAll
  static void stop() {
    server.stop().join();
    HTTP.close();
  }

  private HttpResponse<String> send(String user, String method, String body) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.activeLocalPort() + "/v1/feedback");
    return HTTP.send(
        HttpRequest.newBuilder(uri)
            .header("user", user)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void thumbsAreKeptAndShownToTheirOwnerAlone() throws Exception {
    HttpResponse<String> answer =
        send("alice", "POST", "{\"query\":\"why?\",\"source_id\":\"d\",\"thumbs\":\"up\"}");
    assertThat(answer.statusCode()).isEqualTo(201);
    send(
        "alice",
        "POST",
        "{\"query\":\"how?\",\"source_id\":\"e\",\"thumbs\":\"down\",\"note\":\"no\"}");
    send("bob", "POST", "{\"query\":\"secret\",\"source_id\":\"f\",\"thumbs\":\"up\"}");
    assertThat(KEPT).hasSize(3);
    JsonNode alice = JSON.readTree(send("alice", "GET", "").body()).path("feedback");
    assertThat(alice.toString())
        .contains("\"thumbs\":\"down\",\"chunk_id\":\"\",\"collection\":\"\",\"note\":\"no\"")
        .doesNotContain("secret");
    assertThat(alice).hasSize(2);
    assertThat(alice.path(0).path("query").asText()).isEqualTo("why?");
    // A name that begins like another one's is another one.
    assertThat(JSON.readTree(send("alic", "GET", "").body()).path("feedback")).isEmpty();
    assertThat(JSON.readTree(send("", "GET", "").body()).path("feedback")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | query must be a text",
        "{\"query\":\"a\"} | source_id must be a text",
        "{\"query\":\"a\",\"source_id\":\"d\",\"thumbs\":\"sideways\"} | thumbs must be up or down, got sideways",
        "{\"query\":\"a\",\"source_id\":7} | source_id must be a text",
        "{\"quary\":\"a\"} | unknown key quary; known are ["
      })
  void mistakesAreNamed(String body, String sentence) throws Exception {
    HttpResponse<String> answer = send("alice", "POST", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(sentence);
    assertThat(KEPT).isEmpty();
  }

  private static final class Kept implements Documents {
    @Override
    public void put(String key, byte[] content) {
      KEPT.put(key, content);
    }

    @Override
    public Optional<byte[]> get(String key) {
      return Optional.ofNullable(KEPT.get(key));
    }

    @Override
    public void delete(String key) {
      KEPT.remove(key);
    }

    @Override
    public List<String> list(String prefix) {
      return KEPT.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }
  }
}
