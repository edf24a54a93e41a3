package io.elanus.rag.embed.local;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Model;
import io.elanus.rag.embed.Tokens;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A model in this process.
 *
 * <p>A call's texts are sorted by length and cut into small batches of like lengths (padding costs
 * as much as text), and each batch is work for one thread of the executor; how many it has is how
 * many cores the model may use. Texts beyond the model's limit are cut off and counted in {@code
 * elanus_rag_embed_truncated_texts_total}.
 */
public final class LocalEmbedder implements Embedder {
  private final LocalConfig config;
  private final Model model;
  private final Vocabulary vocabulary;
  private final OnnxModel onnx;
  private final Lanes lanes;
  private final Counter truncated;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * Reads the model, which takes about a second.
   *
   * @param executor its threads run the model; it outlives the embedder
   * @throws ElanusException INVALID_ARGUMENT for files that are missing or no model
   */
  public LocalEmbedder(LocalConfig config, Executor executor, MeterRegistry registry) {
    this.config = config;
    this.lanes = new Lanes(executor);
    this.truncated =
        Counter.builder("elanus_rag_embed_truncated_texts")
            .description("texts longer than the embedding model reads, cut off")
            .tag("model", config.name())
            .register(registry);
    ModelBytes bytes = ModelBytes.read(config);
    this.vocabulary = new Vocabulary(bytes.tokenizer(), config.name());
    try {
      this.onnx = new OnnxModel(bytes.model(), config);
    } catch (RuntimeException e) {
      vocabulary.close();
      throw e;
    }
    try {
      this.model = probed(bytes);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private Model probed(ModelBytes bytes) {
    Encoded probe = vocabulary.encode("probe", config.tokensMax());
    return new Model(
        config.name(),
        bytes.version(config),
        onnx.run(List.of(probe))[0].length,
        config.tokensMax() - vocabulary.added());
  }

  @Override
  public Model model() {
    return model;
  }

  @Override
  public Tokens tokens() {
    return vocabulary;
  }

  @Override
  public List<float[]> embed(List<String> texts, Purpose purpose) {
    refuseEmpty(texts);
    if (texts.isEmpty()) {
      return List.of();
    }
    int before = waiting.getAndAdd(texts.size());
    try {
      if (before > 0 && before + texts.size() > config.waitingTextsMax()) {
        throw new ElanusException(
            ErrorCode.BUSY,
            "%d texts wait for the embedding model already; send fewer at once".formatted(before));
      }
      return vectors(texts, purpose);
    } finally {
      waiting.addAndGet(-texts.size());
    }
  }

  private static void refuseEmpty(List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      if (texts.get(i).isBlank()) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "text %d of %d is empty and has no vector".formatted(i + 1, texts.size()));
      }
    }
  }

  private List<float[]> vectors(List<String> texts, Purpose purpose) {
    String prefix = purpose == Purpose.QUERY ? config.queryPrefix() : config.documentPrefix();
    List<Placed> placed = new ArrayList<>(texts.size());
    int cut = 0;
    for (int i = 0; i < texts.size(); i++) {
      Encoded encoded = vocabulary.encode(prefix + texts.get(i), config.tokensMax());
      cut += encoded.cut() ? 1 : 0;
      placed.add(new Placed(i, encoded));
    }
    truncated.increment(cut);
    float[][] vectors = new float[texts.size()][];
    AtomicBoolean given = new AtomicBoolean();
    List<CompletableFuture<Void>> parts = new ArrayList<>();
    try {
      for (List<Placed> batch : Batches.of(placed)) {
        CompletableFuture<Void> part = new CompletableFuture<>();
        lanes.add(purpose, () -> run(batch, vectors, given, part));
        parts.add(part);
      }
      CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new)).get();
    } catch (RejectedExecutionException e) {
      throw closing(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ElanusException refused
          ? refused
          : new IllegalStateException("the embedding model failed by a bug", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.CANCELED, "the wait for embeddings was ended", e);
    } finally {
      given.set(true);
    }
    return Arrays.asList(vectors);
  }

  /**
   * @param given whether nobody waits any more
   */
  private void run(
      List<Placed> batch, float[][] vectors, AtomicBoolean given, CompletableFuture<Void> part) {
    if (given.get()) {
      part.cancel(false);
      return;
    }
    life.readLock().lock();
    try {
      if (closed) {
        throw closing(null);
      }
      float[][] made = onnx.run(batch.stream().map(Placed::encoded).toList());
      for (int i = 0; i < made.length; i++) {
        vectors[batch.get(i).index()] = made[i];
      }
      part.complete(null);
    } catch (RuntimeException | Error e) {
      part.completeExceptionally(e);
    } finally {
      life.readLock().unlock();
    }
  }

  private static ElanusException closing(@Nullable Throwable cause) {
    return new ElanusException(ErrorCode.NOT_READY, "the embedding model was closed", cause);
  }

  /** Waits for runs under way; work that waits fails. */
  @Override
  public void close() {
    life.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      onnx.close();
    } finally {
      life.writeLock().unlock();
    }
    vocabulary.close();
  }

  /** A text and where its vector belongs. */
  record Placed(int index, Encoded encoded) {
    static final Comparator<Placed> BY_LENGTH = Comparator.comparingInt(p -> p.encoded.length());
  }
}
