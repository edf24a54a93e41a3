package io.elanus.app.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what arrives, and says in one sentence when it does not: once as long as it lasts, and not
 * again within ten minutes where it comes and goes.
 */
final class ToldExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger("io.elanus.telemetry");
  private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** Kept, since a logger that nobody holds forgets its level. */
  private static final List<java.util.logging.Logger> LIBRARY =
      List.of(
          java.util.logging.Logger.getLogger("io.opentelemetry.exporter"),
          java.util.logging.Logger.getLogger("io.opentelemetry.sdk.trace.export"));

  private final SpanExporter inner;
  private final String where;
  private final LongSupplier nanos;
  private final Counter sent;
  private final Counter lost;
  private final AtomicBoolean down = new AtomicBoolean();
  private final AtomicLong quietUntil;

  /**
   * @param where the receiver is, for people
   */
  ToldExporter(SpanExporter inner, String where, MeterRegistry registry, LongSupplier nanos) {
    this.inner = inner;
    this.where = where;
    this.nanos = nanos;
    this.quietUntil = new AtomicLong(nanos.getAsLong());
    this.sent = counter(registry, "sent");
    this.lost = counter(registry, "lost");
  }

  private static Counter counter(MeterRegistry registry, String result) {
    return Counter.builder("elanus_trace_spans")
        .description("spans handed to the receiver of traces, by whether it took them")
        .tag("result", result)
        .register(registry);
  }

  /** It says of each batch that it failed, and how its stack stood. */
  static void silenceTheLibrary() {
    LIBRARY.forEach(logger -> logger.setLevel(Level.OFF));
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    int count = spans.size();
    CompletableResultCode result = inner.export(spans);
    return result.whenComplete(
        () -> {
          if (result.isSuccess()) {
            sent.increment(count);
            arrived();
          } else {
            lost.increment(count);
            failed();
          }
        });
  }

  private void arrived() {
    if (down.compareAndSet(true, false)) {
      LOG.info("spans reach {} again", where);
    }
  }

  private void failed() {
    if (!down.compareAndSet(false, true)) {
      return;
    }
    long now = nanos.getAsLong();
    long quiet = quietUntil.get();
    if (now - quiet >= 0 && quietUntil.compareAndSet(quiet, now + SILENCE_NANOS)) {
      LOG.warn(
          "spans do not reach {}: they are dropped until it takes them, everything else goes on",
          where);
    }
  }

  @Override
  public CompletableResultCode flush() {
    return inner.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return inner.shutdown();
  }

  @Override
  public String toString() {
    return "ToldExporter[" + where + "]";
  }
}
