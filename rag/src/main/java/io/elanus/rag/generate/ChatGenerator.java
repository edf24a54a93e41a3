package io.elanus.rag.generate;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.breaker.Breakers;
import io.elanus.rag.generate.GenerationFailed.Hope;
import io.elanus.rag.trace.Trace;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * A generator that speaks OpenAI's chat protocol, always by a stream. Attempts are repeated only
 * while nothing of the text was handed on; after several failures in a row the provider is left in
 * peace for a while (a circuit breaker), and calls fail at once. Redirects are not followed: the
 * key goes to the configured host alone.
 */
public final class ChatGenerator implements Generator {
  private static final int FAILURES = 5;
  private static final Duration PEACE = Duration.ofSeconds(15);
  private static final long BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final GeneratorConfig config;
  private final HttpClient http;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final CircuitBreaker breaker;
  private final Semaphore running;

  /**
   * @param executor for the connections' own work
   * @param nanoTime for limits of time
   * @param random for the pauses between attempts
   */
  public ChatGenerator(
      GeneratorConfig config, Executor executor, LongSupplier nanoTime, RandomGenerator random) {
    this.config = config;
    this.nanoTime = nanoTime;
    this.random = random;
    running = new Semaphore(config.concurrentMax());
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(config.timeouts().connect())
            .executor(executor)
            .build();
    breaker = Breakers.afterFailuresInRow("generator", FAILURES, PEACE, nanoTime);
  }

  @Override
  public String model() {
    return config.model();
  }

  @Override
  public Generation generate(Prompt prompt, Sink sink, Cancellation cancellation) {
    if (!running.tryAcquire()) {
      throw new ElanusException(
          ErrorCode.BUSY,
          "%d texts are being generated at %s already"
              .formatted(config.concurrentMax(), config.place()));
    }
    try {
      return attempts(prompt, sink, cancellation);
    } catch (GenerationFailed e) {
      throw e.told(config.place());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw GenerationFailed.canceled().told(config.place());
    } finally {
      running.release();
    }
  }

  private Generation attempts(Prompt prompt, Sink sink, Cancellation cancellation)
      throws GenerationFailed, InterruptedException {
    long deadline = nanoTime.getAsLong() + config.timeouts().total().toNanos();
    HttpRequest request = request(prompt);
    for (int attempt = 1; ; attempt++) {
      if (!breaker.tryAcquirePermission()) {
        throw GenerationFailed.down(
            "failed %d times in a row and is left in peace for up to %d s"
                .formatted(FAILURES, PEACE.toSeconds()));
      }
      ChatAttempt one = new ChatAttempt(config, nanoTime, sink, cancellation, deadline);
      boolean judged = false;
      try {
        Generation whole = one.run(http, request);
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        judged = true;
        return whole;
      } catch (GenerationFailed e) {
        judged = !e.isCanceled();
        judge(e);
        long pause = pause(attempt, e.pause());
        boolean late = nanoTime.getAsLong() + pause >= deadline;
        if (e.hope() == Hope.NONE || one.hasText() || attempt > config.retriesMax() || late) {
          throw e;
        }
        if (cancellation.await(pause)) {
          throw GenerationFailed.canceled();
        }
      } finally {
        if (!judged) {
          breaker.releasePermission();
        }
      }
    }
  }

  private void judge(GenerationFailed e) {
    if (e.isCanceled()) {
      return;
    }
    if (e.hope() == Hope.DOWN) {
      breaker.onError(0, TimeUnit.NANOSECONDS, e);
    } else {
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }
  }

  /** Twice as long each time, and half of it by chance: callers that failed together part. */
  private long pause(int attempt, Duration asked) {
    long backoff = BACKOFF_NANOS << Math.min(attempt - 1, 10);
    return Math.max(asked.toNanos(), backoff / 2 + random.nextLong(backoff / 2));
  }

  private HttpRequest request(Prompt prompt) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(config.completions())
            .header("content-type", "application/json")
            .header("accept", "text/event-stream, application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(ChatWire.request(config, prompt)));
    config.key().ifPresent(key -> request.header("authorization", key.header()));
    Trace.handOn(request);
    return request.build();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
