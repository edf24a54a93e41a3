package io.elanus.app.reembed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.backup.ServerOptions;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The calls of re-embedding. */
final class ReembedClient implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROOT = "/v1/reembeddings";
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final HttpClient http;
  private final ServerOptions server;

  ReembedClient(ServerOptions server) {
    this.server = server;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10));
    server.tls().ifPresent(builder::sslContext);
    http = builder.build();
  }

  JsonNode begin(ObjectNode request) throws InterruptedException {
    return call("POST", ROOT, request);
  }

  JsonNode list() throws InterruptedException {
    return call("GET", ROOT, null).path("reembeddings");
  }

  /** By its id, or the newest one of the collection. */
  JsonNode find(String which) throws InterruptedException {
    for (JsonNode one : list()) {
      if (one.path("id").asText().equals(which) || one.path("collection").asText().equals(which)) {
        return one;
      }
    }
    throw ServerOptions.bad(
        "there is no re-embedding %s, nor one of a collection of that name; elanus reembed list shows them"
            .formatted(which));
  }

  JsonNode shown(String id) throws InterruptedException {
    return call("GET", ROOT + "/" + id, null);
  }

  JsonNode report(String id) throws InterruptedException {
    return call("GET", ROOT + "/" + id + "/report", null);
  }

  JsonNode ask(String id, ObjectNode questions) throws InterruptedException {
    return call("POST", ROOT + "/" + id + "/questions", questions);
  }

  /**
   * @param what switch, rollback or finish
   */
  JsonNode change(String id, String what) throws InterruptedException {
    return call("POST", ROOT + "/" + id + "/" + what, null);
  }

  JsonNode cancel(String id) throws InterruptedException {
    return call("DELETE", ROOT + "/" + id, null);
  }

  JsonNode feedback() throws InterruptedException {
    return call("GET", "/v1/feedback", null).path("feedback");
  }

  private JsonNode call(String method, String path, @Nullable ObjectNode body)
      throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve(path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()));
    server.credentials().ifPresent(c -> request.header("Authorization", "Bearer " + c));
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      JsonNode answer = JSON.readTree(response.body());
      if (response.statusCode() >= 300) {
        throw new ElanusException(
            response.statusCode() >= 500 ? ErrorCode.NOT_READY : ErrorCode.INVALID_ARGUMENT,
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
