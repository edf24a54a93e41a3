package io.elanus.index.binary;

import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import io.elanus.index.cluster.KMeans;
import io.elanus.index.distance.Scorer;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Clusters of bits around centroids of bits, by Lloyd's rounds. Under HAMMING a centroid takes each
 * bit that most of its rows have: k-majority (Grana, Borghesani, Manfredi, Cucchiara 2013, "A fast
 * approach for integrating ORB descriptors in the bag of words model"), which is what faiss's
 * IndexBinaryIVF comes to by training on ±1 and rounding the means. Under JACCARD, where few bits
 * may be set and no majority has any, it takes the most frequent bits, as many as its rows have on
 * average (after the core of Chierichetti, Kumar, Pandey, Vassilvitskii 2010, "Finding the Jaccard
 * median").
 */
public final class BitClusters {
  private static final int ITERATIONS = 8;
  private static final int SAMPLE_PER_CENTROID = 64;
  private static final int REPORT_EVERY = 256;

  private BitClusters() {}

  /**
   * Centroids, shape [k × dim] of bits, in the arena.
   *
   * @param leftOut rows that take no part, ascending
   * @param k at most the number of other rows
   */
  public static VectorData train(
      VectorData data,
      int[] leftOut,
      Metric metric,
      int k,
      long seed,
      Arena arena,
      BuildMonitor monitor) {
    SplittableRandom random = new SplittableRandom(seed);
    int rows = data.count() - leftOut.length;
    int size = (int) Math.min(rows, (long) k * SAMPLE_PER_CENTROID);
    int[] sample = KMeans.sample(data.count(), leftOut, size, random);
    int bytes = Math.toIntExact(data.vectorBytes());
    MemorySegment values = arena.allocate(Math.max(1, (long) k * bytes), 64);
    VectorData centroids = new VectorData(values, k, data.dim(), DataType.BINARY_VECTOR);
    for (int c = 0; c < k; c++) {
      put(data, sample[c], centroids, c);
    }
    int[] previous = new int[0];
    for (int round = 0; round < ITERATIONS; round++) {
      int[] assigned = nearest(data, sample, metric, centroids, done -> monitor.progress(0));
      if (Arrays.equals(assigned, previous)) {
        break;
      }
      recenter(data, sample, assigned, metric, centroids);
      previous = assigned;
    }
    return centroids;
  }

  /** The nearest centroid of each row, the first of equally near ones. */
  public static int[] nearest(
      VectorData data, Metric metric, VectorData centroids, IntConsumer progress) {
    int[] all = new int[data.count()];
    Arrays.setAll(all, row -> row);
    return nearest(data, all, metric, centroids, progress);
  }

  private static int[] nearest(
      VectorData data, int[] rows, Metric metric, VectorData centroids, IntConsumer progress) {
    int[] nearest = new int[rows.length];
    Scorer scorer = Scorer.of(metric, centroids, null);
    float[] distances = new float[centroids.count()];
    for (int i = 0; i < rows.length; i++) {
      scorer.query(data.bits(rows[i])).to(0, distances.length, distances);
      int best = 0;
      for (int c = 1; c < distances.length; c++) {
        if (distances[c] < distances[best]) {
          best = c;
        }
      }
      nearest[i] = best;
      if ((i + 1) % REPORT_EVERY == 0) {
        progress.accept(i + 1);
      }
    }
    return nearest;
  }

  /** Cluster by cluster, so that one row of counts suffices. */
  private static void recenter(
      VectorData data, int[] sample, int[] assigned, Metric metric, VectorData centroids) {
    int[][] members = members(sample, assigned, centroids.count());
    int[] counts = new int[data.dim()];
    byte[] bits = new byte[Math.toIntExact(data.vectorBytes())];
    int[] given = new int[members.length];
    for (int c = 0; c < members.length; c++) {
      if (members[c].length == 0) {
        // An empty cluster gets a row of the one that is largest for the pieces it has by now.
        int largest = largest(members, given);
        put(data, members[largest][given[largest]++], centroids, c);
        continue;
      }
      Arrays.fill(counts, 0);
      for (int row : members[c]) {
        data.copy(row, bits);
        for (int d = 0; d < counts.length; d++) {
          counts[d] += bits[d >>> 3] >>> (d & 7) & 1;
        }
      }
      byte[] center =
          metric == Metric.JACCARD
              ? frequent(counts, members[c].length)
              : majority(counts, members[c].length);
      MemorySegment.copy(
          center, 0, centroids.values(), ValueLayout.JAVA_BYTE, centroids.offset(c), center.length);
    }
  }

  private static int[][] members(int[] sample, int[] assigned, int clusters) {
    int[] sizes = new int[clusters];
    for (int c : assigned) {
      sizes[c]++;
    }
    int[][] members = new int[clusters][];
    Arrays.setAll(members, c -> new int[sizes[c]]);
    for (int i = sample.length - 1; i >= 0; i--) {
      members[assigned[i]][--sizes[assigned[i]]] = sample[i];
    }
    return members;
  }

  private static int largest(int[][] members, int[] given) {
    int largest = 0;
    for (int c = 1; c < members.length; c++) {
      // Sizes per piece, compared crosswise; who has given all its rows has no more.
      long own = members[c].length * (1L + given[largest]);
      long best = members[largest].length * (1L + given[c]);
      if (given[c] < members[c].length
          && (own > best || given[largest] >= members[largest].length)) {
        largest = c;
      }
    }
    return largest;
  }

  private static byte[] majority(int[] counts, int rows) {
    byte[] bits = new byte[counts.length / 8];
    for (int d = 0; d < counts.length; d++) {
      if (2L * counts[d] > rows) {
        bits[d >>> 3] |= (byte) (1 << (d & 7));
      }
    }
    return bits;
  }

  private static byte[] frequent(int[] counts, int rows) {
    long set = 0;
    for (int count : counts) {
      set += count;
    }
    int wanted = (int) Math.min(counts.length, (set + rows / 2) / rows);
    int[] sorted = counts.clone();
    Arrays.sort(sorted);
    int least = wanted == 0 ? Integer.MAX_VALUE : Math.max(1, sorted[counts.length - wanted]);
    byte[] bits = new byte[counts.length / 8];
    for (int d = 0; d < counts.length; d++) {
      if (counts[d] >= least) {
        bits[d >>> 3] |= (byte) (1 << (d & 7));
      }
    }
    return bits;
  }

  private static void put(VectorData data, int row, VectorData centroids, int c) {
    MemorySegment.copy(
        data.values(),
        data.offset(row),
        centroids.values(),
        centroids.offset(c),
        data.vectorBytes());
  }
}
