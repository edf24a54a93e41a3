package io.elanus.app.telemetry;

import static io.elanus.app.fixture.TraceReceiver.attributes;
import static io.elanus.app.fixture.TraceReceiver.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.grpc.GrpcClients;
import io.elanus.app.fixture.FakeModels;
import io.elanus.app.fixture.JsonClient;
import io.elanus.app.fixture.ServerJvm;
import io.elanus.app.fixture.TraceReceiver;
import io.elanus.app.rag.TelemetrySettings;
import io.elanus.app.serve.EmbeddedServer;
import io.elanus.model.error.ElanusException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.SearchRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Spans leave a whole server for a receiver that speaks OTLP. */
@Timeout(120)
class TracingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "00-" + TRACE + "-b7ad6b7169203331-01";
  private static final String CANARY = "canary7f3a";

  @TempDir Path folder;
  private TraceReceiver receiver;
  private FakeModels models;

  @BeforeEach
  void start() throws IOException {
    receiver = new TraceReceiver();
    models = new FakeModels();
  }

  @AfterEach
  void stop() {
    receiver.close();
    models.close();
  }

  private EmbeddedServer server(String more) throws IOException {
    Path file = folder.resolve("elanus.yaml");
    Files.writeString(file, models.settings() + more);
    return EmbeddedServer.start(folder.resolve("data"), 0, 0, file);
  }

  private String telemetry(String endpoint) {
    return """
          search: {reranker: {url: "%s/rerank"}}
        telemetry:
          service-name: shelf
          otlp: {endpoint: "%s"}
        """
        .formatted(models.base(), endpoint);
  }

  private static void fill(JsonClient client) throws Exception {
    client.ask(
        "/v1/documents?wait=true",
        """
        {"documents": [
          {"source_id": "kites", "text": "The kite is a bird that hovers. %1$s"},
          {"source_id": "gulls", "text": "The gull is a bird of the shore. %1$s"}]}
        """
            .formatted(CANARY));
  }

  private Span named(String name) {
    return receiver.spans().stream()
        .filter(span -> span.getName().equals(name) && hex(span.getTraceId()).equals(TRACE))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no span " + name + " in " + receiver.text()));
  }

  @Test
  void anAnswerIsOneTreeFromTheCallerToTheProviders() throws Exception {
    try (EmbeddedServer server = server(telemetry(receiver.endpoint()))) {
      JsonClient client = JsonClient.of(server.port());
      fill(client);
      models.forget();
      String question =
          "{\"question\": \"which bird hovers %s\", \"rerank\": true}".formatted(CANARY);
      client.ask("/v1/answer", question, "traceparent", CALLER, "tracestate", "a=b");
    }
    // The server has stopped: what it had left was sent.
    Span root = named("POST /v1/answer");
    assertThat(root.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(hex(root.getParentSpanId())).isEqualTo("b7ad6b7169203331");
    assertThat(attributes(root))
        .containsEntry("http.request.method", "POST")
        .containsEntry("http.route", "/v1/answer")
        .containsEntry("http.response.status_code", "200");
    Span search = named("search");
    assertThat(search.getParentSpanId()).isEqualTo(root.getSpanId());
    assertThat(attributes(search))
        .containsEntry("elanus.rag.questions", "1")
        .containsEntry("elanus.rag.passages", "2")
        .containsEntry("elanus.rag.cached", "0");
    for (String child : List.of("embed", "search rows", "query rows", "rerank")) {
      assertThat(named(child).getParentSpanId()).as(child).isEqualTo(search.getSpanId());
    }
    List<String> fields =
        receiver.spans().stream()
            .filter(span -> span.getParentSpanId().equals(search.getSpanId()))
            .filter(span -> span.getName().equals("search rows"))
            .map(span -> attributes(span).get("elanus.field"))
            .toList();
    assertThat(fields).containsExactly("dense", "sparse");
    Span generate = named("generate");
    assertThat(generate.getParentSpanId()).isEqualTo(root.getSpanId());
    assertThat(attributes(generate))
        .containsEntry("gen_ai.request.model", "parrot")
        .containsEntry("gen_ai.usage.input_tokens", "11")
        .containsEntry("gen_ai.usage.output_tokens", "7");
    assertThat(receiver.resource())
        .containsEntry("service.name", "shelf")
        .containsKey("service.version");
    assertHandedOn("/v1/embeddings", named("embed"));
    assertHandedOn("/rerank", named("rerank"));
    assertHandedOn("/v1/chat/completions", generate);
    assertThat(receiver.text()).doesNotContain(CANARY).doesNotContain("hovers");
  }

  private void assertHandedOn(String path, Span parent) {
    assertThat(models.asked(path))
        .isNotEmpty()
        .extracting(FakeModels.Asked::traceparent)
        .allSatisfy(
            trace ->
                assertThat(trace).isEqualTo("00-" + TRACE + "-" + hex(parent.getSpanId()) + "-01"));
  }

  @Test
  void streamsBatchesAndTheMilvusProtocolAreSeenToo() throws Exception {
    try (EmbeddedServer server = server(telemetry(receiver.endpoint()))) {
      JsonClient client = JsonClient.of(server.port());
      fill(client);
      client.send(
          "/v1/answer", "{\"question\": \"which bird\", \"stream\": true}", "traceparent", CALLER);
      client.ask(
          "/v1/search", "{\"queries\": [\"one bird\", \"two gulls\"]}", "traceparent", CALLER);
      var refused = client.send("/v1/documents/none", "", "traceparent", CALLER);
      assertThat(refused.statusCode()).isEqualTo(404);
      MilvusServiceBlockingStub milvus =
          GrpcClients.builder("gproto+http://127.0.0.1:" + server.port())
              .setHeader("traceparent", CALLER)
              .build(MilvusServiceBlockingStub.class);
      milvus.search(SearchRequest.newBuilder().setCollectionName("none").build());
    }
    Span stream = named("POST /v1/answer");
    Span written = named("generate");
    assertThat(written.getParentSpanId()).isEqualTo(stream.getSpanId());
    assertThat(stream.getEndTimeUnixNano()).isGreaterThanOrEqualTo(written.getEndTimeUnixNano());
    Span batch = named("POST /v1/search");
    Span both =
        receiver.spans().stream()
            .filter(span -> span.getParentSpanId().equals(batch.getSpanId()))
            .findFirst()
            .orElseThrow();
    assertThat(attributes(both)).containsEntry("elanus.rag.questions", "2");
    assertThat(receiver.spans())
        .filteredOn(span -> span.getParentSpanId().equals(both.getSpanId()))
        .extracting(Span::getName)
        .contains("embed", "search rows");
    Span call = named("milvus.proto.milvus.MilvusService/Search");
    assertThat(call.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(attributes(call))
        .containsEntry("rpc.system", "grpc")
        .containsEntry("rpc.service", "milvus.proto.milvus.MilvusService")
        .containsEntry("rpc.method", "Search")
        .containsEntry("rpc.grpc.status_code", "0");
    Span refused = named("GET /v1/documents/:id");
    assertThat(attributes(refused)).containsEntry("http.response.status_code", "404");
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
  }

  @Test
  void theSampledFlagAndTheRatioDecide() throws Exception {
    String half =
        telemetry(receiver.endpoint()).replace("service-name: shelf", "sampling-ratio: 0");
    try (EmbeddedServer server = server(half)) {
      JsonClient client = JsonClient.of(server.port());
      client.send("/v1/policy", "");
      client.send("/v1/policy", "", "traceparent", CALLER);
    }
    assertThat(receiver.spans()).extracting(Span::getName).containsExactly("GET /v1/policy");
    assertThat(receiver.resource()).containsEntry("service.name", "elanus");
  }

  @Test
  void secretsOfHeadersComeOutOfAFile() throws Exception {
    Path secret = folder.resolve("headers");
    Files.writeString(secret, "# of the receiver\nAuthorization: Bearer a b=c,d\nx-team: birds\n");
    String more =
        telemetry(receiver.endpoint()).replace("otlp: {", "otlp: {headers-file: " + secret + ", ");
    try (EmbeddedServer server = server(more)) {
      JsonClient.of(server.port()).send("/v1/policy", "");
    }
    assertThat(receiver.header("Authorization")).isEqualTo("Bearer a b=c,d");
    assertThat(receiver.header("X-team")).isEqualTo("birds");
  }

  @Test
  void nothingIsSentAndNothingMountedWithoutAReceiver() throws Exception {
    try (EmbeddedServer server = server("")) {
      JsonClient client = JsonClient.of(server.port());
      fill(client);
      client.ask("/v1/search", "{\"query\": \"bird\"}", "traceparent", CALLER);
    }
    assertThat(models.asked("/v1/embeddings"))
        .isNotEmpty()
        .allSatisfy(asked -> assertThat(asked.traceparent()).isEmpty());
    var registry = new SimpleMeterRegistry();
    for (Map<String, String> environment :
        List.of(
            Map.<String, String>of(),
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1", "OTEL_SDK_DISABLED", "true"),
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:1",
                "OTEL_TRACES_EXPORTER",
                "none"))) {
      try (Tracing off = Tracing.start(TelemetrySettings.DEFAULT, environment, registry)) {
        assertThat(off.tracer("any").spanBuilder("any").startSpan().isRecording()).isFalse();
      }
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void anAbsentReceiverIsSaidOnceAndCostsNothingElse() throws Exception {
    Map<String, String> environment =
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            receiver.endpoint(),
            "OTEL_SERVICE_NAME",
            "of the environment",
            "OTEL_TRACES_SAMPLER",
            "always_on",
            "OTEL_BSP_SCHEDULE_DELAY",
            "20");
    try (ServerJvm server = ServerJvm.start(folder.resolve("data"), environment)) {
      JsonClient client = JsonClient.of(server.port());
      client.ask("/v1/policy", "");
      receiver.await(span -> span.getName().equals("GET /v1/policy"));
      assertThat(receiver.resource()).containsEntry("service.name", "of the environment");
      assertThat(server.errors()).doesNotContain("spans");
      receiver.forget();
      // What no repetition mends.
      receiver.status = 400;
      while (receiver.exports() < 3) {
        client.ask("/v1/policy", "");
      }
      assertThat(server.stop()).isZero();
      assertThat(server.errors()).containsOnlyOnce("spans do not reach " + receiver.endpoint());
      assertThat(
              server.errors().lines().filter(line -> line.matches(".* (WARN|ERROR) .*|\\s+at .*")))
          .as("the sentence, and no line of the library's")
          .hasSize(1);
    }
  }

  @Test
  void aProtocolThatIsNotSpokenIsRefused() {
    Map<String, String> environment =
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "http://127.0.0.1:4317",
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "grpc");
    assertThatThrownBy(
            () -> Tracing.start(TelemetrySettings.DEFAULT, environment, new SimpleMeterRegistry()))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("4318");
  }
}
