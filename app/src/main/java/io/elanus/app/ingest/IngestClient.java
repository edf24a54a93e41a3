package io.elanus.app.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.backup.ServerOptions;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Documents to a server and jobs from it; waits where the server is full, or away for a while. */
final class IngestClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final HttpClient http;
  private final ServerOptions server;
  private final URI base;
  private final Duration patience;

  /**
   * @param patience how long a server that does not answer is asked again
   */
  IngestClient(ServerOptions server, Duration patience) {
    this.server = server;
    this.patience = patience;
    base = server.uri();
    http = server.http();
  }

  /** An answer of the server's, good or not. */
  record Answer(int status, JsonNode body) {
    boolean isGood() {
      return status < 300;
    }

    String sentence() {
      return body.path("error").path("message").asText("the server answered " + status);
    }

    String code() {
      return body.path("error").path("code").asText("HTTP_" + status);
    }
  }

  Answer submit(ObjectNode request) throws InterruptedException {
    return ask(
        HttpRequest.newBuilder(base.resolve("/v1/documents"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request.toString())));
  }

  Answer job(String id) throws InterruptedException {
    return ask(HttpRequest.newBuilder(base.resolve("/v1/jobs/" + id)).GET());
  }

  Answer get(String path) throws InterruptedException {
    return ask(HttpRequest.newBuilder(base.resolve(path)).GET());
  }

  Answer delete(String path) throws InterruptedException {
    return ask(HttpRequest.newBuilder(base.resolve(path)).DELETE());
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static JsonNode read(String json) throws IOException {
    return JSON.readTree(json);
  }

  private Answer ask(HttpRequest.Builder builder) throws InterruptedException {
    server.credentials().ifPresent(c -> builder.header("Authorization", "Bearer " + c));
    HttpRequest request = builder.timeout(Duration.ofMinutes(10)).build();
    long pause = FIRST_PAUSE.toMillis();
    long away = 0;
    while (true) {
      try {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        int status = response.statusCode();
        // A full queue drains; a server that starts or stops is tried for a while.
        if (status != 429 && (status != 503 || away > patience.toMillis())) {
          return new Answer(status, body(response));
        }
        away = status == 429 ? 0 : away + pause;
      } catch (IOException e) {
        if (away >= patience.toMillis()) {
          throw new ElanusException(
              ErrorCode.NOT_READY,
              "no server answers at %s; start one with ./elanus serve, and run this again: it goes on where it stopped"
                  .formatted(base),
              e);
        }
        away += pause;
      }
      Thread.sleep(pause);
      pause = Math.min(LONGEST_PAUSE.toMillis(), pause * 2);
    }
  }

  private static JsonNode body(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      return JSON.createObjectNode();
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
