package io.elanus.app.bench;

import java.util.concurrent.TimeUnit;

/**
 * Looks a few times a second whether rows wait for their index, until it is closed: a figure made
 * beside writes says nothing about builds unless some were under way.
 */
final class BuildWatch implements AutoCloseable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final BenchClient client;
  private final Aside thread;
  private int looks;
  private int building;

  private BuildWatch(BenchClient client) {
    this.client = client;
    this.thread = Aside.start("looking at the index", this::look);
  }

  static BuildWatch start(BenchClient client) {
    return new BuildWatch(client);
  }

  private long look() {
    building += client.pendingRows() > 0 ? 1 : 0;
    looks++;
    return PERIOD_NANOS;
  }

  /** The share of the time in which sealed rows had no index yet; after {@link #close}. */
  double share() {
    return (double) building / Math.max(1, looks);
  }

  @Override
  public void close() {
    thread.close();
  }
}
