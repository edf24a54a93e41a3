package io.elanus.rag.ingest.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.chunk.ChunkSettings;
import io.elanus.rag.ingest.IngestLimits;
import io.elanus.rag.ingest.Labels;
import io.elanus.rag.knowledge.KnowledgeSchema;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Checks what senders say of documents; every refusal names the value. */
final class LabelsReader {
  private static final int NESTING_MAX = 32;
  private static final int NAME_BYTES_MAX = 1024;
  private static final int TYPE_BYTES_MAX = 256;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(NESTING_MAX).build());
  }

  private final IngestLimits limits;

  LabelsReader(IngestLimits limits) {
    this.limits = limits;
  }

  /** As senders write them; null for what is not said. */
  record Said(
      @Nullable String sourceId,
      @Nullable String name,
      @Nullable String contentType,
      @Nullable String title,
      List<String> tags,
      @Nullable String timestamp,
      @Nullable JsonNode metadata) {}

  Labels read(Said said) {
    String source = said.sourceId() == null ? said.name() : said.sourceId();
    if (source == null || source.isBlank()) {
      throw new ElanusException(
          ErrorCode.MISSING_ARGUMENT, "a document has no source_id; give it one of its own");
    }
    bounded("source_id", source, KnowledgeSchema.SOURCE_ID_BYTES_MAX);
    List<String> tags = said.tags();
    if (tags.size() > KnowledgeSchema.TAGS_MAX) {
      throw bad(
          "the document %s has %d tags, and %d is the most"
              .formatted(source, tags.size(), KnowledgeSchema.TAGS_MAX));
    }
    tags.forEach(tag -> bounded("tag", tag, KnowledgeSchema.TAG_BYTES_MAX));
    return new Labels(
        source,
        text("name", said.name(), NAME_BYTES_MAX),
        text("content_type", said.contentType(), TYPE_BYTES_MAX),
        text("title", said.title(), KnowledgeSchema.TITLE_BYTES_MAX),
        tags,
        timestamp(said.timestamp()),
        metadata(source, said.metadata()));
  }

  private static String text(String field, @Nullable String value, int bytesMax) {
    return value == null ? "" : bounded(field, value, bytesMax);
  }

  private static String bounded(String field, String value, int bytesMax) {
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > bytesMax) {
      throw bad(
          "the %s %s… has %d bytes, and %d is the most"
              .formatted(field, value.substring(0, 40), bytes, bytesMax));
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean half =
          Character.isHighSurrogate(c)
              ? i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1))
              : Character.isLowSurrogate(c)
                  && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
      if (half || Character.isISOControl(c)) {
        throw bad("the %s at its character %d has one that is no text".formatted(field, i));
      }
    }
    return value;
  }

  private static OptionalLong timestamp(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return OptionalLong.empty();
    }
    if (text.matches("-?\\d{1,15}")) {
      return OptionalLong.of(Long.parseLong(text));
    }
    try {
      if (text.matches("\\d{4}-\\d{2}-\\d{2}")) {
        return OptionalLong.of(
            LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli());
      }
      Instant instant =
          text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
      return OptionalLong.of(instant.toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      throw bad(
          "the timestamp %s is neither a date such as 2026-01-31 or 2026-01-31T10:00:00Z nor milliseconds since 1970"
              .formatted(text.substring(0, Math.min(60, text.length()))));
    }
  }

  private String metadata(String source, @Nullable JsonNode metadata) {
    if (metadata == null || metadata.isNull()) {
      return "{}";
    }
    if (!(metadata instanceof ObjectNode)) {
      throw bad("the metadata of %s must be a JSON object".formatted(source));
    }
    String json = metadata.toString();
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limits.metadataBytesMax()) {
      throw bad(
          "the metadata of %s has %d bytes, and %d is the most"
              .formatted(source, bytes, limits.metadataBytesMax()));
    }
    return json;
  }

  static JsonNode json(String field, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw bad("%s is not JSON: %s".formatted(field, e.getOriginalMessage()));
    }
  }

  static List<String> tags(@Nullable JsonNode json) {
    List<String> tags = new ArrayList<>();
    if (json == null || json.isNull()) {
      return tags;
    }
    if (!json.isArray()) {
      throw bad("tags must be a list of texts");
    }
    for (JsonNode tag : json) {
      if (!tag.isTextual()) {
        throw bad("tags must be a list of texts");
      }
      tags.add(tag.textValue());
    }
    return tags;
  }

  /** From texts as forms and addresses have them; null for what is not said. */
  static ChunkSettings settings(
      @Nullable String chunker,
      @Nullable String tokens,
      @Nullable String overlap,
      @Nullable String percentile) {
    ChunkSettings.Kind kind =
        chunker == null ? ChunkSettings.Kind.HEADING : ChunkSettings.Kind.named(chunker);
    int most = number("tokens", tokens, ChunkSettings.TOKENS_DEFAULT);
    return new ChunkSettings(
        kind,
        most,
        number("overlap", overlap, most / 10),
        number("percentile", percentile, ChunkSettings.PERCENTILE_DEFAULT));
  }

  static int number(String field, @Nullable String text, int absent) {
    if (text == null || text.isEmpty()) {
      return absent;
    }
    if (!text.matches("\\d{1,9}")) {
      throw bad("%s must be a number, got %s".formatted(field, text));
    }
    return Integer.parseInt(text);
  }

  static ElanusException bad(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
