package io.elanus.rag.reembed;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.time.Duration;

/**
 * Stays behind questions and under a rate. A batch waits for a quiet moment, though not for ever: a
 * server that is asked all day has its collections embedded all the same.
 */
final class Manners {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private final Activity activity;
  private final int textsPerSecond;
  private long freeNanos;

  /**
   * @param textsPerSecond most texts handed to the model; 0 for as many as it takes
   */
  Manners(Activity activity, int textsPerSecond) {
    this.activity = activity;
    this.textsPerSecond = textsPerSecond;
    this.freeNanos = activity.nanos();
  }

  /** Before a batch of that many texts; on one thread at a time. */
  void beforeTexts(int count) {
    try {
      boolean unused = activity.awaitQuiet(LONGEST_WAIT);
      if (textsPerSecond > 0) {
        long now = activity.nanos();
        if (freeNanos > now) {
          activity.pause(Duration.ofNanos(freeNanos - now));
        }
        freeNanos = Math.max(now, freeNanos) + count * 1_000_000_000L / textsPerSecond;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.NOT_READY, "the server is stopping", e);
    }
  }
}
