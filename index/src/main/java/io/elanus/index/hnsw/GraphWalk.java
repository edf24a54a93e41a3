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

  /** Measured: with fewer allowed rows, stepping over the others is cheaper than measuring them. */
  private static final double STEP_OVER_BELOW = 0.35;

  /** Measured: allowed nodes found around one node, beyond which more only cost time. */
  private static final int FOUND_MAX = 32;

  /** Neighbours measured at once. */
  private static final int BATCH = 128;

  private final Graph graph;
  private final Visited visited;
  private final CandidateQueue candidates = new CandidateQueue();
  private final int[] neighbors;
  private final int[] beyond;
  private final int[] batch;
  private final float[] distances;
  private int absent = -1;
  private long scored;
  private long met;
  private long passed;

  GraphWalk(Graph graph, int sizeMax) {
    this.graph = graph;
    this.visited = new Visited(sizeMax);
    this.neighbors = new int[graph.degreeMax()];
    this.beyond = new int[graph.degreeMax()];
    this.batch = new int[Math.max(BATCH, graph.degreeMax())];
    this.distances = new float[batch.length];
  }

  /** Whether a walk under a filter passing this share steps over excluded nodes. */
  static boolean stepsOver(double share) {
    return share < STEP_OVER_BELOW;
  }

  /** Leaves a node out of the walks that come; −1 for none. */
  void without(int node) {
    absent = node;
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
          if (distances[i] < nearestDistance && neighbors[i] != absent) {
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
   * The nearest allowed nodes of a layer that a search with this much effort meets. Where most are
   * allowed, the others are walked through, but not kept. Where few are, the others are not even
   * measured: the walk steps over them to those of their neighbours that are allowed (Patel et al.,
   * "ACORN", SIGMOD 2024, ACORN-1), so that it is one over the allowed nodes alone.
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
    if (absent >= 0) {
      visited.add(absent);
    }
    visited.add(fromNode);
    float first = scorer.to(fromNode);
    scored = 1;
    met = 1;
    passed = allowed == null || allowed.get(fromNode) ? 1 : 0;
    boolean widened = false;
    boolean over = filter != null && stepsOver(filter.share());
    candidates.add(first, fromNode);
    keep(first, fromNode, allowed, into);
    while (!candidates.isEmpty()) {
      if (candidates.nearestDistance() > into.worst()) {
        return true;
      }
      int node = candidates.removeNearest();
      if (over && allowed != null) {
        stepOver(scorer, node, layer, allowed, into);
      } else {
        expand(scorer, node, layer, allowed, into);
      }
      if (filter != null && !widened && into.isFull()) {
        widened = true;
        long shortfall = (long) (MARGIN * filter.share() * met / Math.max(1, passed));
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
    met += fresh;
    for (int i = 0; i < fresh; i++) {
      passed += allowed == null || allowed.get(neighbors[i]) ? 1 : 0;
    }
    measure(scorer, neighbors, fresh, allowed, into);
  }

  private void stepOver(
      RowDistances scorer, int node, int layer, RowBitmap allowed, NearestHeap into) {
    int n = graph.neighbors(node, layer, neighbors);
    int fresh = 0;
    int found = 0;
    for (int i = 0; i < n; i++) {
      int neighbor = neighbors[i];
      if (!visited.add(neighbor)) {
        continue;
      }
      met++;
      if (passes(neighbor, allowed)) {
        passed++;
        found++;
        batch[fresh++] = neighbor;
      } else {
        if (found >= FOUND_MAX) {
          continue;
        }
        int m = graph.neighbors(neighbor, layer, beyond);
        for (int j = 0; j < m; j++) {
          if (passes(beyond[j], allowed) && visited.add(beyond[j])) {
            batch[fresh++] = beyond[j];
            found++;
            fresh = full(scorer, fresh, allowed, into);
          }
        }
        scored++;
      }
      fresh = full(scorer, fresh, allowed, into);
    }
    measure(scorer, batch, fresh, allowed, into);
  }

  private int full(RowDistances scorer, int fresh, RowBitmap allowed, NearestHeap into) {
    if (fresh < BATCH) {
      return fresh;
    }
    measure(scorer, batch, fresh, allowed, into);
    return 0;
  }

  /** Whether a node or one of its twins is allowed. */
  private boolean passes(int node, RowBitmap allowed) {
    for (int row = node; row >= 0; row = graph.nextTwin(row)) {
      if (allowed.get(row)) {
        return true;
      }
    }
    return false;
  }

  private void measure(
      RowDistances scorer, int[] nodes, int count, @Nullable RowBitmap allowed, NearestHeap into) {
    scorer.to(nodes, count, distances);
    scored += count;
    for (int i = 0; i < count; i++) {
      float distance = distances[i];
      if (distance < into.worst()) {
        candidates.add(distance, nodes[i]);
        keep(distance, nodes[i], allowed, into);
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
