package io.elanus.rag.filter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a filter can be asked of: the fields of one chunk, or of the document whose chunks will have
 * them.
 *
 * @param timestampMillis since 1970
 * @param metadata the user's own, an object
 */
public record DocumentFields(
    String sourceId,
    int chunkIndex,
    List<String> tags,
    long timestampMillis,
    String title,
    String heading,
    JsonNode metadata) {
  public DocumentFields {
    tags = List.copyOf(tags);
  }
}
