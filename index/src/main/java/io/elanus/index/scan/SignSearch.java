package io.elanus.index.scan;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorQuery;
import io.elanus.index.code.CodeSpace;
import io.elanus.index.distance.Scorer;
import io.elanus.kernel.sign.SignQuery;
import io.elanus.kernel.sign.SignScan;
import java.util.Arrays;

/**
 * The nearest allowed rows by codes, then by vectors: a code says how near its row may be at least,
 * and rows are measured in that order until the next one cannot be among the nearest. How sure that
 * is follows the recall that is wanted. Holds its scratch memory, so each thread has its own.
 */
final class SignSearch {
  /** Rows measured at once. */
  private static final int BATCH = 16;

  /** Rows that wait to be measured, so many and for each one wanted; most never are. */
  private static final int WAITING = 128;

  private static final int WAITING_TIMES = 24;

  /** So many rows tell how near the nearest of all are. */
  private static final int SAMPLE = 256;

  /** Normal deviations that are exceeded with these probabilities. */
  private static final double[] MISSES = {0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001};

  private static final double[] DEVIATIONS = {
    0.253, 0.524, 0.842, 1.282, 1.645, 2.054, 2.326, 2.576, 3.09
  };

  private final RowSigns signs;
  private final SignScan scan = SignScan.best();
  private final SignScan.Found found = new SignScan.Found();
  private final SignQuery ready;
  private final int[] batch = new int[BATCH];
  private final float[] distances = new float[BATCH];
  private long[] waiting = new long[SignScan.ROWS_PER_CALL];
  private int size;
  private CodeSpace.Query placed = new CodeSpace.Query(new float[0], 1, 0);
  private float bound;
  private long measured;

  SignSearch(RowSigns signs) {
    this.signs = signs;
    this.ready = new SignQuery(signs.rows().bits());
  }

  /** Rows measured by their vectors in the last search. */
  long measured() {
    return measured;
  }

  /**
   * Searches.
   *
   * @param allowed those of the query
   * @param scorer has the query set
   * @param query unbounded
   * @param recall that is wanted of the answer
   */
  Neighbors search(RowBitmap allowed, Scorer scorer, VectorQuery query, double recall) {
    prepare(query, recall);
    NearestHeap nearest = new NearestHeap(Math.min(query.limit(), query.allowedCount()));
    bound = Float.POSITIVE_INFINITY;
    size = 0;
    measured = 0;
    float reach = gather(allowed, query.allowedCount(), query.limit());
    answer(scorer, nearest);
    if (bound > reach) {
      // More rows may be near enough than waited: those at the reach and beyond come now.
      for (int first = 0; first < allowed.size(); first += SignScan.ROWS_PER_CALL) {
        add(scan.scan(ready, signs.rows(), allowed.words(), first, bound, found), reach);
      }
      answer(scorer, nearest);
    }
    return nearest.drain();
  }

  /**
   * Lets the nearest rows by their codes wait, about as many as will be measured; the first rows
   * tell how near those are.
   *
   * @return rows below wait
   */
  private float gather(RowBitmap allowed, int allowedCount, int limit) {
    float reach = Float.POSITIVE_INFINITY;
    int wanted = WAITING + WAITING_TIMES * limit;
    for (int first = 0; first < allowed.size(); first += SignScan.ROWS_PER_CALL) {
      add(
          scan.scan(ready, signs.rows(), allowed.words(), first, reach, found),
          Float.NEGATIVE_INFINITY);
      if (reach == Float.POSITIVE_INFINITY && size >= SAMPLE) {
        int rank = (int) ((long) wanted * SAMPLE / allowedCount);
        if (rank < SAMPLE) {
          reach = sampled(rank);
          drop(reach);
        }
      }
    }
    return reach;
  }

  /** How near the row is that so many of the sample are nearer than. */
  private float sampled(int rank) {
    long[] sample = Arrays.copyOf(waiting, SAMPLE);
    int low = 0;
    int high = SAMPLE - 1;
    while (low < high) {
      long pivot = sample[(low + high) >>> 1];
      int i = low;
      int j = high;
      while (i <= j) {
        while (sample[i] < pivot) {
          i++;
        }
        while (sample[j] > pivot) {
          j--;
        }
        if (i <= j) {
          long swapped = sample[i];
          sample[i++] = sample[j];
          sample[j--] = swapped;
        }
      }
      if (rank <= j) {
        high = j;
      } else if (rank >= i) {
        low = i;
      } else {
        break;
      }
    }
    return low(sample[rank]);
  }

