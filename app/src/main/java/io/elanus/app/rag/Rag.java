package io.elanus.app.rag;

import com.linecorp.armeria.server.ServerBuilder;
import io.elanus.app.rag.embed.ModelParts;
import io.elanus.app.rag.reembed.ReembedParts;
import io.elanus.app.telemetry.Tracing;
import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.rag.answer.http.QuestionReader;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.EmbeddingRoute;
import io.elanus.rag.feedback.FeedbackRoutes;
import io.elanus.rag.http.Callers;
import io.elanus.rag.http.RagService;
import io.elanus.rag.http.Route;
import io.elanus.rag.knowledge.ShelfGate;
import io.elanus.rag.reembed.Activity;
import io.elanus.rag.telemetry.Telemetry;
import io.elanus.server.Mount;
import io.elanus.server.guard.Credentials;
import io.elanus.server.guard.Guard;
import io.elanus.store.object.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * Retrieval, wired on one screen: each part is started, and hands in its routes. Nothing here reads
 * a model or asks a provider before somebody asks.
 */
public final class Rag implements Mount, AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final String TIMEOUT_HEADER = "Request-Timeout";
  private static final String DATABASE_HEADER = "DB-Name";

  private final RagService service;
  private final List<Route> routes = new ArrayList<>();
  private final ModelParts models;
  private final RetrieveParts retrieve;
  private final IngestParts ingest;
  private final ReembedParts reembed;
  private final AnswerParts answer;
  private final McpParts mcp;

  private Rag(
      RagService service,
      ModelParts models,
      RetrieveParts retrieve,
      IngestParts ingest,
      ReembedParts reembed,
      AnswerParts answer,
      McpParts mcp) {
    this.service = service;
    this.models = models;
    this.retrieve = retrieve;
    this.ingest = ingest;
    this.reembed = reembed;
    this.answer = answer;
    this.mcp = mcp;
    routes.add(new EmbeddingRoute(models.embedders()).route());
    routes.addAll(retrieve.routes());
    routes.addAll(ingest.routes());
    routes.addAll(reembed.routes());
    routes.addAll(answer.routes());
    routes.addAll(mcp.routes());
  }

  /**
   * @param objects where documents lie
   * @param data the data folder, for what may be lost
   * @param tracing where spans go
   * @param calls where requests block: virtual threads
   */
  public static Rag start(
      RagSettings settings,
      Database database,
      ObjectStore objects,
      Path data,
      Guard guard,
      Tracing tracing,
      Executor calls,
      InstantSource clock,
      MeterRegistry registry) {
    RagService service = new RagService(callers(guard, clock), calls);
    Telemetry telemetry =
        new Telemetry(tracing.tracer("io.elanus.rag"), registry, System::nanoTime);
    ModelParts models =
        ModelParts.start(settings.embedder(), settings.embedders(), tracing, telemetry, registry);
    Activity activity = new Activity(System::nanoTime, Thread::sleep);
    ShelfGate gate = new ShelfGate();
    RetrieveParts retrieve =
        RetrieveParts.start(
            settings.search(),
            settings.policy(),
            database,
            models.embedders(),
            activity,
            clock,
            new StoredDocuments(objects),
            tracing,
            telemetry,
            registry);
    IngestParts ingest =
        IngestParts.start(
            settings.ingest(),
            new IngestParts.Ground(
                database,
                objects,
                data.resolve("parsers"),
                models.embedders(),
                retrieve.policies(),
                settings.search().collection(),
                gate,
                clock,
                registry));
    ReembedParts reembed =
        ReembedParts.start(
            settings.reembedding(),
            database,
            objects,
            models.embedders(),
            retrieve,
            gate,
            activity,
            settings.search().collection(),
            clock);
    AnswerParts answer =
        AnswerParts.start(
            settings.answer(),
            settings.generator(),
            database,
            retrieve.retriever(),
            models.usual(),
            new QuestionReader(settings.search().collection(), retrieve.hasReranker()),
            tracing.carried(calls),
            clock,
            telemetry);
    McpParts mcp = McpParts.start(retrieve, ingest, settings.search().collection(), clock);
    Rag rag = new Rag(service, models, retrieve, ingest, reembed, answer, mcp);
    rag.routes.addAll(
        new FeedbackRoutes(new StoredDocuments(objects), clock, () -> UUID.randomUUID().toString())
            .routes());
    return rag;
  }

  private static Callers callers(Guard guard, InstantSource clock) {
    return headers ->
        new Caller(
            guard.authenticate(Credentials.ofHttp(headers.get("authorization"))),
            headers.get(DATABASE_HEADER, DatabaseInfo.DEFAULT),
            Map.of(),
            clock.instant().plus(timeout(headers.get(TIMEOUT_HEADER, ""))));
  }

  /** As REST has it: the seconds that the caller waits. */
  private static Duration timeout(String seconds) {
    if (seconds.isBlank()) {
      return TIMEOUT;
    }
    if (seconds.strip().matches("[1-9]\\d{0,4}")) {
      return Duration.ofSeconds(Long.parseLong(seconds.strip()));
    }
    throw new ElanusException(
        ErrorCode.INVALID_ARGUMENT,
        "the header %s must be a number of seconds, got %s".formatted(TIMEOUT_HEADER, seconds));
  }

  public Embedder embedder() {
    return models.usual();
  }

  @Override
  public void on(ServerBuilder server) {
    service.mount(server, routes);
  }

  @Override
  public void close() {
    mcp.close();
    answer.close();
    reembed.close();
    ingest.close();
    retrieve.close();
    models.close();
  }
}
