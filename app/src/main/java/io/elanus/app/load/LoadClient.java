package io.elanus.app.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.backup.ServerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Asks one question over HTTP, and says what became of it. */
final class LoadClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REASON_CHARACTERS_MAX = 120;

  /** Of the first questions, those that {@link Kind#CACHED} asks again and again. */
  static final int REMEMBERED = 32;

  private final HttpClient http;
  private final String base;
  private final Optional<String> authorization;
  private final List<String> questions;
  private final ObjectNode settings;
  private final Duration timeout;
  private final AtomicLong fresh;

  /** Whether it was answered, out of a cache, without a stage; or why not. */
  record Outcome(boolean cached, boolean degraded, Optional<String> failure) {}

  /**
   * @param settings put into every body
   * @param freshFrom numbers from here on make questions that nobody asked before
   */
  LoadClient(
      ServerOptions server,
      List<String> questions,
      ObjectNode settings,
      Duration timeout,
      long freshFrom) {
    this.http = server.http();
    this.base = server.uri().toString();
    this.authorization = server.basic().map(text -> "Basic " + text);
    this.questions = List.copyOf(questions);
    this.settings = settings;
    this.timeout = timeout;
    this.fresh = new AtomicLong(freshFrom);
  }

  int remembered() {
    return Math.min(REMEMBERED, questions.size());
  }

  /**
   * @param number of the request among those of its kind
   */
  Outcome ask(Kind kind, long number) throws InterruptedException {
    try {
      HttpResponse<byte[]> response =
          http.send(request(kind, number), HttpResponse.BodyHandlers.ofByteArray());
      JsonNode body = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        return failed(
            "%d %s"
                .formatted(response.statusCode(), body.path("error").path("message").asText("")));
      }
      return new Outcome(
          body.path("cached").asBoolean(), !body.path("degraded").isEmpty(), Optional.empty());
    } catch (HttpTimeoutException e) {
      return failed("no answer within %d s".formatted(timeout.toSeconds()));
    } catch (IOException e) {
      return failed("broken off: " + e.getClass().getSimpleName());
    }
  }

  private static Outcome failed(String why) {
    String reason = why.substring(0, Math.min(why.length(), REASON_CHARACTERS_MAX)).strip();
    return new Outcome(false, false, Optional.of(reason));
  }

  private HttpRequest request(Kind kind, long number) throws IOException {
    String question =
        kind == Kind.CACHED
            ? questions.get((int) (number % remembered()))
            // A word that no text has and no cache has seen.
            : questions.get((int) (number % questions.size())) + " n" + fresh.incrementAndGet();
    ObjectNode body = settings.deepCopy();
    body.put(kind == Kind.ANSWER ? "question" : "query", question);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(base + (kind == Kind.ANSWER ? "/v1/answer" : "/v1/search")))
            .timeout(timeout)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    authorization.ifPresent(value -> request.header("authorization", value));
    return request.build();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
