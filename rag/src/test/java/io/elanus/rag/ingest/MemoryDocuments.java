package io.elanus.rag.ingest;

import io.elanus.rag.document.Documents;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Documents that stay as long as the test. */
final class MemoryDocuments implements Documents {
  final ConcurrentSkipListMap<String, byte[]> all = new ConcurrentSkipListMap<>();

  @Override
  public void put(String key, byte[] content) {
    all.put(key, content.clone());
  }

  @Override
  public Optional<byte[]> get(String key) {
    return Optional.ofNullable(all.get(key)).map(byte[]::clone);
  }

  @Override
  public void delete(String key) {
    all.remove(key);
  }

  @Override
  public List<String> list(String prefix) {
    return all.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
  }
}
