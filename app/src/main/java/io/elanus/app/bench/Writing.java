package io.elanus.app.bench;

import java.util.concurrent.TimeUnit;

/**
 * Inserts rows at a steady rate until it is closed, in batches a tenth of a second apart: the
 * vectors of the data set again, turned, under keys of their own.
 */
final class Writing implements AutoCloseable {
  private static final int BATCHES_PER_SECOND = 10;

  private final BenchClient client;
  private final DataSet data;
  private final int rowsPerBatch;
  private final long period = TimeUnit.SECONDS.toNanos(1) / BATCHES_PER_SECOND;
  private final Aside thread;
  private long nextKey;
  private long due;
  private long late;

  private Writing(BenchClient client, DataSet data, int rowsPerSecond, long firstKey) {
    this.client = client;
    this.data = data;
    this.rowsPerBatch = Math.max(1, rowsPerSecond / BATCHES_PER_SECOND);
    this.nextKey = firstKey;
    this.due = System.nanoTime();
    this.thread = Aside.start("writing", this::batch);
  }

  /**
   * @param client its own: writes shall not wait behind searches
   * @param firstKey no row has it or a larger one
   */
  static Writing start(BenchClient client, DataSet data, int rowsPerSecond, long firstKey) {
    return new Writing(client, data, rowsPerSecond, firstKey);
  }

  private long batch() {
    int from = (int) (nextKey % data.rows());
    int to = Math.min(data.rows(), from + rowsPerBatch);
    client.insert(BenchClient.rows(data, from, to, nextKey));
    nextKey += to - from;
    due += period;
    long left = due - System.nanoTime();
    if (left <= 0) {
      late++;
      due = System.nanoTime();
    }
    return left;
  }

  /** The first key that was not written; after {@link #close}. */
  long nextKey() {
    return nextKey;
  }

  /**
   * Batches answered after the next one was due: the rate was not reached; after {@link #close}.
   */
  long late() {
    return late;
  }

  /** Fails where a write failed: a row of the table without writes would be another row. */
  @Override
  public void close() {
    thread.close();
  }
}
