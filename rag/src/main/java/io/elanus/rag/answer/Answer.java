package io.elanus.rag.answer;

import io.elanus.rag.answer.quote.Span;
import io.elanus.rag.knowledge.Chunk;
import java.util.List;

/**
 * An answer and what it rests on.
 *
 * @param passages that it may cite
 * @param cited numbers of those that it does, ascending
 * @param quotes where it quotes: in the order of the text
 * @param unknownCitations numbers that the generator cited and that are not there; they were taken
 *     out
 * @param uncited sentences of a generated text without a citation
 * @param left passages that were found and not used
 * @param cut whether the generator stopped at its limit
 * @param degraded sentences about what did not work as asked
 */
public record Answer(
    String text,
    Mode mode,
    String model,
    List<NumberedPassage> passages,
    List<Integer> cited,
    List<Quotation> quotes,
    List<Integer> unknownCitations,
    List<Span> uncited,
    List<Left> left,
    boolean cut,
    List<String> degraded,
    Usage usage,
    Timings timings) {
  /** Who wrote it. */
  public enum Mode {
    /** A generator. */
    GENERATED,
    /** Nobody: sentences of the passages. */
    EXTRACTIVE,
    /** Nobody: nothing that was found has to do with the question, or answers it. */
    UNKNOWN
  }

  /**
   * A sentence of a passage.
   *
   * @param number the passage's
   * @param passageSpan in the chunk's text
   * @param answerSpan in the answer's
   */
  public record Quotation(int number, Span passageSpan, Span answerSpan, double score) {}

  /** A passage that was found and not used. */
  public record Left(Chunk chunk, Reason reason) {}

  /** Why it was not. */
  public enum Reason {
    /** It has too little to do with the question. */
    FLOOR,
    /** The prompt had no room. */
    BUDGET
  }

  /** As the provider counted; where it does not say, and for quotes, as the embedder does. */
  public record Usage(int promptTokens, int answerTokens) {}

  /**
   * @param firstNanos from the question to the first piece of the text
   */
  public record Timings(long retrievalNanos, long firstNanos, long totalNanos) {}
}
