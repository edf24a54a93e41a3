package io.elanus.rag.answer.quote;

/**
 * A part of a text.
 *
 * @param start first UTF-16 unit
 * @param end one past the last
 */
public record Span(int start, int end) {
  public String of(String text) {
    return text.substring(start, end);
  }
}
