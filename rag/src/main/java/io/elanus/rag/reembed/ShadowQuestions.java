package io.elanus.rag.reembed;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.rag.reembed.shadow.Pairs;
import io.elanus.rag.retrieve.Question;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * A share of the real questions, asked again of both collections when nobody asks anything else. A
 * question that finds the queue full, or no quiet time, is let go. Words are in memory alone.
 */
public final class ShadowQuestions implements ShadowedRetriever.Shadow {
  private static final int WAITING_MAX = 64;
  private static final Duration QUIET_MOST = Duration.ofSeconds(10);
  private static final Duration BETWEEN = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Reembeddings reembeddings;
  private final Database database;
  private final Activity activity;
  private final Pairs pairs;
  private final double share;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final BlockingQueue<Asked> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final AtomicLong let = new AtomicLong();

  private record Asked(Caller caller, Question question) {}

  /**
   * @param share of the questions, from 0 to 1
   * @param random safe for many threads
   */
  public ShadowQuestions(
      Reembeddings reembeddings,
      Database database,
      Activity activity,
      Pairs pairs,
      double share,
      RandomGenerator random,
      InstantSource clock) {
    this.reembeddings = reembeddings;
    this.database = database;
    this.activity = activity;
    this.pairs = pairs;
    this.share = share;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public void asked(Caller caller, Question question) {
    if (share > 0
        && question.mode() != Question.Mode.TEXT
        && reembeddings.isAnyFollowing()
        && random.nextDouble() < share
        && !waiting.offer(new Asked(caller, question))) {
      let.incrementAndGet();
    }
  }

  /** Questions that were let go. */
  public long letGo() {
    return let.get();
  }

  /** Until interrupted. */
  public void run() {
    try {
      while (true) {
        Asked asked = waiting.take();
        if (activity.awaitQuiet(QUIET_MOST)) {
          ask(asked);
          activity.pause(BETWEEN);
        } else {
          let.incrementAndGet();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(Asked asked) {
    Caller caller =
        new Caller(
            asked.caller().principal(),
            asked.caller().database(),
            asked.caller().attributes(),
            clock.instant().plus(PATIENCE));
    try {
      long id = database.collections().version(caller, asked.question().collection()).id();
      Optional<Reembedding> found = reembeddings.following(id);
      if (found.isPresent()) {
        Reembedding one = found.get();
        Sides sides = reembeddings.sides(one);
        boolean turned = sides.truth().id() != one.head.first();
        String from = (turned ? sides.copy() : sides.truth()).name();
        String to = (turned ? sides.truth() : sides.copy()).name();
        long truth = sides.truth().id();
        pairs.add(
            one.tally,
            caller,
            asked.question(),
            from,
            to,
            () -> reembeddings.sides(one).truth().id() == truth);
      }
    } catch (ElanusException e) {
      // A collection that was dropped, a model that is down: this question shows nothing.
      let.incrementAndGet();
    }
  }
}
