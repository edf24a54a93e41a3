package io.elanus.rag.embed;

import java.util.List;

/**
 * Texts to vectors. Safe for many threads; calls block until the vectors are there.
 *
 * <p>Fails with {@link io.elanus.model.error.ElanusException}: NOT_READY or BUSY or TIMEOUT where
 * trying again later may help (the provider is down, slow, or its circuit is open),
 * INVALID_ARGUMENT where it does not.
 */
public interface Embedder extends Embedders, AutoCloseable {
  /** Models may embed a question otherwise than the text that answers it. */
  enum Purpose {
    DOCUMENT,
    QUERY
  }

  Model model();

  /**
   * One vector of length one per text, in their order; an empty text is refused.
   *
   * @return each of {@code model().dimension()} numbers
   */
  List<float[]> embed(List<String> texts, Purpose purpose);

  /** The model's own tokenizer, or the nearest there is. */
  Tokens tokens();

  @Override
  default Embedder usual() {
    return this;
  }

  @Override
  default Embedder of(Model stored, String collection) {
    if (stored.makesVectorsOf(model())) {
      return this;
    }
    throw Mismatch.of(stored, collection, model());
  }

  @Override
  default Embedder named(String name) {
    if (name.equals(model().name())) {
      return this;
    }
    throw Mismatch.unknown(name, names());
  }

  @Override
  default List<String> names() {
    return List.of(model().name());
  }

  @Override
  void close();
}