  /** Measures what waits, nearest first, until the next one cannot be among the nearest. */
  private void answer(Scorer scorer, NearestHeap nearest) {
    order();
    while (measure(scorer, nearest)) {}
    size = 0;
  }

  private void prepare(VectorQuery query, double recall) {
    CodeSpace space = signs.space();
    boolean euclidean = space.euclidean();
    placed = space.query(query.vector(), euclidean ? signs.center() : new float[space.width()]);
    float[] vector = placed.vector();
    double squared = 0;
    double along = 0;
    double widest = 0;
    for (int d = 0; d < vector.length; d++) {
      squared += (double) vector[d] * vector[d];
      along += (double) vector[d] * signs.center()[d];
      widest = Math.max(widest, Math.abs(vector[d]));
    }
    // Rounding the query to 16 values errs by a twelfth of a step, squared, for each coordinate.
    double step = 2 * widest / 15;
    double deviation =
        Math.sqrt(signs.spread() * signs.spread() * squared + step * step * ready.bits() / 12);
    double times = euclidean ? 2 : 1;
    double slack = times * deviations(recall) * deviation;
    double base = euclidean ? squared : -along;
    scan.prepare(ready, vector, (float) base, (float) times, (float) slack);
  }

  /**
   * How many deviations an estimate may err by before a row is lost. Where rows lie all over, half
   * as many misses were enough: most of an answer is nearer than its last row. But rows that lie in
   * one place err together.
   */
  private static double deviations(double recall) {
    double miss = Math.clamp(1 - recall, MISSES[MISSES.length - 1], MISSES[0]);
    int below = 1;
    while (MISSES[below] > miss) {
      below++;
    }
    double t = Math.log(MISSES[below - 1] / miss) / Math.log(MISSES[below - 1] / MISSES[below]);
    return DEVIATIONS[below - 1] + t * (DEVIATIONS[below] - DEVIATIONS[below - 1]);
  }

  /** Lets those that were found wait, but for the ones below {@code from}. */
  private void add(int n, float from) {
    if (size + n > waiting.length) {
      waiting = Arrays.copyOf(waiting, Math.max(size + n, 2 * waiting.length));
    }
    int[] rows = found.rows();
    float[] lows = found.lows();
    for (int i = 0; i < n; i++) {
      if (lows[i] >= from) {
        waiting[size++] = key(lows[i], rows[i]);
      }
    }
  }

  /** Measures the next few; answers whether there were any that may be near enough. */
  private boolean measure(Scorer scorer, NearestHeap nearest) {
    int n = 0;
    while (n < BATCH && size > 0 && low(waiting[0]) < bound) {
      batch[n++] = (int) waiting[0];
      pop();
    }
    if (n == 0) {
      return false;
    }
    scorer.to(batch, n, distances);
    measured += n;
    for (int i = 0; i < n; i++) {
      nearest.offer(distances[i], batch[i]);
    }
    if (nearest.isFull()) {
      bound = (float) ((nearest.worst() - placed.shift()) / placed.scale());
    }
    return true;
  }

  /** Drops those at the reach and beyond. */
  private void drop(float reach) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (low(waiting[i]) < reach) {
        waiting[kept++] = waiting[i];
      }
    }
    size = kept;
  }

  /** Makes a heap of those that wait. */
  private void order() {
    for (int at = size / 2 - 1; at >= 0; at--) {
      sink(at, waiting[at]);
    }
  }

  private void pop() {
    long last = waiting[--size];
    if (size > 0) {
      sink(0, last);
    }
  }

  private void sink(int from, long key) {
    int at = from;
    int child = 2 * at + 1;
    while (child < size) {
      if (child + 1 < size && waiting[child + 1] < waiting[child]) {
        child++;
      }
      if (waiting[child] >= key) {
        break;
      }
      waiting[at] = waiting[child];
      at = child;
      child = 2 * at + 1;
    }
    waiting[at] = key;
  }

  /** Orders by distance, then by row. */
  private static long key(float low, int row) {
    int bits = Float.floatToRawIntBits(low);
    return (long) (bits ^ (bits >> 31 & 0x7fffffff)) << 32 | row;
  }

  private static float low(long key) {
    int bits = (int) (key >> 32);
    return Float.intBitsToFloat(bits ^ (bits >> 31 & 0x7fffffff));
  }
}
