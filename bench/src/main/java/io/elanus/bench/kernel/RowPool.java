package io.elanus.bench.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/**
 * Rows to measure, and which ones next. Each batch takes other rows than the one before: out of 64
 * MiB they come from memory, as in a search; out of 256 KiB from the second cache, so that the
 * arithmetic shows.
 */
final class RowPool implements AutoCloseable {
  /** As many as a node of a graph has neighbours. */
  static final int BATCH = 32;

  static final long SEED = 1;

  private static final int DRAWS = 4096;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment all;
  private final int count;
  private final int[][] ids;
  private int first;
  private int draw;
  private int one;

  /**
   * @param pool "cache" or "memory"
   */
  RowPool(String pool, long rowBytes) {
    long bytes = pool.equals("cache") ? 256L << 10 : 64L << 20;
    count = (int) (bytes / rowBytes);
    all = arena.allocate(rowBytes * count, 64);
    Random random = new Random(SEED);
    ids = new int[DRAWS][];
    for (int i = 0; i < DRAWS; i++) {
      ids[i] = random.ints(BATCH, 0, count).toArray();
    }
  }

  MemorySegment all() {
    return all;
  }

  int count() {
    return count;
  }

  int nextFirst() {
    first += BATCH;
    if (first + BATCH > count) {
      first = 0;
    }
    return first;
  }

  int[] nextIds() {
    draw = (draw + 1) % DRAWS;
    return ids[draw];
  }

  /** One row at a time, over the same draws. */
  int nextId() {
    one = (one + 1) % (DRAWS * BATCH);
    return ids[one / BATCH][one % BATCH];
  }

  @Override
  public void close() {
    arena.close();
  }
}
