package io.elanus.rag.reembed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.elanus.rag.http.RagService;
import io.elanus.rag.reembed.route.ReembeddingRoutes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReembeddingRoutesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Bench bench = new Bench();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Server server;

  @BeforeEach
  void start() {
    bench.write(List.of(Bench.chunk(1, "kites fly"), Bench.chunk(2, "rivers flow")));
    ServerBuilder builder = Server.builder().http(0);
    new RagService(headers -> Bench.ME, threads)
        .mount(builder, new ReembeddingRoutes(bench.start(), Bench.NAME, 0).routes());
    server = builder.build();
    server.start().join();
  }

  @AfterEach
  void stop() {
    server.stop().join();
    threads.shutdownNow();
    bench.close();
  }

  private record Answer(int status, JsonNode body) {}

  private Answer call(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:" + server.activeLocalPort() + "/v1/reembeddings" + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
  }

  @Test
  void theWholeWay() throws Exception {
    Answer begun = call("POST", "", "{\"model\":\"other\",\"keep_hours\":2}");
    assertThat(begun.status()).isEqualTo(202);
    String one = "/" + begun.body().path("id").asText();
    String state = "running";
    while (state.equals("running")) {
      state = call("GET", one, "").body().path("state").asText();
    }
    assertThat(state).isEqualTo("ready");
    assertThat(call("POST", "", "{\"model\":\"other\"}").status()).isEqualTo(429);
    Answer judged =
        call(
            "POST",
            one + "/questions",
            "{\"questions\":[{\"query\":\"kites\",\"relevant\":{\"source1\":1}}]}");
    assertThat(judged.status()).isEqualTo(200);
    assertThat(judged.body().path("measures").path("recall@10").path("to").asDouble()).isEqualTo(1);
    assertThat(call("POST", one + "/switch", "").body().path("state").asText())
        .isEqualTo("switched");
    assertThat(call("GET", one, "").body().has("kept_until")).isTrue();
    assertThat(call("GET", one + "/report", "").body().path("judged")).hasSize(1);
    assertThat(call("DELETE", one, "").status()).isEqualTo(400);
    assertThat(call("POST", one + "/rollback", "").body().path("state").asText())
        .isEqualTo("rolled_back");
    assertThat(call("POST", one + "/finish", "").status()).isEqualTo(400);
    assertThat(call("DELETE", one, "").body().path("state").asText()).isEqualTo("canceled");
    assertThat(call("GET", "?limit=5", "").body().path("reembeddings")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST |  | {} | 400 | model is missing",
        "POST |  | {\"model\":\"gpt\"} | 400 | this server has no model named gpt",
        "POST |  | {\"model\":\"other\",\"colection\":\"x\"} | 400 | unknown key colection",
        "POST |  | {\"model\":\"other\",\"collection\":\"none\"} | 404 | none",
        "POST |  | {\"model\":\"words\"} | 400 | already",
        "POST |  | {\"model\":\"other\",\"keep_hours\":-1} | 400 | keep_hours is a whole number",
        "GET | /none | `` | 404 | there is no re-embedding none",
        "POST | /none/switch | `` | 404 | there is no re-embedding none",
        "POST | /none/questions | {\"questions\":[]} | 400 | questions must be a list of 1 to 1000",
        "POST | /none/questions | {\"mode\":\"text\",\"questions\":[{\"query\":\"a\"}]} | 400 | mode is hybrid or dense",
        "GET | ?limit=0 | `` | 400 | limit is a number from 1 to 999"
      })
  void whatIsWrongIsSaid(String method, String path, String body, int status, String sentence)
      throws Exception {
    Answer answer = call(method, path == null ? "" : path, body);
    assertThat(answer.body().path("error").path("message").asText()).contains(sentence);
    assertThat(answer.status()).isEqualTo(status);
  }
}
