package io.elanus.rag.reembed;

import io.elanus.model.Caller;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Retriever;
import java.util.List;

/**
 * Answers as the retriever inside does; says that somebody asks, and hands the question on once it
 * is answered.
 */
public final class ShadowedRetriever implements Retriever {
  private final Retriever inner;
  private final Activity activity;
  private volatile Shadow shadow = (caller, question) -> {};

  /** Takes what was asked, at once and without fail. */
  @FunctionalInterface
  public interface Shadow {
    void asked(Caller caller, Question question);
  }

  public ShadowedRetriever(Retriever inner, Activity activity) {
    this.inner = inner;
    this.activity = activity;
  }

  /** From here on. */
  public void follow(Shadow follower) {
    shadow = follower;
  }

  @Override
  public Found find(Caller caller, Question question) {
    Found found;
    activity.begin();
    try {
      found = inner.find(caller, question);
    } finally {
      activity.end();
    }
    shadow.asked(caller, question);
    return found;
  }

  @Override
  public List<Found> findAll(Caller caller, List<Question> questions) {
    List<Found> all;
    activity.begin();
    try {
      all = inner.findAll(caller, questions);
    } finally {
      activity.end();
    }
    questions.forEach(question -> shadow.asked(caller, question));
    return all;
  }
}
