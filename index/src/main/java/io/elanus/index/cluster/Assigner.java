package io.elanus.index.cluster;

import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Gives each row to the centroid that is nearest to it, or as good as nearest. */
public interface Assigner {
  /**
   * The centroid of each row.
   *
   * @param rows which rows, or null for all
   * @param progress is told how many rows are done
   */
  int[] assign(
      VectorData data,
      int @Nullable [] rows,
      VectorData centroids,
      BuildMonitor monitor,
      IntConsumer progress);
}
