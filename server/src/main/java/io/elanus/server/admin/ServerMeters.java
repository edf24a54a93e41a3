package io.elanus.server.admin;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.DatabaseInfo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** The registry of a process with what can be said of it without looking at calls. */
public final class ServerMeters implements AutoCloseable {
  private final PrometheusMeterRegistry registry;
  private final JvmGcMetrics collections = new JvmGcMetrics();

  private ServerMeters(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * JVM and process.
   *
   * @param residentBytes memory of the process, NaN where the system does not tell
   */
  public static ServerMeters start(DoubleSupplier residentBytes) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ServerMeters meters = new ServerMeters(registry);
    List.of(
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ClassLoaderMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics(),
            meters.collections)
        .forEach(meter -> meter.bindTo(registry));
    Gauge.builder("process_resident_memory_bytes", residentBytes::getAsDouble)
        .description("memory of the process, mapped files included")
        .strongReference(true)
        .register(registry);
    return meters;
  }

  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /** What the database holds, under the names that dashboards for Milvus chart. */
  public void watch(Database database, InstantSource clock) {
    Holdings holdings = new Holdings(database, clock);
    gauge("milvus_rootcoord_collection_num", () -> holdings.counts().collections());
    gauge("milvus_rootcoord_partition_num", () -> holdings.counts().partitions());
    gauge("milvus_querynode_entity_num", () -> holdings.counts().rows());
  }

  private void gauge(String name, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble).strongReference(true).register(registry);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private record Counts(double collections, double partitions, double rows) {
    static final Counts UNKNOWN = new Counts(Double.NaN, Double.NaN, Double.NaN);
  }

  /** Counted at most every few seconds, however many gauges read it. */
  private static final class Holdings {
    private static final Duration AGE_MAX = Duration.ofSeconds(5);

    private final Database database;
    private final InstantSource clock;
    private Counts counts = Counts.UNKNOWN;
    private Instant countedAt = Instant.MIN;

    Holdings(Database database, InstantSource clock) {
      this.database = database;
      this.clock = clock;
    }

    synchronized Counts counts() {
      Instant now = clock.instant();
      if (countedAt.isBefore(now.minus(AGE_MAX))) {
        counts = count();
        countedAt = now;
      }
      return counts;
    }

    /** A database that is stopping has no numbers, which is no reason to fail the others. */
    private Counts count() {
      long collections = 0;
      long partitions = 0;
      long rows = 0;
      try {
        for (DatabaseInfo space : database.databases().list(caller(DatabaseInfo.DEFAULT))) {
          Caller caller = caller(space.name());
          for (CollectionInfo collection : database.collections().list(caller)) {
            collections++;
            partitions += collection.partitionCount();
            rows += database.collections().rowCount(caller, collection.name());
          }
        }
      } catch (ElanusException e) {
        return Counts.UNKNOWN;
      }
      return new Counts(collections, partitions, rows);
    }

    private static Caller caller(String name) {
      return new Caller("", name, Map.of(), Instant.MAX);
    }
  }
}
