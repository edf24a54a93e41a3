package io.elanus.index.cluster;

import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Lloyd's k-means under squared Euclidean distance, on a sample, started from random distinct rows;
 * an empty cluster takes a row of the largest one, which the next round then splits.
 */
public final class KMeans {
  private static final int ITERATIONS = 8;

  /** Enough that means settle; Lloyd's rounds cost rows × centroids. */
  private static final int SAMPLE_PER_CENTROID = 64;

  /** With so many rows, or so many per centroid, more of them cost more time than they help. */
  private static final int SAMPLE = 1 << 18;

  private static final int SAMPLE_LEAST = 16;

  private KMeans() {}

  /** Centroids, shape [k × dim], in the arena. */
  public static VectorData train(
      VectorData data, int k, long seed, Arena arena, BuildMonitor monitor) {
    return train(data, new int[0], k, Assignment.ALL_CENTROIDS, seed, arena, monitor);
  }

  /**
   * Centroids, shape [k × dim], in the arena.
   *
   * @param leftOut rows that take no part, ascending; at least {@code k} others are there
   * @param assigner where there are so many that not all can be looked at
   */
  public static VectorData train(
      VectorData data,
      int[] leftOut,
      int k,
      Assigner assigner,
      long seed,
      Arena arena,
      BuildMonitor monitor) {
    int dim = data.dim();
    SplittableRandom random = new SplittableRandom(seed);
    int rows = data.count() - leftOut.length;
    int[] sample = sample(data.count(), leftOut, sampleSize(rows, k), random);
    MemorySegment values = arena.allocate(Math.max(4L, 4L * k * dim), 64);
    VectorData centroids = new VectorData(values, k, dim);
    for (int c = 0; c < k; c++) {
      put(data, sample[c], centroids, c);
    }
    MemorySegment sums = arena.allocate(Math.max(8L, 8L * k * dim), 64);
    for (int round = 0; round < ITERATIONS; round++) {
      int[] assigned =
          assigner.assign(data, sample, centroids, monitor, done -> monitor.progress(0));
      recenter(data, sample, assigned, centroids, sums);
    }
    return centroids;
  }

  private static int sampleSize(int rows, int k) {
    long wanted =
        Math.min((long) k * SAMPLE_PER_CENTROID, Math.max(SAMPLE, (long) k * SAMPLE_LEAST));
    return (int) Math.min(rows, wanted);
  }

  /**
   * Moves each centroid to the mean of its rows.
   *
   * @param sums scratch, shape [k × dim], doubles
   */
  private static void recenter(
      VectorData data, int[] sample, int[] assigned, VectorData centroids, MemorySegment sums) {
    int dim = data.dim();
    int[] sizes = new int[centroids.count()];
    sums.fill((byte) 0);
    for (int i = 0; i < sample.length; i++) {
      float[] vector = data.vector(sample[i]);
      long base = 8L * dim * assigned[i];
      sizes[assigned[i]]++;
      for (int d = 0; d < dim; d++) {
        double sum = sums.get(ValueLayout.JAVA_DOUBLE, base + 8L * d);
        sums.set(ValueLayout.JAVA_DOUBLE, base + 8L * d, sum + vector[d]);
      }
    }
    for (int c = 0; c < centroids.count(); c++) {
      for (int d = 0; d < dim && sizes[c] > 0; d++) {
        double sum = sums.get(ValueLayout.JAVA_DOUBLE, 8L * ((long) dim * c + d));
        centroids
            .values()
            .set(FileHeader.FLOAT, centroids.offset(c) + 4L * d, (float) (sum / sizes[c]));
      }
    }
    splitLargest(data, sample, assigned, centroids, sizes);
  }

  /** Gives every empty cluster a row of the one that is largest then. */
  private static void splitLargest(
      VectorData data, int[] sample, int[] assigned, VectorData centroids, int[] sizes) {
    int[] pieces = new int[sizes.length];
    int[] cursors = new int[sizes.length];
    for (int c = 0; c < sizes.length; c++) {
      if (sizes[c] > 0) {
        continue;
      }
      int largest = largest(sizes, pieces);
      // The sample is in random order, so the next row of a cluster is a random one.
      while (assigned[cursors[largest]] != largest) {
        cursors[largest]++;
      }
      int row = sample[cursors[largest]++];
      pieces[largest]++;
      put(data, row, centroids, c);
    }
  }

  private static void put(VectorData data, int row, VectorData centroids, int c) {
    MemorySegment.copy(
        data.vector(row), 0, centroids.values(), FileHeader.FLOAT, centroids.offset(c), data.dim());
  }

  /** The cluster with most rows per piece it was split into so far, and a row still to give. */
  private static int largest(int[] sizes, int[] pieces) {
    int largest = -1;
    double most = 0;
    for (int c = 0; c < sizes.length; c++) {
      double rows = (double) sizes[c] / (1 + pieces[c]);
      if (pieces[c] < sizes[c] && rows > most) {
        largest = c;
        most = rows;
      }
    }
    if (largest < 0) {
      throw new IllegalStateException("more clusters than rows");
    }
    return largest;
  }

  /**
   * Distinct rows in random order (a partial Fisher–Yates shuffle).
   *
   * @param leftOut rows that are not drawn, ascending
   * @param size at most the other rows
   */
  public static int[] sample(int count, int[] leftOut, int size, SplittableRandom random) {
    int[] rows = new int[count - leftOut.length];
    int next = 0;
    for (int row = 0, n = 0; row < count; row++) {
      if (next < leftOut.length && leftOut[next] == row) {
        next++;
      } else {
        rows[n++] = row;
      }
    }
    for (int i = 0; i < size; i++) {
      int j = i + random.nextInt(rows.length - i);
      int swap = rows[i];
      rows[i] = rows[j];
      rows[j] = swap;
    }
    return Arrays.copyOf(rows, size);
  }
}
