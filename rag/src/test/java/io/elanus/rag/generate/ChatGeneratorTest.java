package io.elanus.rag.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.generate.Prompt.Message;
import io.elanus.rag.generate.Prompt.Role;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server that answers, is down, slow, drips, stops, lies, or never ends. */
class ChatGeneratorTest {
  private static final String KEY = "sk-do-not-tell";
  private static final Prompt PROMPT =
      new Prompt(
          List.of(new Message(Role.SYSTEM, "Be \"brief\"."), new Message(Role.USER, "canary ü?")),
          50);

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong ahead = new AtomicLong();
  private final StringBuilder given = new StringBuilder();
  private Provider provider;

  @BeforeEach
  void start() throws Exception {
    provider = new Provider();
  }

  @AfterEach
  void stop() {
    provider.close();
    executor.shutdownNow();
  }

  private ChatGenerator generator(URI uri, long limitMillis, int retriesMax, int concurrentMax) {
    Duration limit = Duration.ofMillis(limitMillis);
    GeneratorConfig config =
        new GeneratorConfig(
            uri,
            "a-model",
            Optional.of(new ApiKey(KEY)),
            OptionalDouble.of(0.25),
            "max_tokens",
            new GeneratorConfig.Timeouts(limit, limit, limit, Duration.ofSeconds(60)),
            retriesMax,
            concurrentMax);
    assertThat(config.toString()).doesNotContain(KEY);
    return new ChatGenerator(
        config, executor, () -> System.nanoTime() + ahead.get(), new SplittableRandom(1));
  }

  private ChatGenerator generator() {
    return generator(provider.uri(), 20_000, 2, 4);
  }

  private Generation generate(ChatGenerator generator) {
    return generator.generate(PROMPT, given::append, new Cancellation());
  }

  private ElanusException failure(ChatGenerator generator) {
    ElanusException e = catchThrowableOfType(ElanusException.class, () -> generate(generator));
    assertThat(e).isNotNull();
    assertThat(e.getMessage()).doesNotContain(KEY).doesNotContain("canary");
    return e;
  }

  @Test
  void asksAsTheProtocolSaysAndHandsPiecesOn() {
    provider.next(Provider.answering("Hel", "lo \\u00fc", "\\n"));
    Generation whole = generate(generator());
    assertThat(whole.text()).isEqualTo("Hello ü\n").isEqualTo(given.toString());
    assertThat(whole.cut()).isFalse();
    assertThat(whole.promptTokens()).hasValue(7);
    assertThat(whole.textTokens()).hasValue(3);
    assertThat(provider.requests().getFirst())
        .startsWith("POST /v1/chat/completions HTTP/1.1")
        .containsIgnoringCase("authorization: Bearer " + KEY)
        .endsWith(
            "{\"model\":\"a-model\",\"messages\":[{\"role\":\"system\",\"content\":\"Be \\\"brief\\\".\"},"
                + "{\"role\":\"user\",\"content\":\"canary ü?\"}],\"max_tokens\":50,"
                + "\"temperature\":0.25,\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
  }

  @Test
  void takesBytesAsTheyCome() {
    String stream =
        "data: {\"choices\":[{\"delta\":{\"content\":\"ü€😀\"},\"finish_reason\":\"length\"}]}\r\n\r\ndata: [DONE]\r\n\r\n";
    provider.next(
        wire -> {
          wire.head();
          for (byte b : stream.getBytes(StandardCharsets.UTF_8)) {
            wire.send(new byte[] {b});
          }
        });
    Generation whole = generate(generator());
    assertThat(whole.text()).isEqualTo("ü€😀");
    assertThat(whole.cut()).isTrue();
  }

  @Test
  void takesAnAnswerThatIsNoStream() {
    provider.next(
        wire ->
            wire.status(
                200,
                "",
                "{\"choices\":[{\"message\":{\"content\":\"whole\"},\"finish_reason\":\"stop\"}]}"));
    assertThat(generate(generator()).text()).isEqualTo("whole");
    assertThat(given).hasToString("whole");
  }

  @Test
  void theEndNeedsNoMark() {
    provider.next(wire -> wire.head().delta("closed").finish("stop"));
    assertThat(generate(generator()).text()).isEqualTo("closed");
    provider.next(
        wire -> {
          wire.head().delta("left open").finish("stop");
          wire.awaitClose();
        });
    assertThat(generate(generator()).text()).isEqualTo("left open");
  }

  @Test
  void downIsToldAndAfterFiveFailuresNobodyKnocks() throws Exception {
    int port;
    try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = unused.getLocalPort();
    }
    ElanusException down =
        failure(generator(URI.create("http://127.0.0.1:" + port + "/v1"), 20_000, 0, 4));
    assertThat(down.code()).isEqualTo(ErrorCode.NOT_READY);
    assertThat(down).hasMessageContaining("127.0.0.1:" + port).hasMessageContaining("reached");

    ChatGenerator generator = generator(provider.uri(), 20_000, 0, 4);
    provider.always(wire -> wire.status(500, "", "{}"));
    for (int i = 0; i < 5; i++) {
      assertThat(failure(generator)).hasMessageContaining("failed (500)");
    }
    assertThat(failure(generator)).hasMessageContaining("left in peace");
    assertThat(provider.requests()).hasSize(5);
    provider.always(Provider.answering("back"));
    ahead.addAndGet(Duration.ofSeconds(16).toNanos());
    assertThat(generate(generator).text()).isEqualTo("back");
  }

