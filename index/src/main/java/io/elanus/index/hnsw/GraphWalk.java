package io.elanus.index.hnsw;

import io.elanus.index.NearestHeap;
import io.elanus.index.RowBitmap;
import io.elanus.index.Scorer;
import org.jspecify.annotations.Nullable;

/**
 * Best-first search over one layer (Malkov and Yashunin 2016, algorithm 2) and greedy descent
 * through the layers above. Holds its scratch memory, so each thread has its own; the distances of
 * all new neighbours of a node are computed as one batch.
 */
final class GraphWalk {
  private final Graph graph;
  private final Visited visited;
  private final CandidateQueue candidates = new CandidateQueue();
  private final int[] neighbors;
  private final float[] distances;
  private long scored;

  GraphWalk(Graph graph, int sizeMax) {
    this.graph = graph;
    this.visited = new Visited(sizeMax);
    this.neighbors = new int[graph.degreeMax()];
    this.distances = new float[graph.degreeMax()];
  }

  /** Distances computed by the last {@link #nearest}. */
  long scored() {
    return scored;
  }

  /** Walks greedily from a node down to (not into) {@code layer}; answers the nearest node met. */
  int descend(Scorer scorer, int fromNode, int fromLayer, int layer) {
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
   * @param into its capacity is ef
   * @param scoredMax gives up once more distances than this were computed
   * @return whether the walk came to its end, rather than giving up
   */
  boolean nearest(
      Scorer scorer,
      int fromNode,
      int layer,
      @Nullable RowBitmap allowed,
      NearestHeap into,
      long scoredMax) {
    visited.clear();
    candidates.clear();
    visited.add(fromNode);
    float first = scorer.to(fromNode);
    scored = 1;
    candidates.add(first, fromNode);
    if (allowed == null || allowed.get(fromNode)) {
      into.offer(first, fromNode);
    }
    while (!candidates.isEmpty()) {
      if (candidates.nearestDistance() > into.worst()) {
        return true;
      }
      expand(scorer, candidates.removeNearest(), layer, allowed, into);
      if (scored > scoredMax) {
        return false;
      }
    }
    return true;
  }

  private void expand(
      Scorer scorer, int node, int layer, @Nullable RowBitmap allowed, NearestHeap into) {
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
      if (distance < into.worst()) {
        candidates.add(distance, neighbors[i]);
        if (allowed == null || allowed.get(neighbors[i])) {
          into.offer(distance, neighbors[i]);
        }
      }
    }
  }
}
