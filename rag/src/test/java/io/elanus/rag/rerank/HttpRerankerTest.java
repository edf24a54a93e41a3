package io.elanus.rag.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.rerank.RerankConfig.Shape;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers well, badly, or not. */
class HttpRerankerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<JsonNode> calls = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong nanos = new AtomicLong();
  private volatile Function<JsonNode, HttpResponse> answer = call -> HttpResponse.of(500);
  private Server server;

  @BeforeEach
  void start() {
    server =
        Server.builder()
            .http(0)
            .requestTimeout(Duration.ZERO)
            .service(
                "/rerank",
                (context, request) ->
                    HttpResponse.of(
                        request
                            .aggregate()
                            .thenApply(
                                whole -> {
                                  try {
                                    JsonNode call = JSON.readTree(whole.contentUtf8());
                                    calls.add(call);
                                    return answer.apply(call);
                                  } catch (java.io.IOException e) {
                                    throw new java.io.UncheckedIOException(e);
                                  }
                                })))
            .build();
    server.start().join();
  }

  @AfterEach
  void stop() {
    server.stop().join();
    threads.shutdownNow();
  }

  private HttpReranker reranker(Shape shape, Duration timeout) {
    return new HttpReranker(
        new RerankConfig(
            URI.create("http://127.0.0.1:%d/rerank".formatted(server.activeLocalPort())),
            shape,
            "cross",
            Optional.of("secret-key"),
            50,
            2,
            timeout),
        threads,
        () -> System.nanoTime() + nanos.get());
  }

  private static HttpResponse json(String body) {
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, body);
  }

  /** Scores by length, worst first, so that only the index tells which is which. */
  private static HttpResponse byLength(JsonNode call, boolean tei) {
    StringBuilder results = new StringBuilder();
    JsonNode texts = call.get(tei ? "texts" : "documents");
    for (int i = texts.size() - 1; i >= 0; i--) {
      results
          .append(results.isEmpty() ? "" : ",")
          .append(
              "{\"index\":%d,\"%s\":%d.5}"
                  .formatted(
                      i, tei ? "score" : "relevance_score", texts.get(i).textValue().length()));
    }
    return json(tei ? "[" + results + "]" : "{\"results\":[" + results + "]}");
  }

  @Test
  void threeShapesAreSpokenInBatches() {
    for (Shape shape : Shape.values()) {
      calls.clear();
      boolean tei = shape == Shape.TEI;
      answer = call -> byLength(call, tei);
      try (HttpReranker reranker = reranker(shape, Duration.ofSeconds(20))) {
        double[] scores =
            reranker.scores("q", List.of("a", "bb", "ccc", "d", "ee"), Duration.ofMinutes(1));
        assertThat(scores).as(shape.name()).containsExactly(1.5, 2.5, 3.5, 1.5, 2.5);
        assertThat(calls).hasSize(3);
        assertThat(calls)
            .allSatisfy(call -> assertThat(call.get("query").textValue()).isEqualTo("q"));
        assertThat(calls.getFirst().has("texts")).isEqualTo(tei);
        assertThat(reranker.name()).contains("cross").doesNotContain("secret");
      }
    }
  }

  private void fails(Duration timeout, String... parts) {
    try (HttpReranker reranker = reranker(Shape.TEI, timeout)) {
      int before = calls.size();
      assertThatThrownBy(() -> reranker.scores("q", List.of("hidden words"), Duration.ofMinutes(1)))
          .isInstanceOfSatisfying(
              ElanusException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY);
                assertThat(e.getMessage())
                    .contains("127.0.0.1")
                    .contains(parts)
                    .doesNotContain("secret-key", "hidden words");
              });
      assertThat(calls.size()).isGreaterThan(before);
    }
  }

  @Test
  void nonsenseIsNoOrder() {
    for (String body :
        List.of(
            "",
            "hidden words",
            "{}",
            "[]",
            "[{\"index\":0,\"score\":1},{\"index\":0,\"score\":2}]",
            "[{\"index\":1,\"score\":1}]",
            "[{\"index\":-1,\"score\":1}]",
            "[{\"index\":0}]",
            "[{\"index\":0,\"score\":\"NaN\"}]",
            "[{\"index\":0,\"score\":1e999}]",
            "[".repeat(500))) {
      answer = call -> json(body);
      fails(Duration.ofSeconds(20), "one score for each text");
    }
    answer = call -> HttpResponse.of(503);
    fails(Duration.ofSeconds(20), "status 503");
    answer = call -> HttpResponse.ofRedirect("http://127.0.0.1:1/");
    fails(Duration.ofSeconds(20), "status 307");
  }

  @Test
  void whatIsTooLongOrNeverEndsIsGivenUp() {
    answer = call -> json("[" + " ".repeat(2 << 20) + "]");
    fails(Duration.ofSeconds(20), "too much");
    answer = call -> HttpResponse.of(new CompletableFuture<>());
    fails(Duration.ofMillis(300), "in time");
    // The head comes at once, the body never ends.
    answer =
        call -> {
          var writing = HttpResponse.streaming();
          writing.write(com.linecorp.armeria.common.ResponseHeaders.of(200));
          writing.write(com.linecorp.armeria.common.HttpData.ofUtf8("[ "));
          return writing;
        };
    fails(Duration.ofMillis(300), "in time");
  }

  @Test
  void theCallersPatienceIsShorter() {
    answer = call -> HttpResponse.of(new CompletableFuture<>());
    try (HttpReranker reranker = reranker(Shape.TEI, Duration.ofHours(1))) {
      assertThatThrownBy(() -> reranker.scores("q", List.of("a"), Duration.ofMillis(200)))
          .hasMessageContaining("in time");
    }
  }

  @Test
  void afterFailuresItIsLeftAloneAndAskedAgainLater() {
    answer = call -> HttpResponse.of(500);
    try (HttpReranker reranker = reranker(Shape.TEI, Duration.ofSeconds(20))) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> reranker.scores("q", List.of("a"), Duration.ofMinutes(1)))
            .hasMessageContaining("500");
      }
      assertThatThrownBy(() -> reranker.scores("q", List.of("a"), Duration.ofMinutes(1)))
          .hasMessageContaining("left alone");
      assertThat(calls).hasSize(5);
      nanos.addAndGet(Duration.ofSeconds(11).toNanos());
      answer = call -> byLength(call, true);
      assertThat(reranker.scores("q", List.of("a"), Duration.ofMinutes(1))).containsExactly(1.5);
      assertThat(reranker.scores("q", List.of("ab"), Duration.ofMinutes(1))).containsExactly(2.5);
    }
  }
}
