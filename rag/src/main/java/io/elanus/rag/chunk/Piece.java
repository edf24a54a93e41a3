package io.elanus.rag.chunk;

/**
 * A stretch of a document's text that becomes a chunk.
 *
 * @param start first character, in UTF-16 units; never inside a surrogate pair
 * @param end one past the last
 * @param heading the headings above it, outermost first, joined by {@code " > "}
 */
public record Piece(int start, int end, String heading) {}
