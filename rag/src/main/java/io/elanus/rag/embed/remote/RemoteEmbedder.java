package io.elanus.rag.embed.remote;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Model;
import io.elanus.rag.embed.Tokens;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A provider over HTTP. Texts go in calls as large as the limits allow, several at a time;
 * questions have calls of their own, so that they never wait behind documents. Texts beyond the
 * model's limit are cut off and counted, as providers differ in whether they refuse or cut in
 * silence.
 */
public final class RemoteEmbedder implements Embedder {
  private final RemoteConfig config;
  private final Model model;
  private final Tokens tokens;
  private final ExecutorService executor;
  private final Patience patience;
  private final Counter truncated;
  private final Semaphore queries;
  private final Semaphore documents;

  /**
   * Asks the provider nothing yet.
   *
   * @param client with the configured connect timeout, following no redirects
   * @param executor where calls block: virtual threads
   * @param tokens the nearest there is
   */
  public RemoteEmbedder(
      RemoteConfig config,
      HttpClient client,
      ExecutorService executor,
      Timing timing,
      Tokens tokens,
      MeterRegistry registry) {
    this.config = config;
    this.model =
        new Model(config.model(), config.version(), config.dimension(), config.tokensMax());
    this.tokens = tokens;
    this.executor = executor;
    this.patience = new Patience(config, new HttpCall(config, client), timing, registry);
    this.queries = new Semaphore(config.limits().callsMax());
    this.documents = new Semaphore(config.limits().callsMax());
    this.truncated =
        Counter.builder("elanus_rag_embed_truncated_texts")
            .description("texts longer than the embedding model reads, cut off")
            .tag("model", config.model())
            .register(registry);
  }

  @Override
  public Model model() {
    return model;
  }

  @Override
  public Tokens tokens() {
    return tokens;
  }

  @Override
  public List<float[]> embed(List<String> texts, Purpose purpose) {
    List<List<String>> calls = calls(texts, purpose);
    List<Future<List<float[]>>> answers = new ArrayList<>(calls.size());
    List<float[]> vectors = new ArrayList<>(texts.size());
    try {
      if (calls.size() == 1) {
        return permitted(calls.getFirst(), purpose);
      }
      for (List<String> call : calls) {
        answers.add(executor.submit(() -> permitted(call, purpose)));
      }
      for (Future<List<float[]>> answer : answers) {
        vectors.addAll(answer.get());
      }
      return vectors;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.CANCELED, "the wait for embeddings was ended", e);
    } catch (RejectedExecutionException e) {
      throw new ElanusException(ErrorCode.NOT_READY, "the server is stopping", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ElanusException refused) {
        throw refused;
      }
      throw new IllegalStateException("a call failed by a bug", e.getCause());
    } finally {
      answers.forEach(answer -> answer.cancel(true));
    }
  }

  private List<float[]> permitted(List<String> texts, Purpose purpose) throws InterruptedException {
    Semaphore permits = purpose == Purpose.QUERY ? queries : documents;
    if (purpose == Purpose.DOCUMENT) {
      permits.acquire();
    } else if (!permits.tryAcquire(config.waits().total().toMillis(), TimeUnit.MILLISECONDS)) {
      throw new ElanusException(
          ErrorCode.BUSY,
          "too many questions wait for the embedding provider at %s".formatted(config.base()));
    }
    try {
      return patience.vectors(texts, purpose);
    } finally {
      permits.release();
    }
  }

  private List<List<String>> calls(List<String> texts, Purpose purpose) {
    String prefix = purpose == Purpose.QUERY ? config.queryPrefix() : config.documentPrefix();
    List<List<String>> calls = new ArrayList<>();
    List<String> call = new ArrayList<>();
    int characters = 0;
    for (int i = 0; i < texts.size(); i++) {
      if (texts.get(i).isBlank()) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "text %d of %d is empty and has no vector".formatted(i + 1, texts.size()));
      }
      String text = cut(prefix + texts.get(i));
      boolean full =
          call.size() >= config.limits().textsMax()
              || characters + text.length() > config.limits().charactersMax();
      if (full && !call.isEmpty()) {
        calls.add(call);
        call = new ArrayList<>();
        characters = 0;
      }
      call.add(text);
      characters += text.length();
    }
    if (!call.isEmpty()) {
      calls.add(call);
    }
    return calls;
  }

  private String cut(String text) {
    // A token has at least one character, so that most texts need no count.
    if (text.length() <= config.tokensMax()) {
      return text;
    }
    int[] offsets = tokens.offsets(text);
    if (offsets.length <= 2 * config.tokensMax()) {
      return text;
    }
    truncated.increment();
    return text.substring(0, offsets[2 * config.tokensMax() - 1]);
  }

  /** The client and the executor are others'. */
  @Override
  public void close() {}
}
