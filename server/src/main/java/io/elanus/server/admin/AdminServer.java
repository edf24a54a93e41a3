package io.elanus.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import io.elanus.server.Acceptors;
import io.elanus.server.Mount;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * The port for those who run the server: probes, metrics, and what else is mounted.
 *
 * <pre>
 * GET /healthz /readyz   200 "OK" when calls are taken, else 503 and why not
 * GET /livez             200 as long as the process answers
 * GET /api/v1/health     the same as JSON
 * GET /metrics           Prometheus text
 * GET /                  what is where
 * </pre>
 */
public final class AdminServer implements AutoCloseable {
  private static final MediaType METRICS =
      MediaType.parse("text/plain; version=0.0.4; charset=utf-8");
  private static final Duration QUIET_PERIOD = Duration.ofMillis(50);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);
  private static final String PAGE =
      """
      Elanus, admin port

      /healthz         OK when calls are taken, else 503 and why not
      /readyz          the same
      /livez           OK as long as the process answers
      /api/v1/health   the same as /healthz, as JSON
      /metrics         metrics for Prometheus
      """;

  private final Server server;

  private AdminServer(Server server) {
    this.server = server;
  }

  /**
   * Starts listening; returns when the port is open.
   *
   * @param executor where scraping may block
   * @param mounts what else is served on this port
   */
  public static AdminServer start(
      AdminConfig config,
      Readiness readiness,
      PrometheusMeterRegistry registry,
      Executor executor,
      List<Mount> mounts) {
    ServerBuilder builder =
        Server.builder()
            .port(
                new ServerPort(
                    new InetSocketAddress(config.host(), config.port()), SessionProtocol.HTTP))
            // Probes and scrapes are nobody's load; the global registry would hold them twice.
            .meterRegistry(NoopMeterRegistry.get())
            .bossGroupFactory(Acceptors::one)
            .gracefulShutdownTimeout(QUIET_PERIOD, STOP_TIMEOUT);
    builder.service("/", (context, request) -> text(HttpStatus.OK, PAGE));
    builder.service("/livez", (context, request) -> text(HttpStatus.OK, "OK"));
    builder.service("/healthz", (context, request) -> health(readiness.state()));
    builder.service("/readyz", (context, request) -> health(readiness.state()));
    builder.service("/api/v1/health", (context, request) -> healthJson(readiness.state()));
    builder.service("/metrics", (context, request) -> metrics(registry, executor));
    mounts.forEach(mount -> mount.on(builder));
    Server server = builder.build();
    try {
      server.start().join();
    } catch (CompletionException e) {
      server.stop().join();
      throw new IllegalStateException(
          "cannot listen on %s:%d; is another server using it?"
              .formatted(config.host(), config.port()),
          e);
    }
    return new AdminServer(server);
  }

  private static HttpResponse metrics(PrometheusMeterRegistry registry, Executor executor) {
    return HttpResponse.of(
        CompletableFuture.supplyAsync(
            () ->
                HttpResponse.of(
                    HttpStatus.OK,
                    METRICS,
                    HttpData.wrap(registry.scrape().getBytes(StandardCharsets.UTF_8))),
            executor));
  }

  private static HttpResponse health(Readiness.State state) {
    return state.isReady()
        ? text(HttpStatus.OK, "OK")
        : text(HttpStatus.SERVICE_UNAVAILABLE, state.reason());
  }

  private static HttpResponse healthJson(Readiness.State state) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("status", state.isReady() ? "ok" : "not ready");
    if (!state.isReady()) {
      json.put("reason", state.reason());
    }
    HttpStatus status = state.isReady() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    return HttpResponse.of(status, MediaType.JSON_UTF_8, HttpData.ofUtf8(json.toString()));
  }

  private static HttpResponse text(HttpStatus status, String text) {
    return HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, HttpData.ofUtf8(text));
  }

  /** The port it listens on, also where the configuration left the choice open. */
  public int port() {
    return server.activeLocalPort();
  }

  @Override
  public void close() {
    server.stop().join();
  }
}
