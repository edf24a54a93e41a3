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

  /** So many hops tell how many rows are allowed near the query; later ones go farther away. */
  private static final int HOPS_COUNTED = 16;

  private final GraphHop hop = GraphHops.best();
  private final Found found = new Found();
  private final Visits visits = new Visits();
  private final Pool pool = new Pool();
  private int[] rows = new int[256];
  private float[] distances = new float[256];
  private float[] hubDistances = new float[0];
  private int hops;
  private int hopsAllowed;
  private final Pool gathered = new Pool();
  private int room;
  private int absent = -1;
  private long seen;
  private long admitted;

  /**
   * Lets the walks that come gather allowed neighbours by their estimates, whether or not they are
   * near enough to be walked to: under a filter most of what is walked to is excluded, and each hop
   * estimates {@value io.elanus.kernel.graph.HopLayout#DEGREE} nodes for the price of one.
   *
   * @param most 0 for none
   */
  void gather(int most) {
    room = most;
  }

  /** Leaves a node out of the walks that come; −1 for none. */
  void without(int node) {
    absent = node;
  }

  /** The nearest gathered node that was neither taken nor answered before, −1 for none. */
  int gathered() {
    int node = gathered.take();
    while (node >= 0 && !visits.add(node)) {
      node = gathered.take();
    }
    return node;
  }

  /** The share of allowed ones among the neighbours that the first hops looked at; 1 for none. */
  double admittedShare() {
    return seen == 0 ? 1 : (double) admitted / seen;
  }

  /** The share of allowed ones among the nodes that the last walk took. */
  double hopsAllowedShare() {
    return hops == 0 ? 1 : (double) hopsAllowed / hops;
  }

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
    hopsAllowed = 0;
    seen = 0;
    admitted = 0;
    if (room > 0) {
      gathered.begin(room);
    }
    if (absent >= 0) {
      visits.add(absent);
    }
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
      int n = hop.hop(query, nodes, node, coming, farthest(), found);
      float own = found.own();
      keep(node, own);
      if (nearest != null && (allowed == null || allowed.test(node))) {
        nearest.offer(own, node);
        hopsAllowed++;
      }
      if (room > 0 && allowed != null) {
        gather(n, allowed);
      } else {
        for (int i = 0; i < n; i++) {
          int neighbor = found.nodes()[i];
          if (!visits.contains(neighbor)) {
            pool.offer(found.distances()[i], neighbor);
          }
        }
      }
      node = coming >= 0 ? coming : take();
    }
    return true;
  }

  /** Estimates beyond are of no use. */
  private float farthest() {
    return room > 0 ? Math.max(pool.bound(), gathered.bound()) : pool.bound();
  }

  private void gather(int n, IntPredicate allowed) {
    boolean counts = hops <= HOPS_COUNTED;
    seen += counts ? n : 0;
    for (int i = 0; i < n; i++) {
      int neighbor = found.nodes()[i];
      float estimate = found.distances()[i];
      boolean passes = allowed.test(neighbor);
      admitted += counts && passes ? 1 : 0;
      boolean wanted = passes && estimate < gathered.bound();
      boolean near = estimate < pool.bound();
      if ((wanted || near) && !visits.contains(neighbor)) {
        if (near) {
          pool.offer(estimate, neighbor);
        }
        if (wanted) {
          gathered.offer(estimate, neighbor);
        }
      }
    }
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
