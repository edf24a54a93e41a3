package io.elanus.rag.ingest;

import io.elanus.rag.chunk.ChunkSettings;
import java.util.List;

/**
 * Documents as they were handed in, checked one by one.
 *
 * @param collection name or alias
 */
public record Submission(String collection, ChunkSettings settings, List<Item> documents) {
  public Submission {
    documents = List.copyOf(documents);
  }

  /** A document's labels and bytes. */
  public record Item(Labels labels, byte[] content) {}
}
