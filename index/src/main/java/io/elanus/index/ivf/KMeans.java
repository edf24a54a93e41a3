package io.elanus.index.ivf;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Scorer;
import io.elanus.index.VectorData;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Lloyd's k-means under squared Euclidean distance, on a sample, started from random distinct rows;
 * an empty cluster takes a row of the largest one.
 */
final class KMeans {
  private static final int ITERATIONS = 8;
  private static final int SAMPLE_PER_CENTROID = 64;
  private static final int BATCH = 1024;

  private KMeans() {}

  /** Centroids, shape [k × dim], in the arena. */
  static VectorData train(VectorData data, int k, long seed, Arena arena, BuildMonitor monitor) {
    int dim = data.dim();
    SplittableRandom random = new SplittableRandom(seed);
    int[] sample =
        sample(data.count(), (int) Math.min(data.count(), (long) k * SAMPLE_PER_CENTROID), random);
    MemorySegment values = arena.allocate(Math.max(4L, 4L * k * dim), 64);
    for (int c = 0; c < k; c++) {
      MemorySegment.copy(data.values(), data.offset(sample[c]), values, 4L * c * dim, 4L * dim);
    }
    VectorData centroids = new VectorData(values, k, dim);
    int[] assigned = new int[sample.length];
    for (int round = 0; round < ITERATIONS; round++) {
      Scorer scorer = Scorer.of(Metric.L2, centroids, null);
      float[] distances = new float[k];
      for (int i = 0; i < sample.length; i++) {
        assigned[i] = nearest(scorer.query(data.vector(sample[i])), k, distances);
        if (i % BATCH == 0) {
          monitor.progress(0);
        }
      }
      recenter(data, sample, assigned, centroids, random);
    }
    return centroids;
  }

  /** The nearest centroid of the scorer's query. */
  static int nearest(Scorer scorer, int k, float[] distances) {
    scorer.to(0, k, distances);
    int best = 0;
    for (int c = 1; c < k; c++) {
      if (distances[c] < distances[best]) {
        best = c;
      }
    }
    return best;
  }

  private static void recenter(
      VectorData data,
      int[] sample,
      int[] assigned,
      VectorData centroids,
      SplittableRandom random) {
    int dim = data.dim();
    double[] sums = new double[centroids.count() * dim];
    int[] sizes = new int[centroids.count()];
    for (int i = 0; i < sample.length; i++) {
      float[] vector = data.vector(sample[i]);
      int base = assigned[i] * dim;
      sizes[assigned[i]]++;
      for (int d = 0; d < dim; d++) {
        sums[base + d] += vector[d];
      }
    }
    for (int c = 0; c < centroids.count(); c++) {
      if (sizes[c] == 0) {
        int stolen = sample[random.nextInt(sample.length)];
        MemorySegment.copy(
            data.values(), data.offset(stolen), centroids.values(), centroids.offset(c), 4L * dim);
        continue;
      }
      for (int d = 0; d < dim; d++) {
        float mean = (float) (sums[c * dim + d] / sizes[c]);
        centroids.values().set(FileHeader.FLOAT, centroids.offset(c) + 4L * d, mean);
      }
    }
  }

  /** Distinct rows in random order (a partial Fisher–Yates shuffle). */
  private static int[] sample(int count, int size, SplittableRandom random) {
    int[] rows = new int[count];
    Arrays.setAll(rows, i -> i);
    for (int i = 0; i < size; i++) {
      int j = i + random.nextInt(count - i);
      int swap = rows[i];
      rows[i] = rows[j];
      rows[j] = swap;
    }
    return Arrays.copyOf(rows, size);
  }
}
