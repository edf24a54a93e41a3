package io.elanus.rag.telemetry;

import io.elanus.model.error.ElanusException;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A span and its metrics around a stage.
 *
 * <ul>
 *   <li>{@code elanus_rag_embed_seconds}, {@code elanus_rag_search_seconds}, {@code
 *       elanus_rag_rerank_seconds}, {@code elanus_rag_generate_seconds}, each with {@code status}:
 *       histograms
 *   <li>aliases: {@code embed_latency_ms}, {@code search_latency_ms}, {@code rerank_latency_ms},
 *       {@code generate_latency_ms} (histograms of milliseconds), {@code search_throughput_qps} and
 *       {@code error_rate} (searches of the last minute), {@code cache_hit_rate} (texts and
 *       questions found in a cache, since the start)
 * </ul>
 */
public final class Telemetry {
  private static final double[] MILLIS = {
    0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000
  };

  /** What is looked at; its name in lower case is the span's. */
  public enum Stage {
    EMBED,
    SEARCH,
    RERANK,
    GENERATE;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Meters(Timer succeeded, Timer failed, DistributionSummary millis, Recent recent) {}

  private final Tracer tracer;
  private final LongSupplier nanos;
  private final Map<Stage, Meters> meters = new EnumMap<>(Stage.class);

  /**
   * @param tracer of a no-op where nothing is exported
   */
  public Telemetry(Tracer tracer, MeterRegistry registry, LongSupplier nanos) {
    this.tracer = tracer;
    this.nanos = nanos;
    for (Stage stage : Stage.values()) {
      meters.put(
          stage,
          new Meters(
              timer(registry, stage, "success"),
              timer(registry, stage, "fail"),
              DistributionSummary.builder(stage.label() + "_latency_ms")
                  .description("milliseconds; an alias of elanus_rag_" + stage.label() + "_seconds")
                  .serviceLevelObjectives(MILLIS)
                  .register(registry),
              new Recent(nanos)));
    }
    Recent searches = of(Stage.SEARCH).recent;
    gauge(registry, "search_throughput_qps", "searches a second", searches::perSecond);
    gauge(registry, "error_rate", "failed searches of all", searches::failedShare);
    gauge(registry, "cache_hit_rate", "lookups in caches that found", () -> hitRate(registry));
  }

  private static Timer timer(MeterRegistry registry, Stage stage, String status) {
    return Timer.builder("elanus_rag_" + stage.label())
        .description("duration of the stage")
        .tag("status", status)
        .serviceLevelObjectives(
            java.util.Arrays.stream(MILLIS)
                .mapToObj(millis -> Duration.ofNanos((long) (millis * 1e6)))
                .toArray(Duration[]::new))
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value)
        .description(description + "; an alias")
        .strongReference(true)
        .register(registry);
  }

  private static double hitRate(MeterRegistry registry) {
    double found = 0;
    double all = 0;
    for (var counter : registry.find("elanus_rag_embedding_cache_lookups").counters()) {
      all += counter.count();
      found += "miss".equals(counter.getId().getTag("found")) ? 0 : counter.count();
    }
    for (var counter : registry.find("elanus.rag.cache.requests").counters()) {
      String result = String.valueOf(counter.getId().getTag("result"));
      // A refresh that failed is counted beside the question that asked for it.
      double count = result.equals("failed_refresh") ? 0 : counter.count();
      all += count;
      found += result.equals("miss") ? 0 : count;
    }
    return all == 0 ? 0 : found / all;
  }

  /** Does the work inside of a span; what it throws goes on. */
  public <T> T during(Stage stage, Attributes attributes, Supplier<T> work) {
    Span span = tracer.spanBuilder(stage.label()).setAllAttributes(attributes).startSpan();
    long begun = nanos.getAsLong();
    boolean succeeded = false;
    try (Scope scope = span.makeCurrent()) {
      T result = work.get();
      succeeded = true;
      return result;
    } catch (RuntimeException e) {
      // Not the message: it may name what was asked.
      span.setStatus(StatusCode.ERROR);
      span.setAttribute("error.type", type(e));
      throw e;
    } finally {
      seen(stage, nanos.getAsLong() - begun, succeeded);
      span.end();
    }
  }

  /** A span without metrics of its own, inside of a stage's; what the work throws goes on. */
  <T> T within(String name, Supplier<Attributes> attributes, Supplier<T> work) {
    // Outside of a recorded trace nothing is made, not even the names.
    if (!Span.current().isRecording()) {
      return work.get();
    }
    Span span = tracer.spanBuilder(name).setAllAttributes(attributes.get()).startSpan();
    try (Scope scope = span.makeCurrent()) {
      return work.get();
    } catch (RuntimeException e) {
      span.setStatus(StatusCode.ERROR);
      span.setAttribute("error.type", type(e));
      throw e;
    } finally {
      span.end();
    }
  }

  private static String type(RuntimeException e) {
    return e instanceof ElanusException known
        ? known.code().name()
        : String.valueOf(e.getClass().getCanonicalName());
  }

  private void seen(Stage stage, long took, boolean succeeded) {
    Meters each = of(stage);
    (succeeded ? each.succeeded : each.failed).record(took, TimeUnit.NANOSECONDS);
    each.millis.record(took / 1e6);
    each.recent.add(!succeeded);
  }

  private Meters of(Stage stage) {
    Meters known = meters.get(stage);
    if (known == null) {
      throw new IllegalStateException("every stage has meters");
    }
    return known;
  }
}
