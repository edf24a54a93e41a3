package io.elanus.rag.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.chunk.ChunkSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The parts that records of jobs and of documents share, as JSON. */
public final class IngestJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private IngestJson() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  static ObjectNode object(byte[] bytes, String what) {
    try {
      if (MAPPER.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.DATA_CORRUPT, what + " is damaged; ingest its documents again", e);
    }
    throw new ElanusException(
        ErrorCode.DATA_CORRUPT, what + " is damaged; ingest its documents again");
  }

  /** A JSON text that is known to be one. */
  public static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("metadata was checked to be JSON", e);
    }
  }

  public static ObjectNode write(Labels labels) {
    ObjectNode json = object();
    json.put("source_id", labels.sourceId());
    json.put("name", labels.name());
    json.put("content_type", labels.contentType());
    json.put("title", labels.title());
    labels.tags().forEach(json.putArray("tags")::add);
    labels.timestampMillis().ifPresent(millis -> json.put("timestamp", millis));
    json.put("metadata", labels.metadata());
    return json;
  }

  static Labels labels(JsonNode json) {
    List<String> tags = new ArrayList<>();
    json.path("tags").forEach(tag -> tags.add(tag.asText()));
    return new Labels(
        json.path("source_id").asText(),
        json.path("name").asText(),
        json.path("content_type").asText(),
        json.path("title").asText(),
        tags,
        json.has("timestamp")
            ? OptionalLong.of(json.path("timestamp").asLong())
            : OptionalLong.empty(),
        json.path("metadata").asText("{}"));
  }

  public static ObjectNode write(ChunkSettings settings) {
    ObjectNode json = object();
    json.put("chunker", settings.kind().spelled());
    json.put("tokens", settings.tokens());
    json.put("overlap", settings.overlap());
    json.put("percentile", settings.percentile());
    return json;
  }

  static ChunkSettings settings(JsonNode json) {
    return new ChunkSettings(
        ChunkSettings.Kind.named(json.path("chunker").asText()),
        json.path("tokens").asInt(),
        json.path("overlap").asInt(),
        json.path("percentile").asInt());
  }
}
