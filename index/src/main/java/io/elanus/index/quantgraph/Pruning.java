package io.elanus.index.quantgraph;

import io.elanus.index.VectorData;
import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;

/**
 * Chooses neighbours that lie in different directions: a candidate gives way to a chosen one that
 * is nearer to it than the node is; where too few are left, the rule is eased step by step, as
 * DiskANN does (Subramanya et al., NeurIPS 2019, RobustPrune with rising α), until the list is
 * full, since a hop costs the same for every degree up to its width.
 */
final class Pruning {
  private static final int DEGREE = Adjacency.DEGREE;
  private static final float TAKEN = Float.POSITIVE_INFINITY;

  /** Squared ratios of distances, the last of which takes what is there. */
  private static final float[] EASE = {1, 1.1f, 1.25f, 1.5f, 2, Float.MAX_VALUE};

  private final VectorData vectors;
  private final Kernel kernel = Kernels.best();
  private final float[] vector;
  private final int[] chosen = new int[DEGREE];
  private float[] occlusion = new float[512];
  private int[] open = new int[512];
  private int[] places = new int[512];
  private float[] distances = new float[512];

  Pruning(VectorData vectors) {
    this.vectors = vectors;
    this.vector = new float[vectors.dim()];
  }

  /** The chosen nodes of the last {@link #choose}. */
  int[] chosen() {
    return chosen;
  }

  /**
   * Chooses among settled candidates of a node.
   *
   * @return how many it chose
   */
  int choose(Candidates candidates) {
    int n = candidates.size();
    if (n <= DEGREE) {
      for (int i = 0; i < n; i++) {
        chosen[i] = candidates.node(i);
      }
      return n;
    }
    reserve(n);
    java.util.Arrays.fill(occlusion, 0, n, 0);
    int count = 0;
    for (float ease : EASE) {
      for (int i = 0; i < n && count < DEGREE; i++) {
        if (occlusion[i] <= ease) {
          occlusion[i] = TAKEN;
          chosen[count++] = candidates.node(i);
          if (count < DEGREE) {
            occlude(candidates, i, ease);
          }
        }
      }
    }
    return count;
  }

  /** How much a chosen candidate stands in the way of those that are still open. */
  private void occlude(Candidates candidates, int by, float ease) {
    int n = 0;
    // Nearer ones were looked at already under this rule; the next rules come back to them.
    for (int i = ease > 1 ? 0 : by + 1; i < candidates.size(); i++) {
      if (occlusion[i] <= EASE[EASE.length - 2]) {
        places[n] = i;
        open[n++] = candidates.node(i);
      }
    }
    vectors.copy(candidates.node(by), vector);
    kernel.squaredL2s(vector, vectors.values(), open, n, distances);
    for (int i = 0; i < n; i++) {
      float ratio = candidates.distance(places[i]) / distances[i];
      occlusion[places[i]] = Math.max(occlusion[places[i]], Math.min(ratio, Float.MAX_VALUE));
    }
  }

  private void reserve(int n) {
    if (occlusion.length < n) {
      occlusion = new float[2 * n];
      open = new int[2 * n];
      places = new int[2 * n];
      distances = new float[2 * n];
    }
  }
}
