package io.elanus.app.bench;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks a few times a second whether rows wait for their index, until it is closed: a figure made
 * beside writes says nothing about builds unless some were under way.
 */
final class BuildWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 250;

  private final BenchClient client;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable RuntimeException failure;
  private int looks;
  private int building;

  private BuildWatch(BenchClient client) {
    this.client = client;
    this.thread = Thread.ofPlatform().name("watching builds").daemon(true).unstarted(this::run);
  }

  static BuildWatch start(BenchClient client) {
    BuildWatch watch = new BuildWatch(client);
    watch.thread.start();
    return watch;
  }

  private void run() {
    try {
      do {
        int now = client.pendingRows() > 0 ? 1 : 0;
        looks++;
        building += now;
      } while (!stopping.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** The share of the time in which sealed rows had no index yet; after {@link #close}. */
  double share() {
    return (double) building / Math.max(1, looks);
  }

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
      throw new ElanusException(
          ErrorCode.INTERNAL, "the index could not be looked at: " + why.getMessage(), why);
    }
  }
}
