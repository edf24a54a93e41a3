package io.elanus.index.cluster;

import io.elanus.index.BuildMonitor;
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
public final class Assignment implements Assigner {
  private static final int BATCH = 128;
  private static final int TILE_BYTES = 1 << 16;

  /** Rows so short are measured column by column: many centroids at once, not many coordinates. */
  private static final int COLUMNS_BELOW = 16;

  public static final Assigner ALL_CENTROIDS = new Assignment();

  private Assignment() {}

  @Override
  public int[] assign(
      VectorData data,
      int @Nullable [] rows,
      VectorData centroids,
      BuildMonitor monitor,
      IntConsumer progress) {
    return nearest(data, rows, centroids, progress);
  }

  /**
   * The nearest centroid of each row, the first of equally near ones.
   *
   * @param rows which rows, or null for all
   * @param progress is told how many rows are done
   */
  public static int[] nearest(
      VectorData data, int @Nullable [] rows, VectorData centroids, IntConsumer progress) {
    int count = rows == null ? data.count() : rows.length;
    int[] nearest = new int[count];
    Kernel kernel = Kernels.best();
    int tile = Math.max(8, TILE_BYTES / (4 * data.dim()));
    float[][] batch = new float[BATCH][];
    float[] best = new float[BATCH];
    float[] distances = new float[Math.min(tile, centroids.count())];
    float[][] columns = data.dim() < COLUMNS_BELOW ? columns(centroids) : null;
    for (int first = 0; first < count; first += BATCH) {
      int n = Math.min(BATCH, count - first);
      for (int i = 0; i < n; i++) {
        batch[i] = data.vector(rows == null ? first + i : rows[first + i]);
      }
      Arrays.fill(best, Float.POSITIVE_INFINITY);
      for (int from = 0; from < centroids.count(); from += tile) {
        int here = Math.min(tile, centroids.count() - from);
        for (int i = 0; i < n; i++) {
          if (columns == null) {
            kernel.squaredL2s(batch[i], centroids.values(), from, here, distances);
          } else {
            byColumns(batch[i], columns, from, here, distances);
          }
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

  private static float[][] columns(VectorData centroids) {
    float[][] columns = new float[centroids.dim()][centroids.count()];
    for (int c = 0; c < centroids.count(); c++) {
      float[] centroid = centroids.vector(c);
      for (int d = 0; d < centroid.length; d++) {
        columns[d][c] = centroid[d];
      }
    }
    return columns;
  }

  private static void byColumns(
      float[] row, float[][] columns, int from, int count, float[] distances) {
    Arrays.fill(distances, 0, count, 0);
    for (int d = 0; d < row.length; d++) {
      float value = row[d];
      float[] column = columns[d];
      for (int c = 0; c < count; c++) {
        float apart = value - column[from + c];
        distances[c] += apart * apart;
      }
    }
  }
}
