package io.elanus.index.quantgraph;

import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;
import io.elanus.kernel.graph.GraphHop.Nodes;
import io.elanus.kernel.graph.HopLayout;
import io.elanus.kernel.graph.HopQuery;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Builds a quantised graph: a first guess from random trees, then passes in which every node is
 * searched for in the graph as it is, its list chosen from what the search met, and edges are made
 * to lead both ways (SymphonyQG, section 3.3; Vamana's pruning). Last, whoever cannot be reached
 * from the entry is linked to a node near it.
 */
final class GraphBuilder {
  private static final int TREES = 4;
  private static final int POOL_MAX = 400;
  private static final int REPORT_EVERY = 256;

  private final Space space;
  private final VectorData vectors;
  private final int[] members;
  private final Adjacency adjacency;
  private final Encoder encoder;
  private final Nodes nodes;
  private final Pruning pruning;
  private final Kernel kernel = Kernels.best();
  private final Candidates candidates = new Candidates();
  private final Walk walk = new Walk();
  private final HopQuery query;
  private final float[] vector;
  private int[] batch = new int[512];
  private float[] distances = new float[512];
  private final Visits seen = new Visits();
  private final int entry;
  private int done;

  /**
   * @param space what the vectors lie in
   * @param vectors in the graph's space
   * @param rotated the same, rotated
   * @param members rows that become nodes, at least one
   * @param room for as many nodes as there are vectors
   */
  GraphBuilder(
      Space space, VectorData vectors, VectorData rotated, int[] members, MemorySegment room) {
    HopLayout layout = space.layout();
    this.space = space;
    this.vectors = vectors;
    this.members = members;
    this.adjacency = new Adjacency(vectors.count());
    this.encoder = new Encoder(vectors, rotated, layout, room);
    this.nodes = new Nodes(room, layout, vectors.count());
    this.pruning = new Pruning(vectors);
    this.query = new HopQuery(layout);
    this.vector = new float[layout.dim()];
    this.entry = center();
  }

  int entry() {
    return entry;
  }

  /** Writes the hubs, once the graph is built. */
  void hubs(int count, long seed, MemorySegment into) {
    Hubs.write(space, vectors, members, encoder, count, seed, into);
  }

  /**
   * @param effort of the searches
   * @param passes of refinement
   */
  void build(int effort, int passes, long seed, BuildMonitor monitor) {
    encoder.vectors();
    guess(seed, monitor);
    for (int pass = 0; pass < passes; pass++) {
      bothWays(monitor);
      encode(monitor);
      refine(effort, pass, passes, monitor);
    }
    bothWays(monitor);
    encode(monitor);
    reachAll(effort, monitor);
    monitor.progress(vectors.count());
  }

  /** The node nearest to the mean. */
  private int center() {
    double[] sums = new double[vectors.dim()];
    for (int member : members) {
      vectors.copy(member, vector);
      for (int d = 0; d < sums.length; d++) {
        sums[d] += vector[d];
      }
    }
    for (int d = 0; d < sums.length; d++) {
      vector[d] = (float) (sums[d] / Math.max(1, members.length));
    }
    float[] all = new float[members.length];
    kernel.squaredL2s(vector, vectors.values(), members, members.length, all);
    int best = 0;
    for (int i = 1; i < all.length; i++) {
      best = all[i] < all[best] ? i : best;
    }
    return members[best];
  }

  private void guess(long seed, BuildMonitor monitor) {
    Forest forest = new Forest(vectors, members);
    forest.grow(TREES, seed, monitor);
    for (int node : members) {
      candidates.clear();
      for (int i = 0; i < forest.count(node); i++) {
        candidates.add(forest.neighbor(node, i), forest.distance(node, i));
      }
      candidates.settle(POOL_MAX);
      adjacency.set(node, pruning.chosen(), pruning.choose(candidates));
    }
  }

  /** Offers every edge to its other end as well. */
  private void bothWays(BuildMonitor monitor) {
    Adjacency.Reverse reverse = adjacency.reversed();
    for (int m = 0; m < members.length; m++) {
      int node = members[m];
      int from = reverse.starts()[node];
      int to = reverse.starts()[node + 1];
      if (to > from) {
        candidates.clear();
        seen.clear();
        int n = 0;
        reserve(to - from + Adjacency.DEGREE);
        for (int i = from; i < to; i++) {
          seen.add(reverse.sources()[i]);
          batch[n++] = reverse.sources()[i];
        }
        chooseWithNeighbors(node, n);
      }
      report(m, monitor);
    }
  }

  private void refine(int effort, int pass, int passes, BuildMonitor monitor) {
    for (int m = 0; m < members.length; m++) {
      int node = members[m];
      vectors.copy(node, vector);
      search();
      walk.from(nodes, null, query, entry, effort, Integer.MAX_VALUE, null, null);
      candidates.clear();
      seen.clear();
      for (int i = 0; i < walk.hops(); i++) {
        seen.add(walk.rows()[i]);
        if (walk.rows()[i] != node) {
          candidates.add(walk.rows()[i], walk.distances()[i]);
        }
      }
      chooseWithNeighbors(node, 0);
      done = (int) (((long) pass * members.length + m) * vectors.count() / passes / members.length);
      report(m, monitor);
    }
  }

  /** Adds the first {@code n} of the batch and neighbours not yet seen; chooses among all. */
  private void chooseWithNeighbors(int node, int n) {
    int all = n;
    for (int i = 0; i < adjacency.degree(node); i++) {
      if (seen.add(adjacency.neighbor(node, i))) {
        batch[all++] = adjacency.neighbor(node, i);
      }
    }
    vectors.copy(node, vector);
    kernel.squaredL2s(vector, vectors.values(), batch, all, distances);
    for (int i = 0; i < all; i++) {
      candidates.add(batch[i], distances[i]);
    }
    candidates.settle(POOL_MAX);
    adjacency.set(node, pruning.chosen(), pruning.choose(candidates));
  }

  private void encode(BuildMonitor monitor) {
    for (int m = 0; m < members.length; m++) {
      encoder.neighbors(members[m], adjacency);
      report(m, monitor);
    }
  }

  /** Links what no walk can reach to a reachable node near it, until everything is reached. */
  private void reachAll(int effort, BuildMonitor monitor) {
    boolean[] reached = new boolean[vectors.count()];
    int[] queue = new int[members.length];
    for (int attempt = 0; attempt < 8; attempt++) {
      if (reach(reached, queue) == members.length) {
        return;
      }
      for (int m = 0; m < members.length; m++) {
        int node = members[m];
        if (!reached[node]) {
          link(node, effort, reached);
        }
        report(m, monitor);
      }
    }
  }

  private int reach(boolean[] reached, int[] queue) {
    Arrays.fill(reached, false);
    reached[entry] = true;
    queue[0] = entry;
    int size = 1;
    for (int i = 0; i < size; i++) {
      int node = queue[i];
      for (int j = 0; j < adjacency.degree(node); j++) {
        int neighbor = adjacency.neighbor(node, j);
        if (!reached[neighbor]) {
          reached[neighbor] = true;
          queue[size++] = neighbor;
        }
      }
    }
    return size;
  }

  private void link(int node, int effort, boolean[] reached) {
    vectors.copy(node, vector);
    search();
    walk.from(nodes, null, query, entry, effort, Integer.MAX_VALUE, null, null);
    int best = 0;
    for (int i = 1; i < walk.hops(); i++) {
      best = walk.distances()[i] < walk.distances()[best] ? i : best;
    }
    int from = walk.rows()[best];
    adjacency.force(from, node);
    encoder.neighbors(from, adjacency);
    reached[node] = true;
  }

  /** Makes a query of the vector at hand. */
  private void search() {
    System.arraycopy(vector, 0, query.vector(), 0, vector.length);
    space.prepare(query);
  }

  private void report(int m, BuildMonitor monitor) {
    if ((m + 1) % REPORT_EVERY == 0) {
      monitor.progress(done);
    }
  }

  private void reserve(int n) {
    if (batch.length < n) {
      batch = new int[2 * n];
      distances = new float[2 * n];
    }
  }
}
