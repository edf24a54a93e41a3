package io.elanus.rag.embed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.server.Server;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.http.RagService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingRouteTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static Server server;

  @BeforeAll
  static void start() {
    RagService service = new RagService(headers -> Caller.SYSTEM, Runnable::run);
    var builder = Server.builder().http(0);
    service.mount(builder, List.of(new EmbeddingRoute(new Lengths()).route()));
    server = builder.build();
    server.start().join();
  }

  @AfterAll
  static void stop() {
    server.stop().join();
    HTTP.close();
  }

  private static HttpResponse<String> post(String body) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.activeLocalPort() + "/v1/embeddings"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void oneTextAndManyAndPacked() throws Exception {
    JsonNode one = JSON.readTree(post("{\"input\":\"abcd\",\"model\":\"lengths\"}").body());
    assertThat(one.toString())
        .isEqualTo(
            "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,"
                + "\"embedding\":[4.0,0.0]}],\"model\":\"lengths\","
                + "\"usage\":{\"prompt_tokens\":4,\"total_tokens\":4}}");
    JsonNode many = JSON.readTree(post("{\"input\":[\"a\",\"abc\"],\"purpose\":\"query\"}").body());
    assertThat(many.path("data").path(1).path("embedding").toString()).isEqualTo("[3.0,1.0]");
    assertThat(many.path("usage").path("total_tokens").asInt()).isEqualTo(4);
    JsonNode packed =
        JSON.readTree(post("{\"input\":\"a\",\"encoding_format\":\"base64\"}").body());
    assertThat(packed.path("data").path(0).path("embedding").asText()).isEqualTo("AACAPwAAAAA=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | 400 | input must be a text or a list of texts",
        "{\"input\":[]} | 400 | input must be a text or a list of texts",
        "{\"input\":[[1,2]]} | 400 | input[0] must be a text; lists of token numbers are not taken",
        "{\"input\":\"a\",\"model\":\"gpt\"} | 400 | this server has no model named gpt; it has [lengths]",
        "{\"input\":\"a\",\"dimensions\":3} | 400 | the model lengths has 2 dimensions, not 3",
        "{\"input\":\"a\",\"encoding_format\":\"hex\"} | 400 | encoding_format must be one of [float, base64], got \"hex\"",
        "{\"input\":\"down\"} | 503 | it is down",
        "no json | 400 | the body is not JSON"
      })
  void whatIsWrongIsSaid(String body, int status, String sentence) throws Exception {
    HttpResponse<String> answer = post(body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(JSON.readTree(answer.body()).path("error").path("message").asText())
        .contains(sentence);
  }

  @Test
  void tooManyAreRefused() throws Exception {
    String texts = "\"a\",".repeat(2048) + "\"a\"";
    assertThat(post("{\"input\":[" + texts + "]}").statusCode()).isEqualTo(413);
  }

  /** A vector is the text's length and its purpose. */
  private static final class Lengths implements Embedder {
    @Override
    public Model model() {
      return new Model("lengths", "", 2, 10);
    }

    @Override
    public List<float[]> embed(List<String> texts, Purpose purpose) {
      if (texts.contains("down")) {
        throw new ElanusException(ErrorCode.NOT_READY, "it is down");
      }
      return texts.stream().map(t -> new float[] {t.length(), purpose.ordinal()}).toList();
    }

    @Override
    public Tokens tokens() {
      return new Tokens() {
        @Override
        public int count(String text) {
          return text.length();
        }

        @Override
        public int[] offsets(String text) {
          throw new IllegalStateException("no test asks");
        }
      };
    }

    @Override
    public void close() {}
  }
}
