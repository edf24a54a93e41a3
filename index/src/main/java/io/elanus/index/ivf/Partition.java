package io.elanus.index.ivf;

import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import io.elanus.index.binary.BitClusters;
import io.elanus.index.cluster.Assigner;
import io.elanus.index.cluster.Assignment;
import io.elanus.index.cluster.KMeans;
import io.elanus.model.schema.Metric;
import java.lang.foreign.Arena;
import java.util.function.IntConsumer;

/**
 * Rows divided into lists.
 *
 * @param centroids shape [lists × dim]
 * @param starts lists + 1: the first position of each list
 * @param order per position: the row
 */
record Partition(VectorData centroids, int[] starts, int[] order) {
  /** Centroids trained on fewer rows each only cost time. */
  static final int ROWS_PER_LIST_MIN = 39;

  /**
   * Trains centroids and gives every row to the nearest; with fewer lists where rows are few.
   *
   * @param untrained rows that have no part in the training, see {@code RecallMeasure.asked}
   */
  static Partition of(
      VectorData data,
      int[] untrained,
      int listsWanted,
      long seed,
      Arena arena,
      BuildMonitor monitor,
      IntConsumer assigned) {
    int lists =
        data.count() == 0 ? 0 : Math.clamp(data.count() / ROWS_PER_LIST_MIN, 1, listsWanted);
    Assigner assigner =
        CentroidGraph.pays(lists) ? CentroidGraph::assign : Assignment.ALL_CENTROIDS;
    VectorData centroids = KMeans.train(data, untrained, lists, assigner, seed, arena, monitor);
    return of(centroids, assigner.assign(data, null, centroids, monitor, assigned));
  }

  /** The same for bits, whose centroids are bits as well. */
  static Partition ofBits(
      VectorData data,
      int[] untrained,
      Metric metric,
      int listsWanted,
      long seed,
      Arena arena,
      BuildMonitor monitor) {
    int lists =
        data.count() == 0 ? 0 : Math.clamp(data.count() / ROWS_PER_LIST_MIN, 1, listsWanted);
    VectorData centroids = BitClusters.train(data, untrained, metric, lists, seed, arena, monitor);
    return of(centroids, BitClusters.nearest(data, metric, centroids, monitor::progress));
  }

  private static Partition of(VectorData centroids, int[] assigned) {
    int lists = centroids.count();
    int[] starts = new int[lists + 1];
    for (int list : assigned) {
      starts[list + 1]++;
    }
    for (int list = 0; list < lists; list++) {
      starts[list + 1] += starts[list];
    }
    int[] order = new int[assigned.length];
    int[] at = starts.clone();
    for (int row = 0; row < assigned.length; row++) {
      order[at[assigned[row]]++] = row;
    }
    return new Partition(centroids, starts, order);
  }
}
