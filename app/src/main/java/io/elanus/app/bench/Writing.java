package io.elanus.app.bench;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Inserts rows at a steady rate until it is closed, in batches a tenth of a second apart: the
 * vectors of the data set again, turned, under keys of their own.
 */
final class Writing implements AutoCloseable {
  private static final int BATCHES_PER_SECOND = 10;

  private final BenchClient client;
  private final DataSet data;
  private final int rowsPerBatch;
  private final Thread thread;
  private long nextKey;
  private volatile boolean stopping;
  private volatile @Nullable RuntimeException failure;
  private volatile long late;

  private Writing(BenchClient client, DataSet data, int rowsPerSecond, long firstKey) {
    this.client = client;
    this.data = data;
    this.rowsPerBatch = Math.max(1, rowsPerSecond / BATCHES_PER_SECOND);
    this.nextKey = firstKey;
    this.thread = Thread.ofPlatform().name("writing").daemon(true).unstarted(this::run);
  }

  /**
   * @param client its own: writes shall not wait behind searches
   * @param firstKey no row has it or a larger one
   */
  static Writing start(BenchClient client, DataSet data, int rowsPerSecond, long firstKey) {
    Writing writing = new Writing(client, data, rowsPerSecond, firstKey);
    writing.thread.start();
    return writing;
  }

  private void run() {
    long period = 1_000_000_000L / BATCHES_PER_SECOND;
    long due = System.nanoTime();
    try {
      while (!stopping) {
        int from = (int) (nextKey % data.rows());
        int to = Math.min(data.rows(), from + rowsPerBatch);
        client.insert(BenchClient.rows(data, from, to, nextKey));
        nextKey += to - from;
        due += period;
        long left = due - System.nanoTime();
        if (left > 0) {
          LockSupport.parkNanos(left);
        } else {
          late++;
          due = System.nanoTime();
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** The first key that was not written; after {@link #close}. */
  long nextKey() {
    return nextKey;
  }

  /** Batches that were answered after the next one was due: the rate was not reached. */
  long late() {
    return late;
  }

  /** Fails where a write failed: a row of the table without writes would be another row. */
  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RuntimeException why = failure;
    if (why != null) {
      throw new ElanusException(ErrorCode.INTERNAL, "writing failed: " + why.getMessage(), why);
    }
  }
}
