package io.elanus.app.bench;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A thread that does something beside a measurement until it is closed. What it wrote is seen by
 * who closed it.
 */
final class Aside implements AutoCloseable {
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final String name;
  private final Thread thread;
  private volatile @Nullable RuntimeException failure;

  /** What is done again and again. */
  interface Round {
    /** Answers in how many nanoseconds the next round is due; below 1 for at once. */
    long run();
  }

  private Aside(String name, Round round) {
    this.name = name;
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(() -> run(round));
  }

  static Aside start(String name, Round round) {
    Aside aside = new Aside(name, round);
    aside.thread.start();
    return aside;
  }

  private void run(Round round) {
    try {
      while (!stopping.await(round.run(), TimeUnit.NANOSECONDS)) {
        // On and on.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** Fails where a round failed: what was measured beside it would be something else. */
  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RuntimeException why = failure;
    if (why != null) {
      throw new ElanusException(ErrorCode.INTERNAL, name + " failed: " + why.getMessage(), why);
    }
  }
}
