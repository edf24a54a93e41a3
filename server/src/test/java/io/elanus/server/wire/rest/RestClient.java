package io.elanus.server.wire.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A client of REST as a script would write it. */
public final class RestClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  public RestClient(int port) {
    this.base = "http://127.0.0.1:" + port;
  }

  /** Code, headers and text as they came. */
  public HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The answer to a POST under REST's base, whatever it says. */
  public JsonNode post(String path, String body, String... headers) {
    HttpResponse<String> response = send("POST", "/v2/vectordb" + path, body, headers);
    assertThat(response.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
    return json(response.body());
  }

  /** The data of an answer that must be a success. */
  public JsonNode data(String path, String body, String... headers) {
    JsonNode answer = post(path, body, headers);
    assertThat(answer.path("code").asInt(-1)).as(answer.toString()).isZero();
    return answer.path("data");
  }

  /** The message of an answer that must be that error. */
  public String error(int code, String path, String body, String... headers) {
    JsonNode answer = post(path, body, headers);
    assertThat(answer.path("code").asInt(-1)).as(answer.toString()).isEqualTo(code);
    assertThat(answer.has("data")).isFalse();
    return answer.path("message").asText();
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
