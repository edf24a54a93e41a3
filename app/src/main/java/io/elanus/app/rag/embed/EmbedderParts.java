package io.elanus.app.rag.embed;

import io.elanus.app.rag.EmbedderSettings;
import io.elanus.app.telemetry.Tracing;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.cache.CachedEmbedder;
import io.elanus.rag.embed.cache.GroupedEmbedder;
import io.elanus.rag.embed.cache.RedisVectors;
import io.elanus.rag.embed.cache.SharedVectors;
import io.elanus.rag.embed.local.LocalEmbedder;
import io.elanus.rag.embed.local.Vocabulary;
import io.elanus.rag.embed.remote.RemoteConfig;
import io.elanus.rag.embed.remote.RemoteEmbedder;
import io.elanus.rag.embed.remote.Timing;
import io.elanus.rag.redis.RedisConfig;
import io.elanus.rag.redis.RedisStore;
import io.elanus.rag.telemetry.SeenEmbedder;
import io.elanus.rag.telemetry.Telemetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The embedder of the process, with the threads it runs on: the model or the provider, questions
 * grouped before it, caches before those.
 */
public final class EmbedderParts implements AutoCloseable {
  /** As many as make a batch of short texts in the model. */
  private static final int GROUP_TEXTS_LOCAL = 8;

  private static final int GROUP_TEXTS_REMOTE = 96;

  private final EmbedderSettings settings;
  private final Tracing tracing;
  private final MeterRegistry registry;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Embedder embedder;

  private EmbedderParts(
      EmbedderSettings settings, Tracing tracing, Telemetry telemetry, MeterRegistry registry) {
    this.settings = settings;
    this.tracing = tracing;
    this.registry = registry;
    Embedder bare = settings.remote().map(this::remote).orElseGet(this::local);
    SharedVectors shared = settings.redis().map(this::redis).orElse(SharedVectors.NONE);
    this.embedder =
        new SeenEmbedder(
            new CachedEmbedder(bare, settings.cacheBytes(), shared, registry), telemetry);
  }

  /** At once: a model is read, and a provider asked, when there is a first question. */
  public static EmbedderParts start(
      EmbedderSettings settings, Tracing tracing, Telemetry telemetry, MeterRegistry registry) {
    return new EmbedderParts(settings, tracing, telemetry, registry);
  }

  private Embedder local() {
    int count =
        settings.threads() == 0 ? Runtime.getRuntime().availableProcessors() : settings.threads();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            count, Thread.ofPlatform().name("embed-", 0).daemon(true).factory());
    parts.push(threads::shutdown);
    return new GroupedEmbedder(
        new LazyEmbedder(() -> new LocalEmbedder(settings.local(), threads, registry)),
        count,
        GROUP_TEXTS_LOCAL);
  }

  private Embedder remote(RemoteConfig config) {
    ExecutorService threads = tracing.carried(Executors.newVirtualThreadPerTaskExecutor());
    parts.push(threads::shutdownNow);
    // Not 2: some servers that speak it only over TLS trip over the offer to change to it.
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.waits().connect())
            .build();
    parts.push(client::shutdownNow);
    Timing timing =
        new Timing(System::nanoTime, Thread::sleep, () -> ThreadLocalRandom.current().nextDouble());
    int callsMax = config.limits().callsMax();
    return new GroupedEmbedder(
        new LazyEmbedder(() -> remote(config, client, threads, timing)),
        callsMax,
        Math.min(GROUP_TEXTS_REMOTE, config.limits().textsMax()));
  }

  private Embedder remote(
      RemoteConfig config, HttpClient client, ExecutorService threads, Timing timing) {
    Vocabulary tokens = settings.tokenizer().map(Vocabulary::of).orElseGet(Vocabulary::boxed);
    parts.push(tokens);
    return new RemoteEmbedder(config, client, threads, timing, tokens, registry);
  }

  /** Keys say model and text: every process may share them, over restarts too. */
  private SharedVectors redis(RedisConfig config) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    parts.push(threads::shutdownNow);
    String prefix = config.prefix().isEmpty() ? "elanus:vector:" : config.prefix();
    return new RedisVectors(
        new RedisStore(config.withPrefix(prefix), threads, System::nanoTime),
        settings.redisLife(),
        threads,
        registry);
  }

  public Embedder embedder() {
    return embedder;
  }

  @Override
  public void close() {
    // What waits for a thread learns on it that the model is closed.
    embedder.close();
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        System.getLogger(EmbedderParts.class.getName())
            .log(System.Logger.Level.WARNING, "a part of the embedder did not stop cleanly", e);
      }
    }
  }
}
