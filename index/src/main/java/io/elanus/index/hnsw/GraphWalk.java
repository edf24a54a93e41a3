package io.elanus.index.hnsw;

import io.elanus.index.NearestHeap;
import io.elanus.index.RowBitmap;
import io.elanus.index.distance.RowDistances;
import org.jspecify.annotations.Nullable;

/**
 * Best-first search over one layer (Malkov and Yashunin 2016, algorithm 2) and greedy descent
 * through the layers above. Holds its scratch memory, so each thread has its own; the distances of
 * all new neighbours of a node are computed as one batch.
 */
final class GraphWalk {
  /** Measured: enough for filters that exclude the clusters around a query. */
  private static final int WIDEN_MAX = 12;

  /** Measured: what was passed on the way in was nearer to the entry than to the query. */
  private static final double MARGIN = 1.5;

  private final Graph graph;
  private final Visited visited;
  private final CandidateQueue candidates = new CandidateQueue();
  private final int[] neighbors;
  private final float[] distances;
  private long scored;
  private long passed;

  GraphWalk(Graph graph, int sizeMax) {
    this.graph = graph;
    this.visited = new Visited(sizeMax);
    this.neighbors = new int[graph.degreeMax()];
    this.distances = new float[graph.degreeMax()];
  }

  /**
   * What a search may answer.
   *
   * @param share of all rows that are allowed
   */
  record Filter(RowBitmap allowed, double share) {}

  /** Distances computed by the last {@link #nearest}. */
  long scored() {
    return scored;
  }

  /** Walks greedily from a node down to (not into) {@code layer}; answers the nearest node met. */
  int descend(RowDistances scorer, int fromNode, int fromLayer, int layer) {
    int nearest = fromNode;
    float nearestDistance = scorer.to(nearest);
    for (int at = fromLayer; at > layer; at--) {
      boolean moved = true;
      while (moved) {
        moved = false;
        int n = graph.neighbors(nearest, at, neighbors);
        scorer.to(neighbors, n, distances);
        for (int i = 0; i < n; i++) {
          if (distances[i] < nearestDistance) {
            nearestDistance = distances[i];
            nearest = neighbors[i];
            moved = true;
          }
        }
      }
    }
    return nearest;
  }

  /**
   * The nearest allowed nodes of a layer that a search with this much effort meets. Nodes that are
   * not allowed are walked through, but not kept.
   *
   * <p>Where far fewer nodes are allowed here than elsewhere, the nearest allowed ones lie beyond
   * an excluded neighbourhood, in several directions at once; a search of the usual width would
   * take the first direction for the only one. So the effort grows by as much as the share falls
   * short.
   *
   * @param into its capacity is ef
   * @param scoredMax gives up once more distances than this were computed
   * @return whether the walk came to its end, rather than giving up
   */
  boolean nearest(
      RowDistances scorer,
      int fromNode,
      int layer,
      @Nullable Filter filter,
      NearestHeap into,
      long scoredMax) {
    RowBitmap allowed = filter == null ? null : filter.allowed();
    visited.clear();
    candidates.clear();
    visited.add(fromNode);
    float first = scorer.to(fromNode);
    scored = 1;
    passed = allowed == null || allowed.get(fromNode) ? 1 : 0;
    boolean widened = false;
    candidates.add(first, fromNode);
    keep(first, fromNode, allowed, into);
    while (!candidates.isEmpty()) {
      if (candidates.nearestDistance() > into.worst()) {
        return true;
      }
      expand(scorer, candidates.removeNearest(), layer, allowed, into);
      if (filter != null && !widened && into.isFull()) {
        widened = true;
        long shortfall = (long) (MARGIN * filter.share() * scored / Math.max(1, passed));
        long wide = into.capacity() * Math.clamp(shortfall, 1L, WIDEN_MAX);
        into.widen((int) Math.min(wide, graph.size()));
      }
      if (scored > scoredMax) {
        return false;
      }
    }
    return true;
  }

  private void expand(
      RowDistances scorer, int node, int layer, @Nullable RowBitmap allowed, NearestHeap into) {
    int n = graph.neighbors(node, layer, neighbors);
    int fresh = 0;
    for (int i = 0; i < n; i++) {
      if (visited.add(neighbors[i])) {
        neighbors[fresh++] = neighbors[i];
      }
    }
    scorer.to(neighbors, fresh, distances);
    scored += fresh;
    for (int i = 0; i < fresh; i++) {
      float distance = distances[i];
      passed += allowed == null || allowed.get(neighbors[i]) ? 1 : 0;
      if (distance < into.worst()) {
        candidates.add(distance, neighbors[i]);
        keep(distance, neighbors[i], allowed, into);
      }
    }
  }

  /** Keeps a node's row and its twins, as far as they are allowed and there is room. */
  private void keep(float distance, int node, @Nullable RowBitmap allowed, NearestHeap into) {
    for (int row = node; row >= 0; row = graph.nextTwin(row)) {
      // Twins ascend by row, so that where one is too many, the next ones are too.
      if ((allowed == null || allowed.get(row)) && !into.offer(distance, row)) {
        return;
      }
    }
  }
}
