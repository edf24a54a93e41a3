package io.elanus.store.object.s3;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Keeps a second writer out of a prefix: an object that its holder writes anew again and again. Who
 * finds one watches it; where it does not change for longer than the holder may be silent, the
 * holder is dead, and the watcher takes its place by a write under the condition that it is still
 * the same (so that of several watchers one wins, and a holder that was only asleep is refused at
 * its next renewal). No clock of another machine is read.
 *
 * <pre>
 * LOCK    holder, as one line of text; a line with a number that grows
 * </pre>
 */
public final class S3Lease implements AutoCloseable {
  private static final String KEY = "LOCK";

  private final S3Objects objects;
  private final String holder;
  private String tag;
  private long renewals;
  private boolean closed;

  private S3Lease(S3Objects objects, String holder, String tag) {
    this.objects = objects;
    this.holder = holder;
    this.tag = tag;
  }

  /**
   * How long a holder may be silent.
   *
   * @param watchMillis that another watches before it takes over; several times the other
   */
  public record Timing(long renewMillis, long watchMillis, long lookMillis) {
    public static final Timing DEFAULT = new Timing(10_000, 60_000, 2_000);
  }

  /**
   * Waits for a holder that does not move any more, and not for one that does.
   *
   * @param holder who takes it, for people: machine and process
   * @param isDead whether that holder is known to have died, so that nobody need wait
   * @param waiting is told once whom it waits for
   * @throws ElanusException BUSY where somebody has it and lives
   */
  public static S3Lease take(
      S3Objects objects,
      String holder,
      Timing timing,
      Predicate<String> isDead,
      Consumer<String> waiting,
      ScheduledExecutorService renewing,
      Pause pause) {
    @Nullable String seen = null;
    for (long watched = 0; ; watched += timing.lookMillis) {
      Optional<String> mine = objects.putIf(KEY, content(holder, 0), null);
      if (mine.isPresent()) {
        return begin(new S3Lease(objects, holder, mine.get()), timing, renewing);
      }
      Optional<S3Objects.Tagged> there = objects.tagged(KEY);
      if (there.isEmpty()) {
        continue;
      }
      String other = holder(there.get().content());
      if (seen != null && !seen.equals(there.get().tag())) {
        throw new ElanusException(
            ErrorCode.BUSY,
            "%s is being written to by %s; wait until it is done, or name another prefix"
                .formatted(objects.address(), other));
      }
      if (isDead.test(other) || watched >= timing.watchMillis) {
        mine = objects.putIf(KEY, content(holder, 0), there.get().tag());
        if (mine.isPresent()) {
          return begin(new S3Lease(objects, holder, mine.get()), timing, renewing);
        }
      } else if (seen == null) {
        waiting.accept(other);
      }
      seen = there.get().tag();
      sleep(pause, timing.lookMillis);
    }
  }

  private static S3Lease begin(S3Lease lease, Timing timing, ScheduledExecutorService renewing) {
    var unused =
        renewing.scheduleWithFixedDelay(
            lease::renewQuietly, timing.renewMillis, timing.renewMillis, TimeUnit.MILLISECONDS);
    return lease;
  }

  private static void sleep(Pause pause, long millis) {
    try {
      pause.millis(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.CANCELED, "interrupted", e);
    }
  }

  private static byte[] content(String holder, long renewals) {
    return (holder + "\n" + renewals + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String holder(byte[] content) {
    return new String(content, StandardCharsets.UTF_8).lines().findFirst().orElse("somebody");
  }

  private void renewQuietly() {
    try {
      renew();
    } catch (ElanusException | AwsServiceException e) {
      // The next renewal, or whoever asks before a step that counts, says so.
      return;
    }
  }

  /**
   * Before a step that only the holder may take.
   *
   * @throws ElanusException BUSY where another took over
   */
  public synchronized void renew() {
    if (closed) {
      return;
    }
    renewals++;
    tag =
        objects
            .putIf(KEY, content(holder, renewals), tag)
            .orElseThrow(
                () ->
                    new ElanusException(
                        ErrorCode.BUSY,
                        "%s was taken over by another process, since this one was silent for too long; run it again"
                            .formatted(objects.address())));
  }

  /** Gives it back; one that was taken over stays with its new holder. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      // Nobody takes it over between this look and the deletion: it was renewed a moment ago.
      if (objects.tagged(KEY).filter(there -> there.tag().equals(tag)).isPresent()) {
        objects.delete(KEY);
      }
    }
  }
}
