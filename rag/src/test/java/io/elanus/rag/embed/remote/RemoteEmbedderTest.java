package io.elanus.rag.embed.remote;

import static io.elanus.rag.embed.remote.FakeProvider.drips;
import static io.elanus.rag.embed.remote.FakeProvider.says;
import static io.elanus.rag.embed.remote.FakeProvider.silent;
import static io.elanus.rag.embed.remote.FakeProvider.vectors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Embedder.Purpose;
import io.elanus.rag.embed.Tokens;
import io.elanus.rag.embed.remote.RemoteConfig.Limits;
import io.elanus.rag.embed.remote.RemoteConfig.Protocol;
import io.elanus.rag.embed.remote.RemoteConfig.Waits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteEmbedderTest {
  private static final Limits LIMITS = new Limits(2048, 1_000_000, 0, 0, 2, 1 << 20);
  private static final Waits WAITS =
      new Waits(
          Duration.ofSeconds(2),
          Duration.ofMillis(700),
          Duration.ofSeconds(60),
          3,
          Duration.ofMillis(100),
          Duration.ofSeconds(10));

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong nanos = new AtomicLong();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    client.shutdownNow();
    executor.shutdownNow();
  }

  private void pause(Duration duration) {
    pauses.add(duration);
    nanos.addAndGet(duration.toNanos());
  }

  private RemoteEmbedder embedder(URI base, Protocol protocol, Limits limits) {
    RemoteConfig config =
        new RemoteConfig(
            protocol,
            base,
            new ApiKey("sk-very-secret"),
            "m",
            "",
            3,
            false,
            10,
            "",
            "",
            limits,
            WAITS);
    Timing timing = new Timing(nanos::get, this::pause, () -> 1);
    return new RemoteEmbedder(config, client, executor, timing, new Words(), meters);
  }

  private RemoteEmbedder openAi(FakeProvider provider) {
    return embedder(provider.base(), Protocol.OPENAI, LIMITS);
  }

  private static List<float[]> ask(RemoteEmbedder embedder, String... texts) {
    return embedder.embed(List.of(texts), Purpose.DOCUMENT);
  }

  private static ElanusException refused(RemoteEmbedder embedder, String... texts) {
    try {
      ask(embedder, texts);
    } catch (ElanusException e) {
      assertThat(e.getMessage()).doesNotContain("sk-very-secret");
      return e;
    }
    throw new AssertionError("it was not refused");
  }

  @Test
  void vectorsComeInTheTextsOrderAndOfLengthOne() throws Exception {
    try (FakeProvider provider = new FakeProvider(vectors(3))) {
      List<float[]> v = ask(openAi(provider), "a", "abc");
      assertThat(v.get(0)[0] / v.get(0)[1]).isCloseTo(1, within(1e-5f));
      assertThat(v.get(1)[0] / v.get(1)[1]).isCloseTo(3, within(1e-5f));
      assertThat(Math.hypot(v.get(1)[0], v.get(1)[1])).isCloseTo(1, within(1e-6));
      assertThat(provider.authorizations).containsExactly("Bearer sk-very-secret");
      assertThat(provider.paths).containsExactly("/v1/embeddings");
      assertThat(provider.questions.getFirst().path("model").asText()).isEqualTo("m");
    }
  }

  @Test
  void base64IsReadAsWell() throws Exception {
    String body = "{\"data\":[{\"index\":0,\"embedding\":\"AAAAAAAAgD8AAAAA\"}]}";
    try (FakeProvider provider = new FakeProvider(says(200, body))) {
      assertThat(ask(openAi(provider), "a").getFirst()).containsExactly(0, 1, 0);
    }
  }

  @Test
  void cohereIsToldWhatTheTextsAreFor() throws Exception {
    String body = "{\"embeddings\":{\"float\":[[0,2,0]]}}";
    try (FakeProvider provider = new FakeProvider(says(200, body))) {
      RemoteEmbedder cohere = embedder(provider.base(), Protocol.COHERE, LIMITS);
      assertThat(cohere.embed(List.of("a"), Purpose.QUERY).getFirst()).containsExactly(0, 1, 0);
      assertThat(cohere.embed(List.of("a"), Purpose.DOCUMENT)).hasSize(1);
      assertThat(provider.paths).containsOnly("/v1/embed");
      assertThat(provider.questions)
          .extracting(q -> q.path("input_type").asText())
          .containsExactly("search_query", "search_document");
    }
  }

  @Test
  void manyTextsGoInSeveralCalls() throws Exception {
    try (FakeProvider provider = new FakeProvider(vectors(3))) {
      Limits few = new Limits(7, 1_000_000, 0, 0, 3, 1 << 20);
      List<String> texts = IntStream.range(0, 100).mapToObj(i -> "x".repeat(1 + i % 9)).toList();
      List<float[]> v =
          embedder(provider.base(), Protocol.OPENAI, few).embed(texts, Purpose.DOCUMENT);
      assertThat(provider.questions).hasSize(15);
      for (int i = 0; i < 100; i++) {
        assertThat(v.get(i)[0] / v.get(i)[1]).isCloseTo(1 + i % 9, within(1e-4f));
      }
      Limits small = new Limits(2048, 10, 0, 0, 3, 1 << 20);
      embedder(provider.base(), Protocol.OPENAI, small)
          .embed(List.of("12345678", "1234", "1234"), Purpose.DOCUMENT);
      assertThat(provider.questions).hasSize(17);
    }
  }

  @Test
  void longTextsAreCutAndCounted() throws Exception {
    try (FakeProvider provider = new FakeProvider(vectors(3))) {
      ask(openAi(provider), "one two three four five six seven eight nine ten eleven", "two words");
      assertThat(provider.questions.getFirst().path("input").get(0).asText()).endsWith(" ten");
      assertThat(meters.get("elanus_rag_embed_truncated_texts").counter().count()).isEqualTo(1);
    }
  }

  @Test
  void aBusyProviderIsAskedAgainAfterAsLongAsItSays() throws Exception {
    try (FakeProvider provider =
        new FakeProvider(
            says(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After", "7"),
            says(503, "", "Retry-After", "0"),
            vectors(3))) {
      assertThat(ask(openAi(provider), "a")).hasSize(1);
      assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofMillis(200));
      assertThat(meters.get("elanus_rag_embed_retries").counter().count()).isEqualTo(2);
    }
  }

  @Test
  void aWaitBeyondTheTotalIsNotBegun() throws Exception {
    try (FakeProvider provider = new FakeProvider(says(429, "", "Retry-After", "61"))) {
      assertThat(refused(openAi(provider), "a").code()).isEqualTo(ErrorCode.BUSY);
      assertThat(pauses).isEmpty();
      assertThat(provider.questions).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "500 | {\"error\":\"out of memory\"} | 3 | NOT_READY | it answered 500: out of memory",
        "429 | {} | 3 | BUSY | it answered 429",
        "401 | {\"error\":{\"message\":\"bad key sk-very-secret\"}} | 1 | INVALID_ARGUMENT | it answered 401: bad key ***",
        "404 | <html> | 1 | INVALID_ARGUMENT | it answered 404",
        "200 | <html>gateway | 3 | NOT_READY | its answer is no JSON",
        "200 | {\"data\":[ | 3 | NOT_READY | its answer is no JSON",
        "200 | {} | 3 | NOT_READY | its answer has 0 embeddings for 1 texts",
        "200 | {\"data\":[{\"index\":3,\"embedding\":[1,2,3]}]} | 3 | NOT_READY | has the index 3",
        "200 | {\"data\":[{\"embedding\":[1,2,3]}]} | 3 | NOT_READY | has the index",
        "200 | {\"data\":[{\"index\":0,\"embedding\":[1,\"NaN\",3]}]} | 3 | NOT_READY | holds what is no number",
        "200 | {\"data\":[{\"index\":0,\"embedding\":[1,1e400,3]}]} | 3 | NOT_READY | has no direction",
        "200 | {\"data\":[{\"index\":0,\"embedding\":[0,0,0]}]} | 3 | NOT_READY | has no direction",
        "200 | {\"data\":[{\"index\":0,\"embedding\":\"AAAA\"}]} | 3 | NOT_READY | ends inside of a number",
        "200 | {\"data\":[{\"index\":0,\"embedding\":[1,2]}]} | 1 | INVALID_ARGUMENT | vectors of 2 dimensions where 3 are configured"
      })
  void nonsenseIsRefusedWithASentence(
      int status, String body, int calls, ErrorCode code, String sentence) throws Exception {
    try (FakeProvider provider = new FakeProvider(says(status, body))) {
      ElanusException e = refused(openAi(provider), "a");
      assertThat(e.code()).isEqualTo(code);
      assertThat(e).hasMessageContaining(sentence).hasMessageContaining(provider.base().toString());
      assertThat(provider.questions).hasSize(calls);
    }
  }

  @Test
  void twoVectorsForOnePlaceAreRefused() throws Exception {
    String twice =
        "{\"data\":[{\"index\":0,\"embedding\":[1,2,3]},{\"index\":0,\"embedding\":[1,2,3]}]}";
    try (FakeProvider provider = new FakeProvider(says(200, twice))) {
      assertThat(refused(openAi(provider), "a", "b")).hasMessageContaining("has the index 0");
    }
  }

  @Test
  void silenceAndDripsEnd() throws Exception {
    try (FakeProvider provider = new FakeProvider(silent(), drips((byte) ' '))) {
      ElanusException e = refused(openAi(provider), "a");
      assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT);
      assertThat(e).hasMessageContaining("did not answer within 700 ms");
      assertThat(provider.questions).hasSize(3);
    }
  }

  @Test
  void anEndlessAnswerIsNotTakenIn() throws Exception {
    try (FakeProvider provider = new FakeProvider(says(200, " ".repeat(2 << 20)))) {
      ElanusException e = refused(openAi(provider), "a");
      assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY);
      assertThat(e).hasMessageContaining("broke off");
    }
  }

  @Test
  void whereNobodyListensItIsSaid() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    URI nobody = URI.create("http://127.0.0.1:" + port + "/v1");
    ElanusException e = refused(embedder(nobody, Protocol.OPENAI, LIMITS), "a");
    assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY);
    assertThat(e).hasMessageContaining("does not take connections");
  }

  @Test
  void aSickProviderIsLeftAloneAndThenTried() throws Exception {
    List<FakeProvider.Answer> answers = new ArrayList<>(Collections.nCopies(6, says(500, "")));
    answers.add(vectors(3));
    try (FakeProvider provider = new FakeProvider(answers.toArray(FakeProvider.Answer[]::new))) {
      RemoteEmbedder embedder = openAi(provider);
      refused(embedder, "a");
      ElanusException second = refused(embedder, "a");
      assertThat(provider.questions).hasSize(5);
      assertThat(second).hasMessageContaining("failed repeatedly");
      assertThat(refused(embedder, "a").code()).isEqualTo(ErrorCode.NOT_READY);
      assertThat(provider.questions).hasSize(5);
      assertThat(meters.get("elanus_rag_embed_circuit_open").gauge().value()).isEqualTo(1);
      nanos.addAndGet(Duration.ofSeconds(11).toNanos());
      refused(embedder, "a");
      assertThat(provider.questions).hasSize(6);
      nanos.addAndGet(Duration.ofSeconds(11).toNanos());
      assertThat(ask(embedder, "a")).hasSize(1);
      assertThat(ask(embedder, "b")).hasSize(1);
      assertThat(meters.get("elanus_rag_embed_circuit_open").gauge().value()).isZero();
    }
  }

  @Test
  void ratesAreKept() throws Exception {
    try (FakeProvider provider = new FakeProvider(vectors(3))) {
      Limits slow = new Limits(1, 1000, 60, 0, 1, 1 << 20);
      RemoteEmbedder embedder = embedder(provider.base(), Protocol.OPENAI, slow);
      for (int i = 0; i < 60; i++) {
        ask(embedder, "a");
      }
      assertThat(pauses).isEmpty();
      ask(embedder, "a");
      assertThat(pauses).hasSize(1);
      assertThat(pauses.getFirst()).isBetween(Duration.ofMillis(900), Duration.ofMillis(1100));
      Limits tokens = new Limits(1, 1000, 0, 4, 1, 1 << 20);
      RemoteEmbedder small = embedder(provider.base(), Protocol.OPENAI, tokens);
      ask(small, "12345678");
      ask(small, "12345678");
      assertThat(pauses).hasSize(2);
      assertThat(pauses.getLast()).isEqualTo(Duration.ofSeconds(30));
      Limits full = new Limits(1, 1000, 1, 0, 1, 1 << 20);
      RemoteEmbedder once = embedder(provider.base(), Protocol.OPENAI, full);
      ask(once, "a");
      ask(once, "a");
      assertThat(pauses.getLast()).isEqualTo(Duration.ofSeconds(60));
      nanos.addAndGet(-1);
      assertThatThrownBy(() -> once.embed(List.of("a"), Purpose.QUERY))
          .hasMessageContaining("the rate limit set for the embedding provider");
    }
  }

  @Test
  void noTextsAskNothing() throws Exception {
    try (FakeProvider provider = new FakeProvider(vectors(3))) {
      assertThat(openAi(provider).embed(List.of(), Purpose.QUERY)).isEmpty();
      assertThatThrownBy(() -> ask(openAi(provider), "a", " "))
          .hasMessage("text 2 of 2 is empty and has no vector");
      assertThat(provider.questions).isEmpty();
    }
  }

  @Test
  void theKeyPrintsAsStars() {
    assertThat(new ApiKey("abc")).hasToString("***");
  }

  /** Words between spaces. */
  private static final class Words implements Tokens {
    @Override
    public int count(String text) {
      return offsets(text).length / 2;
    }

    @Override
    public int[] offsets(String text) {
      List<Integer> offsets = new ArrayList<>();
      int start = 0;
      for (String word : text.split(" ")) {
        offsets.add(start);
        offsets.add(start + word.length());
        start += word.length() + 1;
      }
      return offsets.stream().mapToInt(Integer::intValue).toArray();
    }
  }
}
