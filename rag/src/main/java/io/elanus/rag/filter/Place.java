package io.elanus.rag.filter;

import io.elanus.rag.knowledge.KnowledgeSchema;
import java.util.List;

/**
 * Where a value of a chunk lies.
 *
 * @param keys into the metadata, outermost first; empty for everything else
 */
record Place(Kind kind, List<String> keys) {
  /** What can be asked of a place. */
  enum Kind {
    SOURCE_ID(KnowledgeSchema.SOURCE_ID),
    CHUNK_INDEX(KnowledgeSchema.CHUNK_INDEX),
    TAGS(KnowledgeSchema.TAGS),
    TIMESTAMP(KnowledgeSchema.TIMESTAMP),
    TITLE(KnowledgeSchema.TITLE),
    HEADING(KnowledgeSchema.HEADING),
    METADATA(KnowledgeSchema.METADATA);

    final String field;

    Kind(String field) {
      this.field = field;
    }

    boolean isText() {
      return this == SOURCE_ID || this == TITLE || this == HEADING;
    }

    boolean isNumber() {
      return this == CHUNK_INDEX || this == TIMESTAMP;
    }
  }

  Place {
    keys = List.copyOf(keys);
  }

  /** As a user writes it. */
  String name() {
    return keys.isEmpty() ? kind.field : String.join(".", keys);
  }
}
