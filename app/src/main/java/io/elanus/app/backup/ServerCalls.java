package io.elanus.app.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Calls of JSON below {@code /v1} of the server that a command names; each is tried once. */
public final class ServerCalls implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final HttpClient http;
  private final ServerOptions server;

  public ServerCalls(ServerOptions server) {
    this.server = server;
    http = server.http();
  }

  /**
   * @param body null for none
   * @throws ElanusException with the server's sentence: NOT_READY where it failed or does not
   *     answer, INVALID_ARGUMENT where it refused
   */
  public JsonNode call(String method, String path, @Nullable ObjectNode body)
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

  /** What people thought of hits: gains by question and document, 1 or 0. */
  public JsonNode feedback() throws InterruptedException {
    return call("GET", "/v1/feedback", null).path("feedback");
  }

  @Override
  public void close() {
    http.close();
  }
}
