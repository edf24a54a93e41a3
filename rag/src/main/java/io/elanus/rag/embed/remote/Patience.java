package io.elanus.rag.embed.remote;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.breaker.Breakers;
import io.elanus.rag.embed.Embedder.Purpose;
import io.elanus.rag.embed.remote.Refusal.Health;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Calls again where that may help, for as long as the total wait lasts; keeps within the provider's
 * rates; sends nothing for a while after repeated failures, then one call to try.
 */
final class Patience {
  private static final int CHARACTERS_PER_TOKEN = 4;
  private static final int BREAKER_CALLS = 10;
  private static final int BREAKER_CALLS_MIN = 5;

  private final RemoteConfig config;
  private final HttpCall call;
  private final Timing timing;
  private final Rates rates;
  private final CircuitBreaker breaker;
  private final Counter retries;

  Patience(RemoteConfig config, HttpCall call, Timing timing, MeterRegistry registry) {
    this.config = config;
    this.call = call;
    this.timing = timing;
    this.breaker =
        Breakers.atFailureRate(
            "embedding", BREAKER_CALLS, BREAKER_CALLS_MIN, 60, config.waits().open(), timing::now);
    this.rates = new Rates(config.limits(), timing);
    this.retries =
        Counter.builder("elanus_rag_embed_retries")
            .description("calls to the embedding provider after the first for the same texts")
            .tag("model", config.model())
            .register(registry);
    Gauge.builder(
            "elanus_rag_embed_circuit_open",
            () -> breaker.getState() == CircuitBreaker.State.CLOSED ? 0 : 1)
        .description("1 while the embedding provider is left alone after repeated failures")
        .tag("model", config.model())
        .strongReference(true)
        .register(registry);
  }

  List<float[]> vectors(List<String> texts, Purpose purpose) throws InterruptedException {
    long tokens = 0;
    for (String text : texts) {
      tokens += text.length() / CHARACTERS_PER_TOKEN + 1;
    }
    long total = config.waits().total().toNanos();
    // Documents have time; a question that would wait longer is refused.
    keepRates(purpose == Purpose.QUERY ? total : Long.MAX_VALUE, tokens);
    long end = timing.now() + total;
    for (int attempt = 1; ; attempt++) {
      if (attempt > 1) {
        keepRates(end - timing.now(), tokens);
      }
      try {
        return once(texts, purpose, end);
      } catch (Refusal e) {
        Duration wait = longer(backoff(attempt), e.retryAfter());
        boolean late = timing.now() + wait.toNanos() >= end;
        if (!e.again() || attempt >= config.waits().attemptsMax() || late) {
          throw new ElanusException(e.code(), e.sentence(), e);
        }
        retries.increment();
        timing.pause().of(wait);
      }
    }
  }

  private void keepRates(long waitMax, long tokens) throws InterruptedException {
    long expected = rates.waitFor(tokens);
    if (expected > waitMax) {
      throw new ElanusException(
          ErrorCode.BUSY,
          "the rate limit set for the embedding provider at %s leaves no room for another %d s"
              .formatted(config.base(), TimeUnit.NANOSECONDS.toSeconds(expected) + 1));
    }
    long wait = rates.take(tokens);
    if (wait > 0) {
      timing.pause().of(Duration.ofNanos(wait));
    }
  }

  private List<float[]> once(List<String> texts, Purpose purpose, long end)
      throws Refusal, InterruptedException {
    if (!breaker.tryAcquirePermission()) {
      throw new ElanusException(
          ErrorCode.NOT_READY,
          "the embedding provider at %s failed repeatedly; it is tried again after %d s of rest"
              .formatted(config.base(), config.waits().open().toSeconds()));
    }
    long begun = timing.now();
    boolean told = false;
    try {
      Duration left = Duration.ofNanos(Math.max(1_000_000, end - begun));
      List<float[]> vectors = call.send(texts, purpose, shorter(left, config.waits().answer()));
      breaker.onSuccess(timing.now() - begun, TimeUnit.NANOSECONDS);
      told = true;
      return vectors;
    } catch (Refusal e) {
      if (e.health() == Health.SICK) {
        breaker.onError(timing.now() - begun, TimeUnit.NANOSECONDS, e);
      } else {
        breaker.onSuccess(timing.now() - begun, TimeUnit.NANOSECONDS);
      }
      told = true;
      throw e;
    } finally {
      if (!told) {
        breaker.releasePermission();
      }
    }
  }

  /** Doubles from call to call; between half of it and all of it, so that callers fall apart. */
  private Duration backoff(int attempt) {
    long full = config.waits().backoff().toMillis() << Math.min(attempt - 1, 10);
    return Duration.ofMillis((long) (full * (0.5 + 0.5 * timing.chance().getAsDouble())));
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
