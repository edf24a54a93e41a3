package io.elanus.rag.embed.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Embedder.Purpose;
import io.elanus.rag.embed.remote.Refusal.Health;
import io.elanus.rag.embed.remote.Wire.MalformedAnswer;
import io.elanus.rag.trace.Trace;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One question to the provider, one answer or one reason. The wait ends even where bytes drip in
 * one by one, and an answer is no longer than the limit, whatever its headers say.
 */
final class HttpCall {
  private static final int TOLD_CHARACTERS_MAX = 200;
  private static final long RETRY_AFTER_SECONDS_MAX = 3600;

  private final RemoteConfig config;
  private final HttpClient client;
  private final Wire wire;
  private final URI uri;

  HttpCall(RemoteConfig config, HttpClient client) {
    this.config = config;
    this.client = client;
    this.wire =
        switch (config.protocol()) {
          case OPENAI -> new OpenAiWire(config);
          case COHERE -> new CohereWire(config);
        };
    this.uri = URI.create(config.base().toString().replaceAll("/+$", "") + wire.path());
  }

  /**
   * @return unit vectors of the configured dimension
   */
  List<float[]> send(List<String> texts, Purpose purpose, Duration wait)
      throws Refusal, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(wire.question(texts, purpose)));
    config.key().bearer().ifPresent(bearer -> request.header("Authorization", bearer));
    Trace.handOn(request);
    HttpResponse<byte[]> response = response(request.build(), wait);
    if (response.statusCode() != 200) {
      throw refusal(response);
    }
    try {
      return checked(wire.answer(response.body(), texts.size()));
    } catch (MalformedAnswer e) {
      throw Refusal.sick(ErrorCode.NOT_READY, said(e.getMessage()));
    }
  }

  private HttpResponse<byte[]> response(HttpRequest request, Duration wait)
      throws Refusal, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            request,
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), config.limits().answerBytesMax()));
    try {
      return answer.get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw Refusal.sick(
          ErrorCode.TIMEOUT, said("it did not answer within %d ms".formatted(wait.toMillis())));
    } catch (ExecutionException e) {
      throw unreached(e.getCause());
    } finally {
      // Ends the exchange where it still goes on; otherwise without effect.
      answer.cancel(true);
    }
  }

  private Refusal unreached(@org.jspecify.annotations.Nullable Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException e ->
          Refusal.sick(ErrorCode.TIMEOUT, said("no connection could be made in time"));
      case ConnectException e ->
          Refusal.sick(ErrorCode.NOT_READY, said("it does not take connections"));
      case IOException e ->
          Refusal.sick(ErrorCode.NOT_READY, said("the exchange broke off: " + e.getMessage()));
      case null, default -> throw new IllegalStateException("a call failed by a bug", cause);
    };
  }

  private Refusal refusal(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    String sentence = said("it answered %d%s".formatted(status, told(response.body())));
    return switch (status) {
      case 429 -> new Refusal(ErrorCode.BUSY, true, Health.WELL, retryAfter(response), sentence);
      case 408, 500, 502, 503, 504, 529 ->
          new Refusal(ErrorCode.NOT_READY, true, Health.SICK, retryAfter(response), sentence);
      default -> Refusal.lasting(sentence);
    };
  }

  private static Duration retryAfter(HttpResponse<byte[]> response) {
    String value = response.headers().firstValue("retry-after").orElse("");
    // A date is allowed as well, and not sent by the providers; it counts as nothing said.
    if (!value.matches("\\d{1,6}(\\.\\d{1,6})?")) {
      return Duration.ZERO;
    }
    double seconds = Math.min(RETRY_AFTER_SECONDS_MAX, Double.parseDouble(value));
    return Duration.ofMillis((long) (seconds * 1000));
  }

  private static String told(byte[] body) {
    JsonNode message;
    try {
      JsonNode read = Json.read(body);
      JsonNode error = read.path("error");
      message = error.isTextual() ? error : error.path("message");
      message = message.isTextual() ? message : read.path("message");
    } catch (MalformedAnswer e) {
      return "";
    }
    String told = message.asText("").replaceAll("\\s+", " ");
    if (told.isEmpty()) {
      return "";
    }
    return ": " + told.substring(0, Math.min(told.length(), TOLD_CHARACTERS_MAX));
  }

  private List<float[]> checked(List<float[]> vectors) throws Refusal, MalformedAnswer {
    for (float[] vector : vectors) {
      if (vector.length != config.dimension()) {
        throw Refusal.lasting(
            said(
                "it gave vectors of %d dimensions where %d are configured; set dimension to %d, or name another model"
                    .formatted(vector.length, config.dimension(), vector.length)));
      }
      double squares = 0;
      for (float x : vector) {
        squares += (double) x * x;
      }
      if (!(squares > 0) || Double.isInfinite(squares)) {
        throw new MalformedAnswer("an embedding in its answer has no direction");
      }
      float scale = (float) (1 / Math.sqrt(squares));
      for (int d = 0; d < vector.length; d++) {
        vector[d] *= scale;
      }
    }
    return vectors;
  }

  private String said(@org.jspecify.annotations.Nullable String what) {
    return config
        .key()
        .out(
            "the embedding provider at %s (model %s) failed: %s"
                .formatted(config.base(), config.model(), what));
  }
}
