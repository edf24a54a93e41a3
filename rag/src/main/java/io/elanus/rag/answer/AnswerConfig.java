package io.elanus.rag.answer;

/**
 * How answers are made.
 *
 * @param topK passages that are looked for
 * @param promptTokensMax of template, passages, question and earlier turns together
 * @param answerTokensMax that a generator may write
 * @param cosineFloor least cosine to the question of a passage that may answer it
 * @param wordsFloor or, in its stead, least share of the question's words that the passage has
 * @param quotesMax sentences of an answer that quotes
 */
public record AnswerConfig(
    PromptTemplate template,
    int topK,
    int promptTokensMax,
    int answerTokensMax,
    double cosineFloor,
    double wordsFloor,
    int quotesMax) {
  public static final AnswerConfig DEFAULT =
      new AnswerConfig(PromptTemplate.DEFAULT, 8, 3_000, 700, 0.3, 0.5, 4);
}
