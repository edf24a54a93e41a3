package io.elanus.rag.cache;

import io.elanus.model.info.CollectionVersion;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Passage;

/**
 * An answer and the version it was found at.
 *
 * @param version read before the search was begun
 * @param foundMillis when that was
 */
record Kept(CollectionVersion version, Found found, long foundMillis) {
  private static final int PASSAGE_BYTES = 600;
  private static final int CHUNK_BYTES = 200;

  /** Whether nothing changed that an answer depends on. */
  boolean isCurrent(CollectionVersion now) {
    return isSameDefinition(now) && version.operation() == now.operation();
  }

  /** Whether no more than rows changed. */
  boolean isSameDefinition(CollectionVersion now) {
    return version.id() == now.id() && version.definition() == now.definition();
  }

  /** About as many as it takes in memory. */
  int bytes() {
    long bytes = PASSAGE_BYTES;
    for (Passage passage : found.passages()) {
      bytes += PASSAGE_BYTES + bytes(passage.chunk());
      for (Chunk chunk : passage.before()) {
        bytes += bytes(chunk);
      }
      for (Chunk chunk : passage.after()) {
        bytes += bytes(chunk);
      }
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  private static long bytes(Chunk chunk) {
    long characters =
        (long) chunk.text().length()
            + chunk.title().length()
            + chunk.heading().length()
            + chunk.sourceId().length()
            + chunk.metadata().length();
    for (String tag : chunk.tags()) {
      characters += tag.length();
    }
    return CHUNK_BYTES + 2 * characters;
  }
}
