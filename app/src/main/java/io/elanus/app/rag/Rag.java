package io.elanus.app.rag;

import com.linecorp.armeria.server.ServerBuilder;
import io.elanus.model.Caller;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.EmbeddingRoute;
import io.elanus.rag.http.Callers;
import io.elanus.rag.http.RagService;
import io.elanus.rag.http.Route;
import io.elanus.server.Mount;
import io.elanus.server.guard.Credentials;
import io.elanus.server.guard.Guard;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Retrieval, wired on one screen: each part is started, and hands in its routes. Nothing here reads
 * a model or asks a provider before somebody asks.
 */
public final class Rag implements Mount, AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final RagService service;
  private final List<Route> routes = new ArrayList<>();
  private final EmbedderParts embedder;

  private Rag(RagService service, EmbedderParts embedder) {
    this.service = service;
    this.embedder = embedder;
  }

  /**
   * @param calls where requests block: virtual threads
   */
  public static Rag start(
      RagSettings settings,
      Guard guard,
      Executor calls,
      InstantSource clock,
      MeterRegistry registry) {
    RagService service = new RagService(callers(guard, clock), calls);
    Rag rag = new Rag(service, EmbedderParts.start(settings.embedder(), registry));
    rag.routes.add(new EmbeddingRoute(rag.embedder()).route());
    return rag;
  }

  private static Callers callers(Guard guard, InstantSource clock) {
    return headers ->
        new Caller(
            guard.authenticate(Credentials.ofHttp(headers.get("authorization"))),
            DatabaseInfo.DEFAULT,
            Map.of(),
            clock.instant().plus(TIMEOUT));
  }

  public Embedder embedder() {
    return embedder.embedder();
  }

  @Override
  public void on(ServerBuilder server) {
    service.mount(server, routes);
  }

  @Override
  public void close() {
    embedder.close();
  }
}
