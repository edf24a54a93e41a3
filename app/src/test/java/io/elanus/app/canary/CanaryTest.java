package io.elanus.app.canary;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.app.rag.TelemetrySettings;
import io.elanus.app.telemetry.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * No row outside of a caller's mandatory filter leaves the server for that caller: in no answer of
 * any endpoint, no prompt or reranking, no line of the log at its most detailed, no span. The same
 * with the filter left out shows by which doors it would have come.
 */
@Timeout(300)
class CanaryTest {
  static final String FILTER = "{tenant: \"${caller.tenant}\"}";
  static final String MUTANT = "{}";
  private static final String QUIET = "cache: {prefetch: false}";

  @TempDir Path folder;

  @Test
  void nothingOfTheOthersLeavesByAnyDoor() throws Exception {
    try (Tenants tenants = new Tenants(folder, FILTER, QUIET)) {
      tenants.fill();
      Tenants.Seen seen = tenants.askAsAlice();
      assertThat(seen.leaks()).isEmpty();
      assertThat(seen.doors().get("GET /v1/drift")).contains("NOT_PERMITTED");
      assertThat(tenants.deleteAsAlice()).doesNotContain(Tenants.CANARY);
      assertThat(seen.doors().get("log"))
          .as("the log is written in all detail")
          .contains("com.linecorp.armeria.logging.traffic.server.http2 ", "INBOUND DATA");
      assertThat(tenants.traces())
          .as("spans have arrived")
          .contains("POST /v1/answer", "generate", "documents")
          .doesNotContain(Tenants.CANARY);
      plant(tenants);
      assertThat(tenants.receiver().text()).contains(Tenants.CANARY);
    }
  }

  /** A span that says too much would have been noticed. */
  private static void plant(Tenants tenants) {
    TelemetrySettings settings =
        TelemetrySettings.of(Map.of("otlp", Map.of("endpoint", tenants.receiver().endpoint())));
    try (Tracing tracing = Tracing.start(settings, Map.of(), new SimpleMeterRegistry())) {
      tracing
          .tracer("mutant")
          .spanBuilder("search")
          .setAttribute("query", Tenants.CANARY)
          .startSpan()
          .end();
    }
  }

  @Test
  void withoutTheFilterItComesByEachOfThem() throws Exception {
    try (Tenants tenants = new Tenants(folder, MUTANT, QUIET)) {
      tenants.fill();
      assertThat(tenants.askAsAlice().leaks())
          .contains(
              "search",
              "again",
              "stale",
              "dense",
              "text",
              "wide",
              "grouped",
              "filtered",
              "batch",
              "answer",
              "quoted",
              "streamed",
              "chat",
              "streamed chat",
              "export",
              "tool search",
              "tool list",
              "fetch",
              "GET /v1/documents",
              "over HTTP/2",
              "log",
              "asked of /rerank",
              "asked of /v1/chat/completions");
    }
  }
}
