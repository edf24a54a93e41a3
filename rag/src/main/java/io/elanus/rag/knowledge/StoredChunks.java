package io.elanus.rag.knowledge;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads chunks out of rows. */
public final class StoredChunks {
  /** The fields that make a chunk. */
  public static final List<String> FIELDS =
      List.of(
          KnowledgeSchema.ID,
          KnowledgeSchema.SOURCE_ID,
          KnowledgeSchema.CHUNK_INDEX,
          KnowledgeSchema.TEXT,
          KnowledgeSchema.TITLE,
          KnowledgeSchema.HEADING,
          KnowledgeSchema.START,
          KnowledgeSchema.END,
          KnowledgeSchema.DOCUMENT_HASH,
          KnowledgeSchema.TAGS,
          KnowledgeSchema.TIMESTAMP,
          KnowledgeSchema.METADATA);

  private StoredChunks() {}

  /** The chunks of rows that have {@link #FIELDS}, in the order of the rows. */
  public static List<Chunk> of(RowBatch rows) {
    List<Chunk> chunks = new ArrayList<>(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      chunks.add(
          new Chunk(
              text(rows, KnowledgeSchema.ID, row),
              text(rows, KnowledgeSchema.SOURCE_ID, row),
              (int) number(rows, KnowledgeSchema.CHUNK_INDEX, row),
              text(rows, KnowledgeSchema.TEXT, row),
              text(rows, KnowledgeSchema.TITLE, row),
              text(rows, KnowledgeSchema.HEADING, row),
              (int) number(rows, KnowledgeSchema.START, row),
              (int) number(rows, KnowledgeSchema.END, row),
              text(rows, KnowledgeSchema.DOCUMENT_HASH, row),
              tags(rows, row),
              number(rows, KnowledgeSchema.TIMESTAMP, row),
              metadata(rows, row)));
    }
    return chunks;
  }

  private static @Nullable Object value(RowBatch rows, String field, int row) {
    return rows.require(field).get(row);
  }

  private static String text(RowBatch rows, String field, int row) {
    return value(rows, field, row) instanceof String text ? text : "";
  }

  private static long number(RowBatch rows, String field, int row) {
    return value(rows, field, row) instanceof Long number ? number : 0;
  }

  private static List<String> tags(RowBatch rows, int row) {
    List<String> tags = new ArrayList<>();
    if (value(rows, KnowledgeSchema.TAGS, row) instanceof Column array) {
      for (int i = 0; i < array.size(); i++) {
        if (array.get(i) instanceof String tag) {
          tags.add(tag);
        }
      }
    }
    return tags;
  }

  private static String metadata(RowBatch rows, int row) {
    return value(rows, KnowledgeSchema.METADATA, row) instanceof byte[] json
        ? new String(json, StandardCharsets.UTF_8)
        : "{}";
  }
}
