package io.elanus.rag.ingest;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a sender says of a document.
 *
 * @param name of its file, for its format; may be empty
 * @param contentType may be empty
 * @param title goes before the document's own; may be empty
 * @param timestampMillis since 1970; absent: the one it had, else the time of its first ingestion
 * @param metadata a JSON object
 */
public record Labels(
    String sourceId,
    String name,
    String contentType,
    String title,
    List<String> tags,
    OptionalLong timestampMillis,
    String metadata) {
  public Labels {
    tags = List.copyOf(tags);
  }
}
