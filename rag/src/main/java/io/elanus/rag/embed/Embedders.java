package io.elanus.rag.embed;

import java.util.List;

/**
 * The models that this process has. Whose vectors lie in a collection says which of them embeds for
 * it; an {@link Embedder} is a set of one.
 */
public interface Embedders {
  /** For collections that are made now. */
  Embedder usual();

  /**
   * The one whose vectors lie there.
   *
   * @param stored with the collection
   * @throws io.elanus.model.error.ElanusException INVALID_ARGUMENT where it is not among these
   */
  Embedder of(Model stored, String collection);

  /**
   * By the model's name, as it is configured; a model may be read for that.
   *
   * @throws io.elanus.model.error.ElanusException INVALID_ARGUMENT that names those that are here
   */
  Embedder named(String model);

  /** Names of the models, the usual one first. */
  List<String> names();
}
