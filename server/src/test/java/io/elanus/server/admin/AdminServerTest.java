package io.elanus.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ErrorCode;
import io.elanus.server.fixture.EchoDatabase;
import io.elanus.server.fixture.RunningServer;
import io.elanus.server.wire.rest.RestClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminServerTest {
  private static final ExecutorService EXECUTOR = Executors.newVirtualThreadPerTaskExecutor();
  private static Readiness readiness;
  private static ServerMeters meters;
  private static AdminServer server;
  private static RestClient client;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    readiness = Readiness.notYet("replaying the \"log\"");
    Path status = Files.writeString(folder.resolve("status"), "Name:\tx\nVmRSS:\t  12 kB\n");
    meters = ServerMeters.start(new ResidentMemory(status));
    meters.watch(new EchoDatabase(), InstantSource.system());
    server =
        AdminServer.start(
            new AdminConfig("127.0.0.1", RunningServer.freePort()),
            readiness,
            meters.registry(),
            EXECUTOR,
            List.of());
    client = new RestClient(server.port());
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
    meters.close();
    EXECUTOR.close();
  }

  @Test
  void healthFlipsWithReadiness() {
    for (String path : List.of("/healthz", "/readyz")) {
      readiness.setNotReady("replaying the \"log\"");
      assertThat(get(path).statusCode()).isEqualTo(503);
      assertThat(get(path).body()).isEqualTo("replaying the \"log\"");
      readiness.setReady();
      assertThat(get(path).statusCode()).isEqualTo(200);
      assertThat(get(path).body()).isEqualTo("OK");
    }
  }

  @Test
  void healthAsJson() {
    readiness.setNotReady("replaying the \"log\"");
    HttpResponse<String> starting = get("/api/v1/health");
    assertThat(starting.statusCode()).isEqualTo(503);
    assertThat(RestClient.json(starting.body()).path("reason").asText())
        .isEqualTo("replaying the \"log\"");
    readiness.setReady();
    assertThat(get("/api/v1/health").body()).isEqualTo("{\"status\":\"ok\"}");
  }

  @Test
  void aliveEvenWhenNotReady() {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void thePageSaysWhatIsWhere() {
    assertThat(get("/").body()).contains("/metrics", "/healthz");
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void metricsParseAndHaveTheNamesPeopleChart() {
    CallMetrics calls = new CallMetrics(meters.registry());
    calls.record("Search", CallMetrics.SUCCEEDED, 3_000_000, 5);
    calls.record("Search", CallMetrics.status(ErrorCode.COLLECTION_NOT_FOUND), 1_000, 0);
    calls.record("Insert", CallMetrics.SUCCEEDED, 1_000, 7);
    calls.record("", CallMetrics.SUCCEEDED, 1_000, 7);
    HttpResponse<String> response = get("/metrics");
    assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
    List<String> lines = response.body().lines().toList();
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(line)
                    .matches(
                        "#.*|[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*})? ([-+]?[0-9.eE+-]+|NaN|[+-]Inf)"));
    assertThat(lines)
        .contains(
            "milvus_proxy_req_count{function_name=\"Search\",status=\"total\"} 2.0",
            "milvus_proxy_req_count{function_name=\"Search\",status=\"success\"} 1.0",
            "milvus_proxy_req_count{function_name=\"Search\",status=\"fail\"} 1.0",
            "milvus_proxy_sq_latency_bucket{query_type=\"search\",le=\"5.0\"} 2",
            "milvus_proxy_mutation_latency_count{msg_type=\"insert\"} 1",
            "milvus_proxy_insert_vectors_count 7.0",
            "milvus_proxy_search_vectors_count 5.0",
            "milvus_rootcoord_collection_num 0.0",
            "process_resident_memory_bytes 12288.0");
    assertThat(response.body())
        .contains(
            "elanus_call_seconds_bucket{method=\"Search\",status=\"collection_not_found\"",
            "jvm_memory_used_bytes",
            "process_cpu_usage");
  }

  @Test
  void systemsWithoutResidentMemoryDoNotTell(@TempDir Path folder) {
    assertThat(new ResidentMemory(folder.resolve("absent")).getAsDouble()).isNaN();
  }

  private HttpResponse<String> get(String path) {
    return client.send("GET", path, "");
  }
}
