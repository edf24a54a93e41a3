package io.elanus.app.serve;

import io.elanus.engine.database.LocalDatabase;
import io.elanus.engine.write.Backlog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Tells the database that time passes, and the metrics what waits for its background. */
final class Ticks {
  private static final System.Logger LOG = System.getLogger(Ticks.class.getName());
  private static final long PERIOD_SECONDS = 5;

  private Ticks() {}

  static ScheduledExecutorService start(LocalDatabase database, ThreadFactory threads) {
    ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(threads);
    ticks.scheduleWithFixedDelay(
        () -> tick(database), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    return ticks;
  }

  /** A tick that throws would be the last one. */
  private static void tick(LocalDatabase database) {
    try {
      database.tick();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "background work could not be looked at", e);
    }
  }

  static void watch(LocalDatabase database, MeterRegistry registry) {
    gauge(
        registry,
        database,
        "elanus_growing_bytes",
        "rows that are in memory and log alone",
        Backlog::growingBytes);
    gauge(
        registry,
        database,
        "elanus_sealing_segments",
        "full segments that wait to be written",
        Backlog::sealingSegments);
    gauge(
        registry, database, "elanus_sealed_segments", "segments on disk", Backlog::sealedSegments);
    gauge(
        registry,
        database,
        "elanus_unindexed_rows",
        "rows of sealed segments whose index is not built yet",
        Backlog::unindexedRows);
    gauge(
        registry,
        database,
        "elanus_unclustered_rows",
        "rows of sealed segments that share their range of the clustering key with others",
        Backlog::unclusteredRows);
    FunctionCounter.builder("elanus_segments_skipped", database, LocalDatabase::skippedSegments)
        .description("segments not looked into: no row of their range of the key could pass")
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry,
      LocalDatabase database,
      String name,
      String description,
      ToDoubleFunction<Backlog> value) {
    Gauge.builder(name, database, d -> value.applyAsDouble(d.backlog()))
        .description(description)
        .strongReference(true)
        .register(registry);
  }
}
