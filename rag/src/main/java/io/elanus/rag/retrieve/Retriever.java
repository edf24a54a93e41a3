package io.elanus.rag.retrieve;

import io.elanus.model.Caller;
import java.util.ArrayList;
import java.util.List;

/** Chunks for questions. Safe for many threads; calls block. */
@FunctionalInterface
public interface Retriever {
  /**
   * Only rows that the caller may see are looked at. Fails with {@code ElanusException}; where a
   * stage can be gone without (a reranker that is down), goes on and says so in the answer.
   */
  Found find(Caller caller, Question question);

  /** Answers in the order of the questions, each as {@link #find} gives it; all or none. */
  default List<Found> findAll(Caller caller, List<Question> questions) {
    List<Found> all = new ArrayList<>();
    for (Question question : questions) {
      all.add(find(caller, question));
    }
    return all;
  }
}
