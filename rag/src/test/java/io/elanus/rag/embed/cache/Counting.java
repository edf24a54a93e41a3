package io.elanus.rag.embed.cache;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Model;
import io.elanus.rag.embed.Tokens;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/**
 * An embedder whose vectors are made of a text's length and hash, and that says what it was asked.
 */
final class Counting implements Embedder {
  final List<List<String>> calls = new CopyOnWriteArrayList<>();
  final Model model;

  /** Calls wait for a permit; by default there are more than any test needs. */
  final Semaphore gate;

  Counting() {
    this(new Model("counting", "1", 3, 100), new Semaphore(1_000_000));
  }

  Counting(Model model, Semaphore gate) {
    this.model = model;
    this.gate = gate;
  }

  static float[] vector(String text) {
    return new float[] {text.length(), text.hashCode() % 1000, 1};
  }

  @Override
  public Model model() {
    return model;
  }

  @Override
  public List<float[]> embed(List<String> texts, Purpose purpose) {
    calls.add(List.copyOf(texts));
    gate.acquireUninterruptibly();
    if (texts.contains("down")) {
      throw new ElanusException(ErrorCode.NOT_READY, "it is down");
    }
    if (texts.contains("bad")) {
      throw new ElanusException(ErrorCode.INVALID_ARGUMENT, "a bad text");
    }
    return texts.stream().map(Counting::vector).toList();
  }

  @Override
  public Tokens tokens() {
    throw new IllegalStateException("no test asks");
  }

  @Override
  public void close() {}
}
