package io.elanus.rag.ingest;

import io.elanus.model.Caller;
import io.elanus.rag.chunk.ChunkSettings;

/**
 * One document to ingest: all that a worker needs to know, wherever it runs.
 *
 * @param owner on whose behalf
 * @param collectionId the collection's number, which outlives its name
 * @param settings as asked for
 * @param hash SHA-256 of the document's bytes, hexadecimal
 * @param contentKey where the bytes lie among the documents
 */
public record Work(
    String job,
    int number,
    Caller owner,
    long collectionId,
    ChunkSettings settings,
    Labels labels,
    String hash,
    int bytes,
    String contentKey) {
  Work labelled(Labels others) {
    return new Work(job, number, owner, collectionId, settings, others, hash, bytes, contentKey);
  }

  /** One document at a time is worked on by one worker. */
  public DocumentKey document() {
    return DocumentKey.of(collectionId, labels.sourceId());
  }
}
