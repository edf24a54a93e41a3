package io.elanus.rag.knowledge;

import java.util.List;

/**
 * A piece of a document, as it lies in a collection.
 *
 * @param id the primary key; the same for the same text of the same document
 * @param sourceId the document
 * @param index of this chunk in its document, from 0
 * @param text what is searched, and embedded under what stands above it
 * @param title of the document; empty where it has none
 * @param heading the headings above the chunk, outermost first, joined by {@code " > "}
 * @param start first character of the chunk in the document's extracted text, in UTF-16 units
 * @param end one past the last
 * @param documentHash SHA-256 of the document's bytes, hexadecimal
 * @param tags in the user's order
 * @param timestampMillis the document's, since 1970
 * @param metadata the user's own, a JSON object
 */
public record Chunk(
    String id,
    String sourceId,
    int index,
    String text,
    String title,
    String heading,
    int start,
    int end,
    String documentHash,
    List<String> tags,
    long timestampMillis,
    String metadata) {
  public Chunk {
    tags = List.copyOf(tags);
  }

  /**
   * What the vector is made of: the text under its headings, and under the title where the headings
   * do not begin with it. A passage from the middle of a document seldom says what it is about; the
   * words above it do.
   */
  public String embedded() {
    boolean titled = title.isBlank() || heading.startsWith(title);
    String above = titled ? heading : heading.isBlank() ? title : title + " > " + heading;
    return above.isBlank() ? text : above + "\n" + text;
  }
}
