package io.elanus.rag.retrieve.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.elanus.model.Caller;
import io.elanus.rag.fixture.Library;
import io.elanus.rag.fixture.Library.Entry;
import io.elanus.rag.fixture.WordEmbedder;
import io.elanus.rag.http.RagService;
import io.elanus.rag.http.Route;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.policy.PolicyRoutes;
import io.elanus.rag.retrieve.SearchRetriever;
import io.elanus.testkit.oracle.OracleDatabase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SearchRoutesTest {
  private final OracleDatabase database = new OracleDatabase(InstantSource.system());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Server server;
  private WebClient client;

  @BeforeEach
  void start() {
    Library.create(database, "documents")
        .add(
            new Entry("kites", 0, "The black kite soars.", List.of("birds"), Map.of("year", 2020)),
            new Entry(
                "kites",
                1,
                "The red kite nests in \"trees\".",
                List.of("birds", "red"),
                Map.of("year", 2024)),
            new Entry("ships", 0, "A ship carried guns.", List.of(), Map.of()));
    SearchRetriever retriever =
        new SearchRetriever(
            database,
            new WordEmbedder(),
            MandatoryFilters.NONE,
            Optional.empty(),
            InstantSource.system());
    List<Route> routes = new ArrayList<>(new SearchRoutes(retriever, "documents", false).routes());
    routes.addAll(new PolicyRoutes(MandatoryFilters.NONE, "documents").routes());
    ServerBuilder builder = Server.builder().http(0);
    new RagService(headers -> Caller.SYSTEM, threads).mount(builder, routes);
    server = builder.build();
    server.start().join();
    client = WebClient.of("http://127.0.0.1:" + server.activeLocalPort());
  }

  @AfterEach
  void stop() {
    server.stop().join();
    threads.shutdownNow();
  }

  private record Reply(int status, JsonNode body) {}

  private Reply post(String body) {
    AggregatedHttpResponse response =
        client
            .execute(
                RequestHeaders.builder(HttpMethod.POST, "/v1/search")
                    .contentType(MediaType.JSON)
                    .build(),
                body)
            .aggregate()
            .join();
    return reply(response);
  }

  private static Reply reply(AggregatedHttpResponse response) {
    try {
      return new Reply(
          response.status().code(), new ObjectMapper().readTree(response.contentUtf8()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(response.contentUtf8(), e);
    }
  }

  @Test
  void aQueryIsAnsweredWithEverythingThatIsKnown() {
    Reply reply = post("{\"query\": \"red kite nests\", \"top_k\": 1, \"neighbours\": 1}");
    assertThat(reply.status()).isEqualTo(200);
    JsonNode hit = reply.body().path("hits").path(0);
    assertThat(hit.path("id").textValue()).isEqualTo("kites-1");
    assertThat(hit.path("source_id").textValue()).isEqualTo("kites");
    assertThat(hit.path("chunk_index").intValue()).isEqualTo(1);
    assertThat(hit.path("text").textValue()).isEqualTo("The red kite nests in \"trees\".");
    assertThat(hit.path("title").textValue()).isEqualTo("About kites");
    assertThat(hit.path("tags").toString()).isEqualTo("[\"birds\",\"red\"]");
    assertThat(hit.path("timestamp").textValue()).isEqualTo("2025-10-09T08:53:20Z");
    assertThat(hit.path("metadata").path("year").intValue()).isEqualTo(2024);
    assertThat(hit.path("why").path("dense").path("rank").intValue()).isEqualTo(1);
    assertThat(hit.path("why").path("text").path("score").doubleValue()).isPositive();
    assertThat(hit.path("why").path("fused").path("rank").intValue()).isEqualTo(1);
    assertThat(hit.path("why").has("reranked")).isFalse();
    assertThat(hit.path("before").path(0).path("id").textValue()).isEqualTo("kites-0");
    assertThat(hit.has("after")).isFalse();
    assertThat(reply.body().path("cached").booleanValue()).isFalse();
    assertThat(reply.body().path("degraded")).isEmpty();
    assertThat(reply.body().path("took_ms").isNumber()).isTrue();
  }

  @Test
  void severalAreAnsweredInTheirOrder() {
    Reply reply =
        post("{\"queries\": [\"guns\", \"soars\"], \"mode\": \"text\", \"explain\": false}");
    JsonNode results = reply.body().path("results");
    assertThat(results.path(0).path("hits").path(0).path("id").textValue()).isEqualTo("ships-0");
    assertThat(results.path(1).path("hits").path(0).path("id").textValue()).isEqualTo("kites-0");
    assertThat(results.path(0).path("hits").path(0).has("why")).isFalse();
  }

  @Test
  void filtersAndGroupsAreRead() {
    Reply reply =
        post(
            "{\"query\": \"kite\", \"filter\": {\"year\": {\"$gte\": 2024}, \"tags\": [\"red\", \"x\"]}, \"group_by\": \"document\", \"diversity\": 0.2, \"weights\": {\"dense\": 1, \"text\": 0.3}, \"rrf_k\": 10, \"candidates\": 20, \"max_stale\": 5, \"recall\": 0.9}");
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
    assertThat(reply.body().path("hits")).hasSize(1);
  }

  private void refused(String body, int status, String... parts) {
    Reply reply = post(body);
    assertThat(reply.status()).as(body).isEqualTo(status);
    assertThat(reply.body().path("error").path("message").asText()).contains(parts);
  }

  @Test
  void whatIsWrongIsNamed() {
    refused("{\"query\": \"a\", \"topk\": 3}", 400, "topk", "top_k");
    refused("{}", 400, "query");
    refused("{\"query\": \"a\", \"queries\": [\"b\"]}", 400, "either");
    refused("{\"queries\": []}", 400, "1 to 64");
    refused("{\"query\": 5}", 400, "text");
    refused("{\"query\": \"a\", \"top_k\": 0}", 400, "top_k", "200");
    refused("{\"query\": \"a\", \"top_k\": 2.5}", 400, "top_k");
    refused("{\"query\": \"a\", \"mode\": \"magic\"}", 400, "magic", "hybrid");
    refused("{\"query\": \"a\", \"group_by\": \"tag\"}", 400, "tag");
    refused("{\"query\": \"a\", \"rerank\": true}", 400, "no reranker");
    refused("{\"query\": \"a\", \"recall\": 1}", 400, "recall");
    refused("{\"query\": \"a\", \"weights\": {\"sparse\": 1}}", 400, "sparse");
    refused("{\"query\": \"a\", \"weights\": {\"dense\": 0, \"text\": 0}}", 400, "weights");
    refused("{\"query\": \"a\", \"filter\": {\"a\": {\"$regex\": \"x\"}}}", 400, "$regex", "$in");
    refused("{\"query\": \"a\", \"collection\": \"nothing\"}", 404, "nothing");
    refused("[1]", 400, "object");
    refused("{", 400, "JSON");
  }

  @Test
  void whoeverIsNotBoundIsTold() {
    Reply reply = reply(client.get("/v1/policy").aggregate().join());
    assertThat(reply.body().path("bound").booleanValue()).isFalse();
  }
}
