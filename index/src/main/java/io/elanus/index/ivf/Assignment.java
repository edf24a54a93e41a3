package io.elanus.index.ivf;

import io.elanus.index.VectorData;
import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The nearest centroid of each row. Batches of rows meet tiles of centroids that stay in the cache
 * meanwhile.
 */
final class Assignment {
  private static final int BATCH = 128;
  private static final int TILE_BYTES = 1 << 16;

  private Assignment() {}

  /**
   * The nearest centroid of each row, the first of equally near ones.
   *
   * @param rows which rows, or null for all
   * @param progress is told how many rows are done
   */
  static int[] nearest(
      VectorData data, int @Nullable [] rows, VectorData centroids, IntConsumer progress) {
    int count = rows == null ? data.count() : rows.length;
    int[] nearest = new int[count];
    Kernel kernel = Kernels.best();
    int tile = Math.max(8, TILE_BYTES / (4 * data.dim()));
    float[][] batch = new float[BATCH][];
    float[] best = new float[BATCH];
    float[] distances = new float[Math.min(tile, centroids.count())];
    for (int first = 0; first < count; first += BATCH) {
      int n = Math.min(BATCH, count - first);
      for (int i = 0; i < n; i++) {
        batch[i] = data.vector(rows == null ? first + i : rows[first + i]);
      }
      Arrays.fill(best, Float.POSITIVE_INFINITY);
      for (int from = 0; from < centroids.count(); from += tile) {
        int here = Math.min(tile, centroids.count() - from);
        for (int i = 0; i < n; i++) {
          kernel.squaredL2s(batch[i], centroids.values(), from, here, distances);
          for (int c = 0; c < here; c++) {
            if (distances[c] < best[i]) {
              best[i] = distances[c];
              nearest[first + i] = from + c;
            }
          }
        }
      }
      progress.accept(first + n);
    }
    return nearest;
  }
}
