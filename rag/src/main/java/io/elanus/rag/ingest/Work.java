package io.elanus.rag.ingest;

import io.elanus.model.Caller;
import io.elanus.rag.chunk.ChunkSettings;

/**
 * One document to ingest: all that a worker needs to know, wherever it runs.
 *
 * @param owner on whose behalf
 * @param shelf the number of the collection's documents, which outlives its name and its vectors
 * @param settings as asked for
 * @param hash SHA-256 of the document's bytes, hexadecimal
 * @param contentKey where the bytes lie among the documents
 */
public record Work(
    String job,
    int number,
    Caller owner,
    long shelf,
    ChunkSettings settings,
    Labels labels,
    String hash,
    int bytes,
    String contentKey) {
  Work labelled(Labels others) {
    return new Work(job, number, owner, shelf, settings, others, hash, bytes, contentKey);
  }

  /** One document at a time is worked on by one worker. */
  public DocumentKey document() {
    return DocumentKey.of(shelf, labels.sourceId());
  }
}
