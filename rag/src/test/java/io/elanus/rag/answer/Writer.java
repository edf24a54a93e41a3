package io.elanus.rag.answer;

import io.elanus.rag.generate.Cancellation;
import io.elanus.rag.generate.Generation;
import io.elanus.rag.generate.Generator;
import io.elanus.rag.generate.Prompt;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

/** A generator that writes what it is told, and keeps what it was asked. */
public final class Writer implements Generator {
  public final List<Prompt> asked = new CopyOnWriteArrayList<>();
  private final List<String> pieces;
  private final RuntimeException failure;

  private Writer(List<String> pieces, RuntimeException failure) {
    this.pieces = pieces;
    this.failure = failure;
  }

  public static Writer of(String... pieces) {
    return new Writer(List.of(pieces), null);
  }

  /** Fails after these pieces. */
  public static Writer failing(RuntimeException failure, String... pieces) {
    return new Writer(List.of(pieces), failure);
  }

  @Override
  public String model() {
    return "writer";
  }

  @Override
  public Generation generate(Prompt prompt, Sink sink, Cancellation cancellation) {
    asked.add(prompt);
    pieces.forEach(sink::piece);
    if (failure != null) {
      throw failure;
    }
    return new Generation(String.join("", pieces), false, OptionalInt.empty(), OptionalInt.empty());
  }

  @Override
  public void close() {}
}
