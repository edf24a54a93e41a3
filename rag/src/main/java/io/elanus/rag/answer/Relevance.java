package io.elanus.rag.answer;

import io.elanus.rag.answer.quote.Words;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.retrieve.Passage;

/**
 * Whether a passage has to do with the question at all. Ranks cannot say: something is always
 * first. The cosine of the vectors can, and for passages that were found by their words alone, how
 * many of the question's they have.
 */
final class Relevance {
  private Relevance() {}

  static boolean passes(String question, Passage passage, AnswerConfig config) {
    double cosine = passage.why().dense().score().orElse(-1);
    if (cosine >= config.cosineFloor()) {
      return true;
    }
    Chunk chunk = passage.chunk();
    String text = chunk.title() + "\n" + chunk.heading() + "\n" + chunk.text();
    return Words.share(question, text) >= config.wordsFloor();
  }
}
