package io.elanus.rag.cache;

import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.rag.retrieve.Question;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Finds popular answers anew when nobody asks anything: after a write, the next who asks does not
 * wait. Each for the caller who asked last, under that caller's policy as it is now.
 */
public final class Prefetch {
  private static final int QUESTIONS_MAX = 32;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CachedRetriever retriever;
  private final AccessLog log;
  private final InstantSource clock;

  public Prefetch(CachedRetriever retriever, AccessLog log, InstantSource clock) {
    this.retriever = retriever;
    this.log = log;
    this.clock = clock;
  }

  /** To be called every few seconds; stops where somebody begins to ask. */
  public void tick() {
    if (!log.isIdle()) {
      return;
    }
    for (AccessLog.Asked asked : log.popular(QUESTIONS_MAX)) {
      renew(asked.caller(), asked.question());
      if (!log.isIdle()) {
        return;
      }
    }
  }

  /** Warms a question up, as this caller asks it; one that fails is left to whoever asks it. */
  public boolean renew(Caller caller, Question question) {
    Caller patient =
        new Caller(
            caller.principal(),
            caller.database(),
            caller.attributes(),
            clock.instant().plus(PATIENCE));
    try {
      retriever.renew(patient, question);
      return true;
    } catch (ElanusException e) {
      return false;
    }
  }
}
