package io.elanus.rag.embed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several models in one process. They are told apart by their names first, so that no model is read
 * which nobody asked for.
 */
public final class SeveralEmbedders implements Embedders {
  private final Embedder usual;
  private final Map<String, Embedder> byName;

  /**
   * @param byName at least one; the first is the usual one
   */
  public SeveralEmbedders(Map<String, Embedder> byName) {
    this.byName = new LinkedHashMap<>(byName);
    this.usual = this.byName.values().iterator().next();
  }

  @Override
  public Embedder usual() {
    return usual;
  }

  @Override
  public Embedder of(Model stored, String collection) {
    Embedder named = byName.get(stored.name());
    if (named == null) {
      throw Mismatch.of(stored, collection, usual.model());
    }
    return named.of(stored, collection);
  }

  @Override
  public Embedder named(String name) {
    Embedder named = byName.get(name);
    if (named == null) {
      throw Mismatch.unknown(name, names());
    }
    return named;
  }

  @Override
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }
}
