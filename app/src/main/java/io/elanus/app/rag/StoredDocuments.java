package io.elanus.app.rag;

import io.elanus.rag.document.Documents;
import io.elanus.store.object.ObjectStore;
import java.util.List;
import java.util.Optional;

/** Documents among the objects, under a prefix of their own. */
public final class StoredDocuments implements Documents {
  public static final String PREFIX = "rag/";

  private final ObjectStore objects;

  public StoredDocuments(ObjectStore objects) {
    this.objects = objects;
  }

  @Override
  public void put(String key, byte[] content) {
    objects.put(PREFIX + key, content);
  }

  @Override
  public Optional<byte[]> get(String key) {
    return objects.exists(PREFIX + key)
        ? Optional.of(objects.read(PREFIX + key))
        : Optional.empty();
  }

  @Override
  public void delete(String key) {
    objects.delete(PREFIX + key);
  }

  @Override
  public List<String> list(String prefix) {
    return objects.list(PREFIX + prefix).stream()
        .map(key -> key.substring(PREFIX.length()))
        .toList();
  }
}
