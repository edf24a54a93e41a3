package io.elanus.rag.retrieve;

import io.elanus.model.query.Filter;

/**
 * What is asked.
 *
 * @param collection name or alias of a collection of chunks
 * @param text the query in words
 * @param topK most passages, or with {@code byDocument} most documents
 * @param filter the caller's own, beside the mandatory one
 * @param mode which ways of searching are fused
 * @param neighbours chunks before and after each hit to bring along
 * @param byDocument one passage per document, its best
 * @param diversity 0 ranks by relevance alone; towards 1 passages unlike those before come first
 *     (maximal marginal relevance, Carbonell and Goldstein 1998; their λ is 1 − diversity)
 * @param rerank whether a configured reranker orders the candidates
 * @param tuning numbers that most questions leave alone
 */
public record Question(
    String collection,
    String text,
    int topK,
    Filter filter,
    Mode mode,
    int neighbours,
    boolean byDocument,
    double diversity,
    boolean rerank,
    Tuning tuning) {
  /** How candidates are found. */
  public enum Mode {
    HYBRID,
    DENSE,
    TEXT
  }

  public static Question of(String collection, String text, int topK) {
    return new Question(
        collection, text, topK, Filter.ALL, Mode.HYBRID, 0, false, 0, true, Tuning.DEFAULT);
  }

  public Question withCollection(String value) {
    return new Question(
        value, text, topK, filter, mode, neighbours, byDocument, diversity, rerank, tuning);
  }

  public Question withText(String value) {
    return new Question(
        collection, value, topK, filter, mode, neighbours, byDocument, diversity, rerank, tuning);
  }

  public Question withMode(Mode value) {
    return new Question(
        collection, text, topK, filter, value, neighbours, byDocument, diversity, rerank, tuning);
  }

  public Question withFilter(Filter value) {
    return new Question(
        collection, text, topK, value, mode, neighbours, byDocument, diversity, rerank, tuning);
  }

  public Question withNeighbours(int value) {
    return new Question(
        collection, text, topK, filter, mode, value, byDocument, diversity, rerank, tuning);
  }
}
