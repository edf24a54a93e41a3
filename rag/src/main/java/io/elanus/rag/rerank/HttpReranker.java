package io.elanus.rag.rerank;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.breaker.Breakers;
import io.elanus.rag.trace.Trace;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Asks a reranker over HTTP. Whatever it does, the call ends within the timeout; what it sends
 * beyond the longest answer there can be is not read. After some failures in a row it is left alone
 * for a while.
 */
public final class HttpReranker implements Reranker {
  private static final int FAILURES_MAX = 5;
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final int ANSWER_BYTES_MAX = 1 << 20;

  private final RerankConfig config;
  private final HttpClient http;
  private final LongSupplier nanoTime;
  private final CircuitBreaker breaker;

  public HttpReranker(RerankConfig config, ExecutorService threads, LongSupplier nanoTime) {
    this.config = config;
    this.nanoTime = nanoTime;
    this.breaker = Breakers.afterFailuresInRow("rerank", FAILURES_MAX, PAUSE, nanoTime);
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(config.timeout())
            .executor(threads)
            .build();
  }

  @Override
  public String name() {
    return "%s %s %s".formatted(config.shape(), config.address(), config.model());
  }

  @Override
  public int candidates() {
    return config.candidates();
  }

  @Override
  public double[] scores(String query, List<String> texts, Duration patience) {
    Duration most = patience.compareTo(config.timeout()) < 0 ? patience : config.timeout();
    long deadline = nanoTime.getAsLong() + most.toNanos();
    double[] all = new double[texts.size()];
    for (int from = 0; from < all.length; from += config.batch()) {
      int to = Math.min(all.length, from + config.batch());
      double[] scores = ask(query, texts.subList(from, to), deadline);
      System.arraycopy(scores, 0, all, from, scores.length);
    }
    return all;
  }

  private double[] ask(String query, List<String> texts, long deadline) {
    if (!breaker.tryAcquirePermission()) {
      throw down("did not answer lately and is left alone for some seconds");
    }
    return Breakers.permitted(breaker, () -> answer(query, texts, deadline));
  }

  private double[] answer(String query, List<String> texts, long deadline) {
    CompletableFuture<HttpResponse<byte[]>> sent = null;
    try {
      sent = http.sendAsync(request(query, texts), head -> limited());
      long left = Math.max(1, deadline - nanoTime.getAsLong());
      HttpResponse<byte[]> response = sent.get(left, TimeUnit.NANOSECONDS);
      if (response.statusCode() != 200) {
        throw down("answers with status %d".formatted(response.statusCode()));
      }
      return RerankWire.scores(config, response.body(), texts.size());
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw down("did not answer in time");
    } catch (ExecutionException e) {
      throw down("cannot be reached, breaks off, or answers with too much");
    } catch (IOException e) {
      // What it said may hold parts of what was sent: it is not repeated.
      throw down("does not answer with one score for each text");
    } catch (InterruptedException e) {
      if (sent != null) {
        sent.cancel(true);
      }
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.CANCELED, "the search was given up", e);
    }
  }

  private static HttpResponse.BodySubscriber<byte[]> limited() {
    return HttpResponse.BodySubscribers.limiting(
        HttpResponse.BodySubscribers.ofByteArray(), ANSWER_BYTES_MAX);
  }

  private HttpRequest request(String query, List<String> texts) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(config.address())
            .timeout(config.timeout())
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(RerankWire.call(config, query, texts)));
    config.key().ifPresent(key -> request.header("authorization", "Bearer " + key));
    Trace.handOn(request);
    return request.build();
  }

  private ElanusException down(String why) {
    return new ElanusException(
        ErrorCode.NOT_READY, "the reranker at %s %s".formatted(config.address().getHost(), why));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
