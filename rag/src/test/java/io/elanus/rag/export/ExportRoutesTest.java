package io.elanus.rag.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.client.ResponseTimeoutMode;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.rag.export.ChunkPages.Exported;
import io.elanus.rag.export.ChunkPages.Wanted;
import io.elanus.rag.fixture.Library;
import io.elanus.rag.fixture.Library.Entry;
import io.elanus.rag.http.RagService;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.testkit.oracle.OracleDatabase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExportRoutesTest {
  private static final int ROWS = 1_203;

  private final OracleDatabase database = new OracleDatabase(InstantSource.system());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Filter mandatory = Filter.ALL;
  private final MandatoryFilters filters =
      (caller, collection) -> new MandatoryFilters.Bound(mandatory, "bound");
  private Library library;
  private Server server;
  private WebClient client;

  @BeforeEach
  void start() {
    library = Library.create(database, "documents");
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      entries.add(
          new Entry(
              "kites%04d".formatted(i),
              0,
              "Kite number %d\nsoars.".formatted(i),
              List.of("birds"),
              Map.of("tenant", i % 3 == 0 ? "red" : "blue")));
    }
    library.add(entries.toArray(Entry[]::new));
    ServerBuilder builder = Server.builder().http(0);
    new RagService(headers -> Caller.SYSTEM, threads)
        .mount(builder, new ExportRoutes(database, filters, "documents", threads).routes());
    server = builder.build();
    server.start().join();
    client =
        WebClient.builder("http://127.0.0.1:" + server.activeLocalPort())
            .responseTimeoutMode(ResponseTimeoutMode.REQUEST_SENT)
            .responseTimeoutMillis(60_000)
            .build();
  }

  @AfterEach
  void stop() {
    server.stop().join();
    threads.shutdownNow();
  }

  private AggregatedHttpResponse post(String body) {
    return client
        .execute(
            RequestHeaders.builder(HttpMethod.POST, "/v1/export")
                .contentType(MediaType.JSON)
                .build(),
            body)
        .aggregate()
        .join();
  }

  private List<JsonNode> lines(String body) throws Exception {
    AggregatedHttpResponse response = post(body);
    assertThat(response.status().code()).isEqualTo(200);
    assertThat(response.contentType()).isEqualTo(MediaType.parse("application/x-ndjson"));
    List<JsonNode> lines = new ArrayList<>();
    for (String line : response.contentUtf8().split("\n", -1)) {
      if (!line.isEmpty()) {
        lines.add(new ObjectMapper().readTree(line));
      }
    }
    return lines;
  }

  @Test
  void everyChunkIsALine() throws Exception {
    List<JsonNode> lines = lines("{}");
    assertThat(lines).hasSize(ROWS);
    assertThat(lines)
        .extracting(line -> line.path("id").asText())
        .isSorted()
        .doesNotHaveDuplicates();
    JsonNode line = lines.get(601);
    assertThat(line.path("source_id").asText()).isEqualTo("kites0601");
    assertThat(line.path("text").asText()).isEqualTo("Kite number 601\nsoars.");
    assertThat(line.path("metadata").path("tenant").asText()).isEqualTo("blue");
    assertThat(line.path("tags").toString()).isEqualTo("[\"birds\"]");
    assertThat(line.path("end_offset").asInt()).isEqualTo(22);
    assertThat(line.has("vector")).isFalse();
  }

  @Test
  void whatBindsTheCallerBindsTheExport() throws Exception {
    mandatory = new Filter("metadata[\"tenant\"] == {bound}", Map.of("bound", "red"));
    assertThat(lines("{}"))
        .hasSize(401)
        .allSatisfy(
            line -> assertThat(line.path("metadata").path("tenant").asText()).isEqualTo("red"));
    assertThat(lines("{\"filter\": {\"tenant\": \"blue\"}}")).isEmpty();
    assertThat(lines("{\"filter\": {\"source_id\": {\"$lt\": \"kites0010\"}}, \"vectors\": true}"))
        .hasSize(4)
        .allSatisfy(line -> assertThat(line.path("vector").size()).isPositive());
  }

  @Test
  void aPolicyThatComesMeanwhileBindsTheRest() {
    ChunkPages pages =
        new ChunkPages(
            database, filters, Caller.SYSTEM, new Wanted("documents", Filter.ALL, false));
    assertThat(pages.next()).hasSize(ChunkPages.PAGE);
    mandatory = new Filter("metadata[\"tenant\"] == {bound}", Map.of("bound", "red"));
    assertThat(pages.next())
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.chunk().metadata()).contains("red"));
  }

  @Test
  void whatComesAfterItBeganIsNotInIt() {
    ChunkPages pages =
        new ChunkPages(
            database, filters, Caller.SYSTEM, new Wanted("documents", Filter.ALL, false));
    int seen = pages.next().size();
    library.add(Entry.of("later", 0, "A later kite."));
    for (List<Exported> page = pages.next(); !page.isEmpty(); page = pages.next()) {
      assertThat(page).noneMatch(one -> one.chunk().sourceId().equals("later"));
      seen += page.size();
    }
    assertThat(seen).isEqualTo(ROWS);
  }

  @Test
  void anotherCollectionOfTheNameEndsIt() {
    ChunkPages pages =
        new ChunkPages(
            database, filters, Caller.SYSTEM, new Wanted("documents", Filter.ALL, false));
    assertThat(pages.next()).isNotEmpty();
    database.collections().drop(Caller.SYSTEM, "documents");
    Library.create(database, "documents").add(Entry.of("other", 0, "Another kite."));
    assertThatThrownBy(pages::next)
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELED))
        .hasMessageContaining("export it again");
  }

  /** Nobody takes a part for the whole. */
  @Test
  void whatFailsOnTheWayBreaksTheConnectionOff() {
    int[] asked = {0};
    MandatoryFilters failing =
        (caller, collection) -> {
          if (++asked[0] > 1) {
            throw new ElanusException(ErrorCode.NOT_PERMITTED, "no more");
          }
          return MandatoryFilters.Bound.FREE;
        };
    ServerBuilder builder = Server.builder().http(0);
    new RagService(headers -> Caller.SYSTEM, threads)
        .mount(builder, new ExportRoutes(database, failing, "documents", threads).routes());
    try (Server other = builder.build()) {
      other.start().join();
      assertThatThrownBy(
              () ->
                  WebClient.of("http://127.0.0.1:" + other.activeLocalPort())
                      .post("/v1/export", "{}")
                      .aggregate()
                      .join())
          .isInstanceOf(CompletionException.class);
      assertThat(asked[0]).isEqualTo(2);
    }
  }

  @Test
  void mistakesAreToldBeforeTheFirstLine() {
    Map<String, String> mistakes =
        Map.of(
            "{\"colection\": \"x\"}", "an export has no key colection; known are",
            "{\"collection\": 3}", "collection must be a text, got 3",
            "{\"vectors\": \"yes\"}", "vectors must be true or false",
            "{\"filter\": {\"year\": {\"$bad\": 1}}}", "$bad",
            "{\"collection\": \"none\"}", "none");
    mistakes.forEach(
        (body, sentence) -> {
          AggregatedHttpResponse response = post(body);
          assertThat(response.status().code()).as(body).isIn(400, 404);
          assertThat(response.contentUtf8()).as(body).contains(sentence);
        });
  }
}
