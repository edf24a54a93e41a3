package io.elanus.rag.answer.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.answer.AnswerConfig;
import io.elanus.rag.answer.Answerer;
import io.elanus.rag.answer.TokenEmbedder;
import io.elanus.rag.answer.Writer;
import io.elanus.rag.fixture.Library;
import io.elanus.rag.fixture.Library.Entry;
import io.elanus.rag.fixture.WordEmbedder;
import io.elanus.rag.generate.Cancellation;
import io.elanus.rag.generate.Generation;
import io.elanus.rag.generate.Generator;
import io.elanus.rag.generate.Prompt;
import io.elanus.rag.http.RagService;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.retrieve.SearchRetriever;
import io.elanus.testkit.oracle.OracleDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over the wire, with a generator that writes what it is told. */
class AnswerRoutesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUESTION = "where does the red kite nest?";

  private static final ExecutorService EXECUTOR = Executors.newVirtualThreadPerTaskExecutor();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final AtomicReference<Generator> GENERATOR = new AtomicReference<>();
  private static Server server;

  @BeforeAll
  static void start() {
    OracleDatabase database = new OracleDatabase(InstantSource.system());
    Library.create(database, "documents")
        .add(
            Entry.of("kites", 0, "The red kite nests in tall trees. It lays three eggs."),
            Entry.of("ships", 0, "A ship of the line carried seventy guns."));
    WordEmbedder words = new WordEmbedder();
    Answerer answerer =
        new Answerer(
            new SearchRetriever(
                database, words, MandatoryFilters.NONE, Optional.empty(), InstantSource.system()),
            new TokenEmbedder(words),
            Optional.of(new Current()),
            AnswerConfig.DEFAULT,
            System::nanoTime);
    QuestionReader questions = new QuestionReader("documents", false);
    RagService service = new RagService(headers -> Caller.SYSTEM, EXECUTOR);
    ServerBuilder builder = Server.builder().http(0);
    service.mount(builder, new AnswerRoutes(answerer, questions, EXECUTOR).routes());
    service.mount(
        builder,
        new ChatRoutes(
                answerer,
                database,
                questions,
                EXECUTOR,
                InstantSource.fixed(Instant.ofEpochSecond(1_760_000_000)),
                new java.util.Random(3))
            .routes());
    server = builder.build();
    server.start().join();
  }

  @AfterAll
  static void stop() {
    HTTP.close();
    server.stop().join();
    EXECUTOR.shutdownNow();
  }

  /** The generator of the test that runs. */
  private static final class Current implements Generator {
    @Override
    public String model() {
      return GENERATOR.get().model();
    }

    @Override
    public Generation generate(Prompt prompt, Sink sink, Cancellation cancellation) {
      return GENERATOR.get().generate(prompt, sink, cancellation);
    }

    @Override
    public void close() {}
  }

  private static URI serve(Generator generator) {
    GENERATOR.set(generator);
    return URI.create("http://127.0.0.1:" + server.activeLocalPort());
  }

  private static HttpResponse<String> post(URI base, String path, String body) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(base.resolve(path)).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private static String asked(String more) {
    return "{\"question\":\"%s\"%s}".formatted(QUESTION, more);
  }

  private static String chat(String more) {
    return "{\"model\":\"documents\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
        .formatted(QUESTION, more);
  }

  @Test
  void answersAsJson() throws Exception {
    URI base = serve(Writer.of("In trees [1]. Surely so there [5]."));
    HttpResponse<String> reply = post(base, "/v1/answer", asked(",\"top_k\":1"));
    assertThat(reply.statusCode()).isEqualTo(200);
    JsonNode body = JSON.readTree(reply.body());
    assertThat(body.path("answer").asText()).isEqualTo("In trees [1]. Surely so there.");
    assertThat(body.path("mode").asText()).isEqualTo("generated");
    assertThat(body.at("/citations/0/source_id").asText()).isEqualTo("kites");
    assertThat(body.at("/passages/0/text").asText()).startsWith("The red kite");
    assertThat(body.path("passages")).hasSize(1);
    assertThat(body.path("removed_citations").path(0).asInt()).isEqualTo(5);
    assertThat(body.at("/uncited/0/text").asText()).isEqualTo("Surely so there.");
    assertThat(body.at("/timings/total_ms").isNumber()).isTrue();

    JsonNode quoted = JSON.readTree(post(base, "/v1/answer", asked(",\"generate\":false")).body());
    assertThat(quoted.path("mode").asText()).isEqualTo("extractive");
    assertThat(quoted.at("/citations/0/quotes/0/text").asText())
        .isEqualTo("The red kite nests in tall trees.");
  }

  @Test
  void answersAsEvents() throws Exception {
    URI base = serve(Writer.of("In ", "trees [1]", "."));
    HttpResponse<String> reply = post(base, "/v1/answer", asked(",\"stream\":true"));
    assertThat(reply.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    List<String> events =
        reply
            .body()
            .lines()
            .filter(line -> line.startsWith("event: "))
            .map(l -> l.substring(7))
            .toList();
    assertThat(events).startsWith("passages", "delta").endsWith("done").contains("citation");
    String done = reply.body().substring(reply.body().indexOf("event: done\ndata: ") + 18);
    assertThat(JSON.readTree(done).path("answer").asText()).isEqualTo("In trees [1].");
  }

  @Test
  void failuresHaveAStatusBeforeTheStreamAndAnEventInIt() throws Exception {
    ElanusException down = new ElanusException(ErrorCode.NOT_READY, "the generator stopped");
    URI base = serve(Writer.failing(down, "Half of an answer"));
    HttpResponse<String> before =
        post(base, "/v1/answer", asked(",\"stream\":true,\"collection\":\"nowhere\""));
    assertThat(before.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(before.body()).at("/error/code").asText())
        .isEqualTo("COLLECTION_NOT_FOUND");
    HttpResponse<String> within = post(base, "/v1/answer", asked(",\"stream\":true"));
    assertThat(within.statusCode()).isEqualTo(200);
    assertThat(within.body())
        .contains("Half of an answer", "event: error\ndata: {\"error\":", "the generator stopped")
        .doesNotContain("event: done");

    HttpResponse<String> chat = post(base, "/v1/chat/completions", chat(",\"stream\":true"));
    assertThat(chat.body())
        .contains("\"type\":\"server_error\"", "the generator stopped")
        .doesNotContain("[DONE]");
  }

  @ParameterizedTest
  @CsvSource({"HTTP_1_1,true", "HTTP_1_1,false", "HTTP_2,true", "HTTP_2,false"})
  void whoGoesAwayEndsTheGeneration(HttpClient.Version version, boolean stream) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch canceled = new CountDownLatch(1);
    URI base =
        serve(
            new Generator() {
              @Override
              public String model() {
                return "endless";
              }

              @Override
              public Generation generate(Prompt prompt, Sink sink, Cancellation cancellation) {
                sink.piece("word ");
                begun.countDown();
                cancellation.onCancel(canceled::countDown);
                try {
                  canceled.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                throw new ElanusException(ErrorCode.CANCELED, "gone");
              }

              @Override
              public void close() {}
            });
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve("/v1/answer"))
            .POST(BodyPublishers.ofString(asked(",\"stream\":" + stream)))
            .build();
    HttpClient client = HttpClient.newBuilder().version(version).build();
    var sent = client.sendAsync(request, BodyHandlers.ofInputStream());
    begun.await();
    if (stream) {
      assertThat(sent.get().body().read()).isEqualTo('e');
    }
    client.shutdownNow();
    canceled.await();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|question must be a text",
        "{\"question\":\"x\",\"colection\":\"y\"}|no key colection",
        "{\"question\":\"x\",\"query\":\"y\"}|no key query",
        "{\"question\":\"x\",\"max_tokens\":0}|max_tokens must be a whole number from 1",
        "{\"question\":\"x\",\"stream\":\"yes\"}|stream must be true or false",
        "{\"question\":\"x\",\"filter\":{\"tags\":{\"$near\":1}}}|$near",
      })
  void mistakesAreNamed(String body, String sentence) throws Exception {
    HttpResponse<String> reply = post(serve(Writer.of()), "/v1/answer", body);
    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(reply.body()).at("/error/message").asText()).contains(sentence);
  }

  @Test
  void completesChatsInTheirShape() throws Exception {
    Writer writer = Writer.of("In trees [1].");
    URI base = serve(writer);
    String body =
        """
        {"model":"documents","max_completion_tokens":9,"temperature":0.1,"user":"u","messages":[
          {"role":"developer","content":"Be kind."},
          {"role":"user","content":"where does the red kite nest in spring?"},
          {"role":"assistant","content":"In Spain."},
          {"role":"user","content":[{"type":"text","text":"really?"}]}]}""";
    JsonNode reply = JSON.readTree(post(base, "/v1/chat/completions", body).body());
    assertThat(reply.path("object").asText()).isEqualTo("chat.completion");
    assertThat(reply.path("id").asText()).startsWith("chatcmpl-");
    assertThat(reply.path("created").asLong()).isEqualTo(1_760_000_000);
    assertThat(reply.at("/choices/0/message/content").asText()).isEqualTo("In trees [1].");
    assertThat(reply.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(reply.at("/citations/0/source_id").asText()).isEqualTo("kites");
    assertThat(reply.at("/usage/total_tokens").asInt()).isPositive();
    Prompt prompt = writer.asked.getFirst();
    assertThat(prompt.tokensMax()).isEqualTo(9);
    assertThat(prompt.messages()).hasSize(4);
    assertThat(prompt.messages().getFirst().text()).endsWith("Be kind.");
    assertThat(prompt.messages().getLast().text())
        .contains("nests in tall trees")
        .endsWith("really?");
  }

  @Test
  void streamsChatsInTheirShape() throws Exception {
    URI base = serve(Writer.of("In ", "trees [1]", "."));
    String stream =
        post(
                base,
                "/v1/chat/completions",
                chat(",\"stream\":true,\"stream_options\":{\"include_usage\":true}"))
            .body();
    List<String> data =
        stream.lines().filter(l -> l.startsWith("data: ")).map(l -> l.substring(6)).toList();
    assertThat(data.getLast()).isEqualTo("[DONE]");
    StringBuilder text = new StringBuilder();
    for (String one : data.subList(0, data.size() - 1)) {
      JsonNode piece = JSON.readTree(one);
      assertThat(piece.path("object").asText()).isEqualTo("chat.completion.chunk");
      text.append(piece.at("/choices/0/delta/content").asText(""));
    }
    assertThat(text).hasToString("In trees [1].");
    assertThat(JSON.readTree(data.getFirst()).at("/choices/0/delta/role").asText())
        .isEqualTo("assistant");
    JsonNode last = JSON.readTree(data.get(data.size() - 3));
    assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(last.at("/citations/0/source_id").asText()).isEqualTo("kites");
    assertThat(JSON.readTree(data.get(data.size() - 2)).at("/usage/prompt_tokens").asInt())
        .isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|400|invalid_argument",
        "{\"model\":\"nowhere\",\"messages\":[{\"role\":\"user\",\"content\":\"a b\"}]}|404|model_not_found",
        "{\"model\":\"documents\",\"messages\":[{\"role\":\"assistant\",\"content\":\"a\"}]}|400|invalid_argument",
        "{\"model\":\"documents\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tools\":[{}]}|400|invalid_argument",
        "{\"model\":\"documents\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"n\":2}|400|invalid_argument",
        "{\"model\":\"documents\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}|400|invalid_argument",
      })
  void errorsHaveOpenAisShape(String body, int status, String code) throws Exception {
    HttpResponse<String> reply = post(serve(Writer.of()), "/v1/chat/completions", body);
    assertThat(reply.statusCode()).isEqualTo(status);
    JsonNode error = JSON.readTree(reply.body()).path("error");
    assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("param").isNull()).isTrue();
    assertThat(error.path("message").asText()).isNotBlank();
  }

  @Test
  void modelsAreTheCollectionsOfDocuments() throws Exception {
    URI base = serve(Writer.of());
    HttpRequest list = HttpRequest.newBuilder(base.resolve("/v1/models")).build();
    JsonNode models = JSON.readTree(HTTP.send(list, BodyHandlers.ofString()).body());
    assertThat(models.path("data")).hasSize(1);
    assertThat(models.at("/data/0/id").asText()).isEqualTo("documents");
    HttpRequest one = HttpRequest.newBuilder(base.resolve("/v1/models/documents")).build();
    assertThat(JSON.readTree(HTTP.send(one, BodyHandlers.ofString()).body()))
        .isEqualTo(models.at("/data/0"));
    HttpRequest none = HttpRequest.newBuilder(base.resolve("/v1/models/gpt")).build();
    assertThat(HTTP.send(none, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
  }
}
