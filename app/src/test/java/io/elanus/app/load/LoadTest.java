package io.elanus.app.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.elanus.app.fixture.FakeModels;
import io.elanus.app.fixture.JsonClient;
import io.elanus.app.serve.EmbeddedServer;
import io.elanus.model.error.ElanusException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
class LoadTest {
  private static final LoadClient.Outcome WELL =
      new LoadClient.Outcome(false, false, Optional.empty());

  @TempDir Path folder;

  @Test
  void aMixIsSpreadEvenly() {
    assertThat(Kind.round("cached")).containsExactly(Kind.CACHED);
    assertThat(Kind.round("search=2, answer=1,cached=1"))
        .hasSize(4)
        .startsWith(Kind.SEARCH)
        .contains(Kind.ANSWER, Kind.CACHED);
    for (String wrong : List.of("", "reads", "search=-1", "search=0", "search=1,answer=x")) {
      assertThatThrownBy(() -> Kind.round(wrong)).isInstanceOf(ElanusException.class);
    }
  }

  /** One stall of one client: what was due meanwhile has waited, though it was served at once. */
  @Test
  void aStallIsInTheLatencyOfAllThatWereDue() throws Exception {
    LoadRun run =
        new LoadRun(
            (kind, number) -> {
              if (number == 10) {
                TimeUnit.MILLISECONDS.sleep(400);
              }
              return WELL;
            },
            List.of(Kind.SEARCH),
            1,
            200,
            TimeUnit.SECONDS.toNanos(1));
    run.run();
    Tally tally = run.of(Kind.SEARCH);
    assertThat(tally.answers()).isEqualTo(200);
    // Of 200 requests some 80 were due in the stall, and half of those waited half of it or more.
    assertThat(tally.waitedMillis(0.85)).isGreaterThan(100);
    assertThat(tally.waitedMillis(1)).isGreaterThanOrEqualTo(399);
    assertThat(tally.servedMillis(0.85)).isLessThan(tally.waitedMillis(0.85));
  }

  @Test
  void withoutARateEveryClientWaitsForItsAnswer() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    List<Integer> together = java.util.Collections.synchronizedList(new ArrayList<>());
    LoadRun run =
        new LoadRun(
            (kind, number) -> {
              together.add(inside.incrementAndGet());
              TimeUnit.MILLISECONDS.sleep(5);
              inside.decrementAndGet();
              return WELL;
            },
            List.of(Kind.SEARCH, Kind.ANSWER),
            3,
            0,
            TimeUnit.MILLISECONDS.toNanos(300));
    run.run();
    assertThat(together).contains(3).allMatch(count -> count <= 3);
    assertThat(run.of(Kind.SEARCH).answers() - run.of(Kind.ANSWER).answers()).isBetween(-1L, 1L);
    assertThat(run.of(Kind.SEARCH).servedMillis(0)).isGreaterThanOrEqualTo(4.9);
  }

  private JsonNode load(int code, String base, String... more) throws Exception {
    Path questions = folder.resolve("questions.txt");
    Files.writeString(questions, "which kite hovers\n\nwhere do gulls live\n");
    Path json = folder.resolve("load.json");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server",
                base,
                "--questions",
                questions.toString(),
                "--json",
                json.toString(),
                "--clients",
                "3",
                "--seconds",
                "1",
                "--warm-up-seconds",
                "0"));
    arguments.addAll(List.of(more));
    StringWriter out = new StringWriter();
    CommandLine line = new CommandLine(new LoadCommand());
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter()));
    assertThat(line.execute(arguments.toArray(String[]::new))).as(out.toString()).isEqualTo(code);
    assertThat(out.toString()).contains("p50", "p95", "p99", "errors");
    return new ObjectMapper().readTree(json.toFile());
  }

  @Test
  void aWholeServerIsAskedForSearchesAndAnswers() throws Exception {
    try (FakeModels models = new FakeModels()) {
      Path file = folder.resolve("elanus.yaml");
      Files.writeString(file, models.settings());
      try (EmbeddedServer server = EmbeddedServer.start(folder.resolve("data"), 0, 0, file)) {
        JsonClient client = JsonClient.of(server.port());
        client.ask(
            "/v1/documents?wait=true",
            "{\"documents\": [{\"source_id\": \"a\", \"text\": \"the kite hovers, gulls live at sea\"}]}");
        JsonNode told =
            load(
                0,
                client.base(),
                "--mix",
                "search=2,cached=2,answer=1",
                "--with",
                "{\"top_k\": 3}");
        for (Kind kind : Kind.values()) {
          JsonNode each = told.path(kind.word());
          assertThat(each.path("errors").asInt()).as("%s", told).isZero();
          assertThat(each.path("answers").asInt()).as(kind.word()).isPositive();
          assertThat(each.path("latency_ms").path("p50").asDouble()).isPositive();
          assertThat(each.path("latency_ms").path("p99").asDouble())
              .isGreaterThanOrEqualTo(each.path("latency_ms").path("p50").asDouble());
        }
        assertThat(told.path("search").path("cached").asInt()).isZero();
        assertThat(told.path("cached").path("cached").asInt())
            .isEqualTo(told.path("cached").path("answers").asInt());
        assertThat(models.asked("/v1/chat/completions")).isNotEmpty();
        JsonNode drift = client.ask("/v1/drift", "");
        assertThat(drift.path("questions").path("baseline").asInt()).isPositive();
        assertThat(drift.path("documents").path("state").asText()).isEqualTo("too few yet");
        assertThat(client.delete("/v1/drift").statusCode()).isEqualTo(204);
        drift = client.ask("/v1/drift?collection=documents", "");
        assertThat(drift.path("questions").path("baseline").asInt()).isZero();
        assertThat(client.send("/v1/drift?collection=none", "").statusCode()).isEqualTo(404);
      }
    }
  }

  @Test
  void failuresAreCountedByWhatTheySaid() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger count = new AtomicInteger();
    server.createContext(
        "/v1/search",
        exchange -> {
          boolean well = count.getAndIncrement() % 2 == 0;
          byte[] body =
              (well ? "{\"degraded\": [\"x\"]}" : "{\"error\": {\"message\": \"too much\"}}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(well ? 200 : 429, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    try {
      JsonNode told = load(0, base, "--rate", "50").path("search");
      assertThat(told.path("answers").asInt() + told.path("errors").asInt()).isEqualTo(50);
      assertThat(told.path("errors").asInt()).isEqualTo(25);
      assertThat(told.path("degraded").asInt()).isEqualTo(25);
      assertThat(told.path("error_reasons").path("429 too much").asInt()).isEqualTo(25);
    } finally {
      server.stop(0);
    }
    assertThat(load(1, base, "--rate", "20").path("search").path("errors").asInt()).isEqualTo(20);
  }
}
