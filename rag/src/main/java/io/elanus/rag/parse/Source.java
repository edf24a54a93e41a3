package io.elanus.rag.parse;

/**
 * A document as it came.
 *
 * @param name of its file or page, for its extension; may be anything
 * @param contentType as the sender says, possibly with a charset; empty where he says nothing
 */
public record Source(String name, String contentType, byte[] content) {}
