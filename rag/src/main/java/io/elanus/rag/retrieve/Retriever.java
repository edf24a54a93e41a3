package io.elanus.rag.retrieve;

import io.elanus.model.Caller;

/** Chunks for questions. Safe for many threads; calls block. */
@FunctionalInterface
public interface Retriever {
  /**
   * Only rows that the caller may see are looked at. Fails with {@code ElanusException}; where a
   * stage can be gone without (a reranker that is down), goes on and says so in the answer.
   */
  Found find(Caller caller, Question question);
}
