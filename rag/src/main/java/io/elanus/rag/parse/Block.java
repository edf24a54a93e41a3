package io.elanus.rag.parse;

/**
 * A stretch of a document's text.
 *
 * @param level of a heading, 1 to 6; 0 for everything else
 * @param start first character in the text, in UTF-16 units
 * @param end one past the last
 */
public record Block(Kind kind, int level, int start, int end) {
  /** What a stretch is; chunkers split each in its own way. */
  public enum Kind {
    HEADING,
    PARAGRAPH,
    LIST,
    TABLE,
    CODE
  }
}
