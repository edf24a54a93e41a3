package io.elanus.app.rag;

import io.elanus.model.Database;
import io.elanus.rag.embed.Embedders;
import io.elanus.rag.http.Route;
import io.elanus.rag.ingest.Ingestion;
import io.elanus.rag.ingest.route.DocumentRoutes;
import io.elanus.rag.knowledge.ShelfGate;
import io.elanus.rag.parse.ChildExtractor;
import io.elanus.rag.parse.ParserJvm;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.store.object.ObjectStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ingestion: where documents lie, the processes that read them, the workers, its routes. */
public final class IngestParts implements AutoCloseable {
  private static final long IDLE_CHECK_SECONDS = 10;

  private final ExecutorService threads;
  private final ScheduledExecutorService ticks;
  private final ChildExtractor extractor;
  private final Ingestion ingestion;
  private final DocumentRoutes documents;

  /**
   * What it stands on.
   *
   * @param scratch a folder for the temporary files of parsers, emptied at the start
   * @param collection that is meant where a request names none
   */
  public record Ground(
      Database database,
      ObjectStore objects,
      Path scratch,
      Embedders embedders,
      MandatoryFilters policies,
      String collection,
      ShelfGate gate,
      InstantSource clock,
      MeterRegistry registry) {}

  private IngestParts(IngestSettings settings, Ground ground) {
    threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ingest-", 0).factory());
    ticks =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("parsers").daemon(true).factory());
    extractor =
        new ChildExtractor(
            parsers(settings, ground),
            settings.parse(),
            settings.parsers(),
            settings.parserIdle(),
            threads,
            ground.clock());
    ingestion =
        new Ingestion(
            new Ingestion.Ports(
                ground.database(),
                new StoredDocuments(ground.objects()),
                ground.embedders(),
                extractor,
                ground.policies(),
                ground.clock(),
                new SecureRandom(),
                ground.gate()),
            settings.limits());
    documents =
        new DocumentRoutes(ingestion, settings.limits(), ground.clock(), ground.collection());
  }

  /** With what was not done before the last stop. */
  public static IngestParts start(IngestSettings settings, Ground ground) {
    IngestParts parts = new IngestParts(settings, ground);
    parts.ticks.scheduleWithFixedDelay(
        parts.extractor::endIdle, IDLE_CHECK_SECONDS, IDLE_CHECK_SECONDS, TimeUnit.SECONDS);
    Gauge.builder("elanus_ingest_waiting_documents", parts.ingestion, Ingestion::waitingDocuments)
        .description("documents that wait to be ingested, or are being so")
        .register(ground.registry());
    parts.ingestion.start(parts.threads, settings.workers());
    return parts;
  }

  private static ParserJvm parsers(IngestSettings settings, Ground ground) {
    Path home = Path.of(System.getProperty("elanus.home", ".")).toAbsolutePath();
    ParserJvm parsers =
        new ParserJvm(
            Path.of(System.getProperty("java.home"), "bin", "java"),
            System.getProperty(
                "elanus.extract.classpath", home.resolve("extract/target/lib") + "/*"),
            ground.scratch(),
            settings.parserHeapMebibytes());
    parsers.clean();
    return parsers;
  }

  public Ingestion ingestion() {
    return ingestion;
  }

  /** How documents are taken in. */
  public DocumentRoutes documents() {
    return documents;
  }

  public List<Route> routes() {
    return documents.routes();
  }

  @Override
  public void close() {
    ingestion.close();
    extractor.close();
    ticks.shutdownNow();
    threads.shutdownNow();
  }
}
