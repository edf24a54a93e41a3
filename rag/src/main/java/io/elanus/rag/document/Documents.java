package io.elanus.rag.document;

import java.util.List;
import java.util.Optional;

/**
 * Bytes of documents and of ingestion's own records, durable when {@link #put} returns. Keys are
 * relative paths of letters, digits, {@code - _ . /}.
 */
public interface Documents {
  void put(String key, byte[] content);

  Optional<byte[]> get(String key);

  /** Deleting what is not there does nothing. */
  void delete(String key);

  /** Keys that start with this prefix, sorted. */
  List<String> list(String prefix);
}
