package io.elanus.rag.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.chunk.ChunkSettings;
import java.util.OptionalLong;

/**
 * What is known of an ingested document; its putting is what makes a version the document's. It
 * lies as JSON under {@code document/COLLECTION/ID/record}; beside it, under keys of its version,
 * the bytes and the extracted text (UTF-8).
 *
 * @param labels as the sender gave them
 * @param title that its chunks have
 * @param timestampMillis that its chunks have
 * @param settings that it was cut by, within what the model reads
 * @param characters of the extracted text
 * @param ingestedMillis since 1970
 */
public record DocumentRecord(
    String id,
    Labels labels,
    String hash,
    long bytes,
    String title,
    long timestampMillis,
    ChunkSettings settings,
    int characters,
    int chunks,
    long ingestedMillis,
    String contentKey,
    String textKey) {

  byte[] toJson() {
    ObjectNode json = IngestJson.object();
    json.put("id", id);
    json.set("labels", IngestJson.write(labels));
    json.put("hash", hash);
    json.put("bytes", bytes);
    json.put("title", title);
    json.put("timestamp", timestampMillis);
    json.set("settings", IngestJson.write(settings));
    json.put("characters", characters);
    json.put("chunks", chunks);
    json.put("ingested", ingestedMillis);
    json.put("content_key", contentKey);
    json.put("text_key", textKey);
    return IngestJson.bytes(json);
  }

  static DocumentRecord read(byte[] bytes) {
    ObjectNode json = IngestJson.object(bytes, "the record of a document");
    Labels labels = IngestJson.labels(json.path("labels"));
    if (labels.sourceId().isEmpty()) {
      throw new ElanusException(
          ErrorCode.DATA_CORRUPT, "the record of a document is damaged; ingest the document again");
    }
    return new DocumentRecord(
        json.path("id").asText(),
        labels,
        json.path("hash").asText(),
        json.path("bytes").asLong(),
        json.path("title").asText(),
        json.path("timestamp").asLong(),
        IngestJson.settings(json.path("settings")),
        json.path("characters").asInt(),
        json.path("chunks").asInt(),
        json.path("ingested").asLong(),
        json.path("content_key").asText(),
        json.path("text_key").asText());
  }

  /** Whether ingesting this again would change nothing. */
  boolean isSame(Labels other, String otherHash, ChunkSettings otherSettings) {
    OptionalLong asked = other.timestampMillis();
    return hash.equals(otherHash)
        && settings.equals(otherSettings)
        && (asked.isEmpty() || asked.getAsLong() == timestampMillis)
        && labels.name().equals(other.name())
        && labels.contentType().equals(other.contentType())
        && labels.title().equals(other.title())
        && labels.tags().equals(other.tags())
        && labels.metadata().equals(other.metadata());
  }
}