  @Test
  void silenceHasALimitBeforeTheFirstEvent() {
    provider.always(Provider.Wire::awaitClose);
    ElanusException mute = failure(generator(provider.uri(), 150, 1, 4));
    assertThat(mute.code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(mute).hasMessageContaining("did not begin to answer");
    assertThat(provider.requests()).hasSize(2);

    provider.always(
        wire -> {
          wire.head();
          while (true) {
            wire.send(": still here\n");
            Thread.sleep(5);
          }
        });
    assertThat(failure(generator(provider.uri(), 150, 0, 4)))
        .hasMessageContaining("did not begin to answer");
  }

  @Test
  void silenceHasALimitBetweenEventsAndIsNotTriedAgain() {
    provider.next(
        wire -> {
          wire.head().delta("some");
          while (true) {
            wire.send(": still here\n");
            Thread.sleep(5);
          }
        });
    ElanusException e = failure(generator(provider.uri(), 150, 2, 4));
    assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(e).hasMessageContaining("fell silent");
    assertThat(given).hasToString("some");
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void aTextThatStopsInTheMiddleIsNotTriedAgain() {
    provider.next(wire -> wire.head().delta("half a"));
    ElanusException e = failure(generator());
    assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY);
    assertThat(e).hasMessageContaining("in the middle");
    assertThat(given).hasToString("half a");
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void passingTroubleIsTriedAgainBeforeTheFirstPiece() {
    provider
        .next(wire -> wire.status(429, "retry-after: 0\r\n", "{}"))
        .next(Provider.Wire::head)
        .next(Provider.answering("third"));
    assertThat(generate(generator()).text()).isEqualTo("third");
    assertThat(provider.requests()).hasSize(3);
    assertThat(provider.requests().get(2))
        .endsWith(provider.requests().get(0).split("\r\n\r\n")[1]);
  }

  @Test
  void aPauseLongerThanTheTotalIsNotWaitedFor() {
    provider.next(wire -> wire.status(429, "retry-after: 99999\r\n", "{}"));
    ElanusException e = failure(generator());
    assertThat(e.code()).isEqualTo(ErrorCode.BUSY);
    assertThat(e).hasMessageContaining("asks to wait (429)");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 302, 418})
  void whatWouldComeAgainIsNotTriedAgain(int status) throws Exception {
    try (Provider elsewhere = new Provider()) {
      provider.next(
          wire ->
              wire.status(
                  status,
                  "location: " + elsewhere.uri() + "\r\n",
                  "{\"error\":{\"message\":\"bad key "
                      + KEY
                      + "\",\"code\":\"invalid_api_key\"}}"));
      assertThat(failure(generator())).hasMessageContaining("(" + status);
      assertThat(provider.requests()).hasSize(1);
      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: not json\n\n",
        "data: [1,2]\n\n",
        "data: {\"choices\":7}\n\n",
        "data: {\"error\":{\"message\":\"canary\",\"type\":\"server_error\"}}\n\n",
        "\u0000\u0001\u0002",
        "<html>hello</html>\n\n",
        ""
      })
  void garbageIsNoAnswer(String garbage) {
    provider.always(wire -> wire.head().send(garbage));
    assertThat(failure(generator(provider.uri(), 20_000, 0, 4)).code())
        .isEqualTo(ErrorCode.NOT_READY);
    assertThat(given).isEmpty();
  }

  @Test
  void aGigabyteIsNotTakenIn() {
    byte[] block = new byte[1 << 20];
    java.util.Arrays.fill(block, (byte) 'x');
    provider.next(
        wire -> {
          wire.head();
          for (int i = 0; i < 1024; i++) {
            wire.send(block);
          }
        });
    assertThat(failure(generator(provider.uri(), 20_000, 0, 4)))
        .hasMessageContaining("a line of more than");
    String line = "data: {\"choices\":[],\"pad\":\"" + "x".repeat(1 << 16) + "\"}\n\n";
    provider.next(
        wire -> {
          wire.head();
          while (true) {
            wire.send(line);
          }
        });
    assertThat(failure(generator(provider.uri(), 20_000, 0, 4)))
        .hasMessageContaining("sent more than 32 MiB");
    assertThat(provider.bytesWritten()).isLessThan(200L << 20);
  }

  @Test
  void whoGoesAwayTakesTheConnectionAlong() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    provider.next(
        wire -> {
          wire.head().delta("be");
          wire.awaitClose();
          closed.countDown();
        });
    ChatGenerator generator = generator(provider.uri(), 60_000, 2, 1);
    Cancellation cancellation = new Cancellation();
    Future<ElanusException> ended =
        executor.submit(
            () ->
                catchThrowableOfType(
                    ElanusException.class,
                    () -> generator.generate(PROMPT, piece -> begun.countDown(), cancellation)));
    begun.await();
    assertThat(failure(generator).code()).as("one at a time").isEqualTo(ErrorCode.BUSY);
    cancellation.cancel();
    closed.await();
    assertThat(ended.get().code()).isEqualTo(ErrorCode.CANCELED);
    assertThat(generate(generator).text()).isEqualTo("ok");
  }

  @Test
  void addressesAndKeysAreLookedAt() {
    for (String bad : List.of("ftp://x/v1", "http://user:secret@x/v1", "nonsense")) {
      assertThatThrownBy(() -> GeneratorConfig.of(URI.create(bad), "m"))
          .hasMessageContaining("the generator's address")
          .hasMessageNotContaining("secret");
    }
    assertThatThrownBy(() -> new ApiKey("two\nlines")).hasMessageNotContaining("two");
    assertThat(new ApiKey(KEY)).hasToString("***");
  }
}
