package io.elanus.index.quantgraph;

import io.elanus.index.NearestHeap;
import io.elanus.kernel.graph.GraphHop;
import io.elanus.kernel.graph.GraphHop.Found;
import io.elanus.kernel.graph.GraphHop.Nodes;
import io.elanus.kernel.graph.GraphHops;
import io.elanus.kernel.graph.HopQuery;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Best-first search (Gou et al., "SymphonyQG", 2025, algorithm 1): nodes wait in a pool by their
 * estimates, the nearest is taken, its own distance kept, and its neighbours' estimates join the
 * pool. Ends when everything in the pool was taken. Holds its scratch memory, so each thread has
 * its own.
 */
final class Walk {
  /** Hubs whose surroundings are looked at. */
  private static final int LANDINGS = 4;

  private final GraphHop hop = GraphHops.best();
  private final Found found = new Found();
  private final Visits visits = new Visits();
  private final Pool pool = new Pool();
  private int[] rows = new int[256];
  private float[] distances = new float[256];
  private float[] hubDistances = new float[0];
  private int hops;

  /** How many nodes the last walk took. */
  int hops() {
    return hops;
  }

  /** The nodes it took, in that order. */
  int[] rows() {
    return rows;
  }

  /** Squared distances of {@link #rows}, as exact as the nodes hold their vectors. */
  float[] distances() {
    return distances;
  }

  /**
   * Walks from a node, or from what lies around the hubs.
   *
   * @param hubs null for none, as during a build
   * @param effort room in the pool
   * @param hopsMax gives up after this many
   * @param nearest gets what is allowed, or null for nothing
   * @param allowed null for all
   * @return whether the walk came to its end, rather than giving up
   */
  boolean from(
      Nodes nodes,
      @Nullable Nodes hubs,
      HopQuery query,
      int start,
      int effort,
      int hopsMax,
      @Nullable NearestHeap nearest,
      @Nullable IntPredicate allowed) {
    pool.begin(effort);
    visits.clear();
    hops = 0;
    int node = start;
    if (hubs == null) {
      visits.add(start);
    } else {
      land(hubs, query);
      node = take();
    }
    while (node >= 0) {
      // The next node is chosen, and on its way from memory, before this one's neighbours are
      // known: a better one among them waits for one hop, which costs less than the memory.
      int coming = take();
      if (hops == hopsMax) {
        return false;
      }
      int n = hop.hop(query, nodes, node, coming, pool.bound(), found);
      float own = found.own();
      keep(node, own);
      if (nearest != null && (allowed == null || allowed.test(node))) {
        nearest.offer(own, node);
      }
      for (int i = 0; i < n; i++) {
        int neighbor = found.nodes()[i];
        if (!visits.contains(neighbor)) {
          pool.offer(found.distances()[i], neighbor);
        }
      }
      node = coming >= 0 ? coming : take();
    }
    return true;
  }

  /** Offers the nodes around the nearest hubs. */
  private void land(Nodes hubs, HopQuery query) {
    if (hubDistances.length < hubs.count()) {
      hubDistances = new float[hubs.count()];
    }
    hop.owns(query, hubs, hubDistances);
    int landings = Math.min(LANDINGS, hubs.count());
    for (int landing = 0; landing < landings; landing++) {
      int hub = 0;
      for (int other = 1; other < hubs.count(); other++) {
        hub = hubDistances[other] < hubDistances[hub] ? other : hub;
      }
      hubDistances[hub] = Float.POSITIVE_INFINITY;
      int n = hop.hop(query, hubs, hub, -1, pool.bound(), found);
      for (int i = 0; i < n; i++) {
        pool.offer(found.distances()[i], found.nodes()[i]);
      }
    }
  }

  /** The nearest node in the pool that was not taken yet, −1 for none. */
  private int take() {
    int node = pool.take();
    while (node >= 0 && !visits.add(node)) {
      node = pool.take();
    }
    return node;
  }

  private void keep(int node, float exact) {
    if (hops == rows.length) {
      rows = java.util.Arrays.copyOf(rows, 2 * hops);
      distances = java.util.Arrays.copyOf(distances, 2 * hops);
    }
    rows[hops] = node;
    distances[hops++] = exact;
  }
}
