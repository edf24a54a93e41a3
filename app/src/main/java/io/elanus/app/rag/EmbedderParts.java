package io.elanus.app.rag;

import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.local.LocalEmbedder;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The embedder of the process, with the threads it runs on. */
public final class EmbedderParts implements AutoCloseable {
  private final ExecutorService threads;
  private final Embedder embedder;

  private EmbedderParts(ExecutorService threads, Embedder embedder) {
    this.threads = threads;
    this.embedder = embedder;
  }

  /** At once: the model is read when it is first asked something. */
  public static EmbedderParts start(EmbedderSettings settings, MeterRegistry registry) {
    int count =
        settings.threads() == 0 ? Runtime.getRuntime().availableProcessors() : settings.threads();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            count, Thread.ofPlatform().name("embed-", 0).daemon(true).factory());
    return new EmbedderParts(
        threads, new LazyEmbedder(() -> new LocalEmbedder(settings.local(), threads, registry)));
  }

  public Embedder embedder() {
    return embedder;
  }

  @Override
  public void close() {
    // What waits for a thread learns on it that the model is closed.
    embedder.close();
    threads.shutdown();
  }
}
