package io.elanus.rag.knowledge;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;

/** A chunk in the words of {@code /v1}, inside of an object that is open. */
public final class ChunkJson {
  private ChunkJson() {}

  /** What it is and says. */
  public static void words(JsonGenerator out, Chunk chunk) throws IOException {
    out.writeStringField("id", chunk.id());
    out.writeStringField("source_id", chunk.sourceId());
    out.writeNumberField("chunk_index", chunk.index());
    out.writeStringField("text", chunk.text());
    out.writeStringField("title", chunk.title());
    out.writeStringField("heading", chunk.heading());
  }

  /** What the user put on it. */
  public static void labels(JsonGenerator out, Chunk chunk) throws IOException {
    out.writeArrayFieldStart("tags");
    for (String tag : chunk.tags()) {
      out.writeString(tag);
    }
    out.writeEndArray();
    out.writeStringField("timestamp", Instant.ofEpochMilli(chunk.timestampMillis()).toString());
    out.writeFieldName("metadata");
    out.writeRawValue(chunk.metadata());
  }
}
