package io.elanus.rag.ingest.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.elanus.model.Caller;
import io.elanus.rag.chunk.HashedWords;
import io.elanus.rag.document.Documents;
import io.elanus.rag.fixture.Library;
import io.elanus.rag.http.RagService;
import io.elanus.rag.ingest.IngestLimits;
import io.elanus.rag.ingest.Ingestion;
import io.elanus.rag.parse.ChildExtractor;
import io.elanus.rag.parse.ParseLimits;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.testkit.oracle.OracleDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DocumentRoutesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final IngestLimits LIMITS = new IngestLimits(5, 6, 1_000_000, 200, 10, 10);

  private final HttpClient http = HttpClient.newHttpClient();
  private ExecutorService executor;
  private Ingestion ingestion;
  private Server server;

  @BeforeEach
  void start() {
    OracleDatabase database = new OracleDatabase(InstantSource.system());
    HashedWords embedder = new HashedWords(16, 64);
    Library.create(database, "docs", embedder.model());
    executor = Executors.newVirtualThreadPerTaskExecutor();
    ChildExtractor plainOnly =
        new ChildExtractor(
            () -> {
              throw new IOException("no children here");
            },
            ParseLimits.DEFAULT,
            1,
            Duration.ofMinutes(1),
            executor,
            InstantSource.system());
    ingestion =
        new Ingestion(
            new Ingestion.Ports(
                database,
                new Kept(),
                embedder,
                plainOnly,
                MandatoryFilters.NONE,
                InstantSource.system(),
                new SplittableRandom(3)),
            LIMITS);
    ServerBuilder builder = Server.builder().http(0);
    new RagService(headers -> Caller.SYSTEM, executor)
        .mount(
            builder,
            new DocumentRoutes(ingestion, LIMITS, InstantSource.system(), "docs").routes());
    server = builder.build();
    server.start().join();
  }

  /** Documents in memory. */
  private static final class Kept implements Documents {
    private final ConcurrentSkipListMap<String, byte[]> all = new ConcurrentSkipListMap<>();

    @Override
    public void put(String key, byte[] content) {
      all.put(key, content);
    }

    @Override
    public Optional<byte[]> get(String key) {
      return Optional.ofNullable(all.get(key));
    }

    @Override
    public void delete(String key) {
      all.remove(key);
    }

    @Override
    public List<String> list(String prefix) {
      return all.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }
  }

  @AfterEach
  void stop() {
    ingestion.close();
    server.stop().join();
    executor.shutdownNow();
  }

  private HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.activeLocalPort() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode answer(int status, HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response = send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  private HttpRequest.Builder post(String body) {
    return at("/v1/documents?wait=true")
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private String refusal(int status, HttpRequest.Builder request) throws Exception {
    return answer(status, request).path("error").path("message").asText();
  }

  @Test
  void documentsInAndOut() throws Exception {
    ingestion.start(executor, 1);
    JsonNode job =
        answer(
            200,
            post(
                """
                {"collection": "docs", "chunker": "sentence", "tokens": 20, "overlap": 0,
                 "documents": [
                  {"source_id": "a/b.txt", "text": "Some words. And more.", "title": "T",
                   "tags": ["x"], "timestamp": "2026-01-31", "metadata": {"n": {"m": 1}}},
                  {"source_id": "c", "content_base64": "Y2Fm6Q==",
                   "content_type": "text/plain; charset=iso-8859-1", "timestamp": 5}]}
                """));
    assertThat(job.path("state").asText()).isEqualTo("done");
    assertThat(job.path("settings").path("chunker").asText()).isEqualTo("sentence");
    JsonNode list = answer(200, at("/v1/documents?collection=docs").GET()).path("documents");
    assertThat(list).hasSize(2);
    JsonNode one = list.get(0).path("source_id").asText().equals("c") ? list.get(1) : list.get(0);
    assertThat(one.path("title").asText()).isEqualTo("T");
    assertThat(one.path("timestamp").asText()).isEqualTo("2026-01-31T00:00:00Z");
    String id = one.path("id").asText();
    JsonNode shown = answer(200, at("/v1/documents/" + id + "?text=true").GET());
    assertThat(shown.path("text").asText()).isEqualTo("Some words. And more.");
    assertThat(shown.path("metadata").path("n").path("m").asInt()).isEqualTo(1);
    HttpResponse<String> content = send(at("/v1/documents/" + id + "/content").GET());
    assertThat(content.body()).isEqualTo("Some words. And more.");
    assertThat(content.headers().firstValue("content-disposition")).hasValue("attachment");
    String other = (one == list.get(0) ? list.get(1) : list.get(0)).path("id").asText();
    assertThat(answer(200, at("/v1/documents/" + other + "?text=true").GET()).path("text").asText())
        .isEqualTo("caf\u00e9");
    assertThat(answer(200, at("/v1/documents/" + id).DELETE()).path("chunks").asInt()).isEqualTo(1);
    assertThat(refusal(404, at("/v1/documents/" + id).GET())).contains(id);
    String jobId = job.path("id").asText();
    assertThat(answer(200, at("/v1/jobs/" + jobId).GET())).isEqualTo(job);
    assertThat(answer(200, at("/v1/jobs").GET()).path("jobs")).hasSize(1);
    assertThat(refusal(404, at("/v1/jobs/nope").GET())).contains("nope");
  }

  @Test
  void filesOfAForm() throws Exception {
    ingestion.start(executor, 1);
    String form =
        """
        --XX\r
        Content-Disposition: form-data; name="tags"\r
        \r
        red, blue\r
        --XX\r
        Content-Disposition: form-data; name="metadata"\r
        \r
        {"k": "v"}\r
        --XX\r
        Content-Disposition: form-data; name="file"; filename="one.txt"\r
        Content-Type: text/plain\r
        \r
        First file.\r
        --XX\r
        Content-Disposition: form-data; name="file"; filename="two.txt"\r
        Content-Type: application/octet-stream\r
        \r
        Second file.\r
        --XX--\r
        """;
    JsonNode job =
        answer(
            200,
            at("/v1/documents?wait=true")
                .header("content-type", "multipart/form-data; boundary=XX")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    assertThat(job.path("documents").path("ingested").asInt()).isEqualTo(2);
    JsonNode list = answer(200, at("/v1/documents").GET()).path("documents");
    assertThat(list.findValuesAsText("source_id")).containsExactlyInAnyOrder("one.txt", "two.txt");
    assertThat(list.get(0).path("tags").toString()).isEqualTo("[\"red\",\"blue\"]");
    assertThat(list.get(1).path("metadata").toString()).isEqualTo("{\"k\":\"v\"}");
    assertThat(
            refusal(
                400,
                at("/v1/documents")
                    .header("content-type", "multipart/form-data; boundary=XX")
                    .POST(HttpRequest.BodyPublishers.ofString("no form at all"))))
        .isNotEmpty();
  }

  @Test
  void whatIsWrongIsNamed() throws Exception {
    assertThat(refusal(400, post("{\"documents\": 5}"))).contains("list");
    assertThat(refusal(400, post("{\"documents\": []}"))).contains("no documents");
    assertThat(refusal(400, post("{\"docs\": []}"))).contains("docs").contains("documents");
    assertThat(refusal(400, post("{\"chunker\": \"clever\", \"documents\": []}")))
        .contains("clever");
    assertThat(refusal(400, post(documents("{\"text\": \"x\"}")))).contains("source_id");
    assertThat(refusal(400, post(documents("{\"source_id\": \"a\"}")))).contains("content_base64");
    assertThat(refusal(400, post(documents("{\"source_id\": \"a\", \"content_base64\": \"*\"}"))))
        .contains("base64");
    assertThat(
            refusal(
                400,
                post(documents("{\"source_id\":\"a\",\"text\":\"x\",\"timestamp\":\"soon\"}"))))
        .contains("soon");
    assertThat(
            refusal(
                400,
                post(
                    documents(
                        "{\"source_id\":\"a\",\"text\":\"x\",\"metadata\":{\"k\":\"%s\"}}"
                            .formatted("v".repeat(300))))))
        .contains("200");
    String a = "{\"source_id\": \"a\", \"text\": \"x\"}";
    assertThat(refusal(400, post(documents(a + "," + a)))).contains("twice");
    assertThat(refusal(400, post("not json"))).contains("JSON");
    assertThat(refusal(413, post(documents(six())))).contains("at most 5");
    assertThat(refusal(404, at("/v1/documents?collection=none").GET())).contains("none");
  }

  private static String documents(String list) {
    return "{\"documents\": [" + list + "]}";
  }

  private static String six() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      all.append(i == 0 ? "" : ",").append("{\"source_id\": \"%d\", \"text\": \"x\"}".formatted(i));
    }
    return all.toString();
  }

  @Test
  void aFullQueueAnswersToSlowDown() throws Exception {
    HttpRequest.Builder four =
        at("/v1/documents")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    documents(six().replaceAll(",[^,]*,[^,]*$", ""))));
    assertThat(answer(202, four).path("state").asText()).isEqualTo("queued");
    HttpRequest.Builder more =
        at("/v1/documents")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    documents(six().replaceAll(",[^,]*,[^,]*$", "").replace("\": \"", "\": \"b"))));
    assertThat(refusal(429, more)).contains("wait to be ingested already");
  }
}
