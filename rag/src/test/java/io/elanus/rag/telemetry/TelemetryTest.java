package io.elanus.rag.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.telemetry.Telemetry.Stage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private static final String CANARY = "canary-7f3a";

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong();
  private final Telemetry telemetry = new Telemetry(provider.get("test"), meters, nanos::get);

  @AfterEach
  void stop() {
    provider.close();
  }

  private void search(long millis, boolean fails) {
    telemetry.during(
        Stage.SEARCH,
        Attributes.empty(),
        () -> {
          nanos.addAndGet(Duration.ofMillis(millis).toNanos());
          if (fails) {
            throw new ElanusException(ErrorCode.TIMEOUT, CANARY);
          }
          return "";
        });
  }

  private double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  @Test
  void stagesAreSpansInsideOfEachOther() {
    String answer =
        telemetry.during(
            Stage.SEARCH,
            Attributes.empty(),
            () -> telemetry.during(Stage.EMBED, Attributes.empty(), () -> "found"));
    assertThat(answer).isEqualTo("found");
    List<SpanData> spans = exporter.getFinishedSpanItems();
    assertThat(spans).extracting(SpanData::getName).containsExactly("embed", "search");
    assertThat(spans.get(0).getParentSpanId()).isEqualTo(spans.get(1).getSpanId());
  }

  @Test
  void failuresAreCountedAndTheirWordsNotTold() {
    search(30, false);
    assertThatThrownBy(() -> search(70, true)).isInstanceOf(ElanusException.class);
    SpanData failed = exporter.getFinishedSpanItems().getLast();
    assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(failed.toString()).contains("TIMEOUT").doesNotContain(CANARY);
    assertThat(
            meters
                .get("elanus_rag_search")
                .tag("status", "fail")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isCloseTo(70, within(1e-6));
    assertThat(meters.get("search_latency_ms").summary().totalAmount())
        .isCloseTo(100, within(1e-6));
    assertThat(gauge("error_rate")).isEqualTo(0.5);
    assertThat(gauge("search_throughput_qps")).isCloseTo(2 / 60.0, within(1e-12));
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(gauge("error_rate")).isZero();
    assertThat(gauge("search_throughput_qps")).isZero();
  }

  @Test
  void textsAndCallersAreInNoSpan() {
    SeenRetriever retriever =
        new SeenRetriever((caller, question) -> new Found(List.of(), List.of(), false), telemetry);
    retriever.find(Caller.in(CANARY), Question.of(CANARY, CANARY, 3));
    assertThat(exporter.getFinishedSpanItems()).hasSize(1);
    assertThat(exporter.getFinishedSpanItems().toString()).doesNotContain(CANARY);
  }

  @Test
  void hitsOfBothCachesAreOneRate() {
    assertThat(gauge("cache_hit_rate")).isZero();
    count("elanus_rag_embedding_cache_lookups", "found", "memory", 2);
    count("elanus_rag_embedding_cache_lookups", "found", "miss", 1);
    count("elanus.rag.cache.requests", "result", "shared_hit", 1);
    count("elanus.rag.cache.requests", "result", "failed_refresh", 5);
    assertThat(gauge("cache_hit_rate")).isEqualTo(0.75);
  }

  private void count(String name, String tag, String value, int times) {
    Counter.builder(name).tag(tag, value).register(meters).increment(times);
  }
}
