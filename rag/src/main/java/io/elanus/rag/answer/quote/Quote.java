package io.elanus.rag.answer.quote;

/**
 * A sentence, exactly as a passage has it.
 *
 * @param passage which one, from 0
 * @param span in the passage's text
 * @param score larger is nearer to the question; comparable inside one answer only
 */
public record Quote(int passage, Span span, double score) {}
