package io.elanus.rag.embed.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP server that answers as it is told, one answer after the other, the last for good. */
final class FakeProvider implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  /** What is done with one question. */
  @FunctionalInterface
  interface Answer {
    void to(HttpExchange exchange, JsonNode question) throws IOException, InterruptedException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Answer> answers;
  final List<JsonNode> questions = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();
  final List<String> paths = new CopyOnWriteArrayList<>();

  FakeProvider(Answer... answers) throws IOException {
    this.answers = List.of(answers);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/");
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode question = JSON.readTree(exchange.getRequestBody().readAllBytes());
      Answer answer;
      synchronized (this) {
        answer = answers.get(Math.min(questions.size(), answers.size() - 1));
        questions.add(question);
        paths.add(exchange.getRequestURI().getPath());
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      }
      answer.to(exchange, question);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Answer says(int status, String body, String... header) {
    return (exchange, question) -> {
      for (int i = 0; i < header.length; i += 2) {
        exchange.getResponseHeaders().add(header[i], header[i + 1]);
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  /** Vectors of the dimension: the first number is the text's length, the second one. */
  static Answer vectors(int dimension) {
    return (exchange, question) -> {
      StringBuilder data = new StringBuilder();
      JsonNode input = question.path("input");
      // The last first: the index says where it belongs.
      for (int i = input.size() - 1; i >= 0; i--) {
        data.append(data.isEmpty() ? "" : ",")
            .append("{\"object\":\"embedding\",\"index\":%d,\"embedding\":".formatted(i))
            .append(vector(dimension, input.get(i).asText()))
            .append('}');
      }
      says(200, "{\"object\":\"list\",\"data\":[" + data + "]}").to(exchange, question);
    };
  }

  static String vector(int dimension, String text) {
    StringBuilder vector = new StringBuilder("[" + text.length() + ",1");
    vector.append(",0".repeat(dimension - 2));
    return vector.append(']').toString();
  }

  static Answer drips(byte each) {
    return (exchange, question) -> {
      exchange.sendResponseHeaders(200, 0);
      try {
        while (true) {
          exchange.getResponseBody().write(each);
          exchange.getResponseBody().flush();
          Thread.sleep(20);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the client went away", e);
      }
    };
  }

  static Answer silent() {
    return (exchange, question) -> Thread.sleep(60_000);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
