package io.elanus.index.quantgraph;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Crew;
import io.elanus.index.VectorData;
import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;
import io.elanus.kernel.graph.GraphHop.Nodes;
import io.elanus.kernel.graph.HopQuery;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.ObjIntConsumer;

/**
 * Builds a quantised graph: a first guess from random trees, then passes in which every node is
 * searched for in the graph as it is, its list chosen from what the search met, and edges are made
 * to lead both ways (SymphonyQG, section 3.3; Vamana's pruning). Last, whoever cannot be reached
 * from the entry is linked to a node near it.
 *
 * <p>Within a pass a node's list depends on the lists before the pass alone, so that many threads
 * can work on one, and the graph is the same however many there are.
 */
final class GraphBuilder {
  private static final int TREES = 4;
  private static final int POOL_MAX = 400;
  private static final int PIECE = 64;

  private final Space space;
  private final VectorData vectors;
  private final VectorData rotated;
  private final MemorySegment room;
  private final int[] members;
  private final Adjacency adjacency;
  private final Nodes nodes;
  private final Kernel kernel = Kernels.best();
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
    this.space = space;
    this.vectors = vectors;
    this.rotated = rotated;
    this.room = room;
    this.members = members;
    this.adjacency = new Adjacency(vectors.count());
    this.nodes = new Nodes(room, space.layout(), vectors.count());
    this.entry = center();
  }

  int entry() {
    return entry;
  }

  /** Writes the hubs, once the graph is built. */
  void hubs(int count, long seed, MemorySegment into) {
    Hubs.write(space, vectors, members, encoder(), count, seed, into);
  }

  /**
   * @param effort of the searches
   * @param passes of refinement
   */
  void build(int effort, int passes, long seed, BuildMonitor monitor) {
    encoder().vectors();
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

  private Encoder encoder() {
    return new Encoder(vectors, rotated, space.layout(), room);
  }

  /** The node nearest to the mean. */
  private int center() {
    double[] sums = new double[vectors.dim()];
    float[] vector = new float[vectors.dim()];
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
    each((hand, node) -> hand.guess(forest, node), monitor, 0, 0);
  }

  /** Offers every edge to its other end as well. */
  private void bothWays(BuildMonitor monitor) {
    Adjacency.Reverse reverse = adjacency.reversed();
    each((hand, node) -> hand.bothWays(reverse, node), monitor, done, done);
  }

  private void refine(int effort, int pass, int passes, BuildMonitor monitor) {
    long rows = vectors.count();
    int from = (int) (rows * pass / passes);
    int to = (int) (rows * (pass + 1) / passes);
    each((hand, node) -> hand.refine(node, effort), monitor, from, to);
    done = to;
  }

  private void encode(BuildMonitor monitor) {
    each((hand, node) -> hand.encoder.neighbors(node, adjacency), monitor, done, done);
  }

  /**
   * Does one thing to every member, with all hands.
   *
   * @param from what the monitor is told at the start
   * @param to and at the end
   */
  private void each(ObjIntConsumer<Hand> action, BuildMonitor monitor, int from, int to) {
    Crew.run(
        members.length,
        PIECE,
        monitor.helpers(),
        () -> {
          Hand hand = new Hand();
          return (first, end) -> {
            for (int m = first; m < end; m++) {
              action.accept(hand, members[m]);
            }
          };
        },
        m -> monitor.progress((int) (from + (long) (to - from) * m / members.length)));
  }

  /** Links what no walk can reach to a reachable node near it, until everything is reached. */
  private void reachAll(int effort, BuildMonitor monitor) {
    boolean[] reached = new boolean[vectors.count()];
    int[] queue = new int[members.length];
    Hand hand = new Hand();
    for (int attempt = 0; attempt < 8; attempt++) {
      if (reach(reached, queue) == members.length) {
        return;
      }
      for (int node : members) {
        if (!reached[node]) {
          monitor.progress(done);
          hand.link(node, effort);
          reached[node] = true;
        }
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

  /** One thread's scratch memory, and what it does to a node. */
  private final class Hand {
    private final Encoder encoder = encoder();
    private final Pruning pruning = new Pruning(vectors);
    private final Candidates candidates = new Candidates();
    private final Walk walk = new Walk();
    private final HopQuery query = new HopQuery(space.layout());
    private final Visits seen = new Visits();
    private final float[] vector = new float[vectors.dim()];
    private int[] batch = new int[512];
    private float[] distances = new float[512];

    void guess(Forest forest, int node) {
      candidates.clear();
      for (int i = 0; i < forest.count(node); i++) {
        candidates.add(forest.neighbor(node, i), forest.distance(node, i));
      }
      choose(node);
    }

    void bothWays(Adjacency.Reverse reverse, int node) {
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
    }

    void refine(int node, int effort) {
      search(node, effort);
      candidates.clear();
      seen.clear();
      for (int i = 0; i < walk.hops(); i++) {
        seen.add(walk.rows()[i]);
        if (walk.rows()[i] != node) {
          candidates.add(walk.rows()[i], walk.distances()[i]);
        }
      }
      chooseWithNeighbors(node, 0);
    }

    /** Adds an edge to a node from what a walk finds nearest to it. */
    void link(int node, int effort) {
      search(node, effort);
      int best = 0;
      for (int i = 1; i < walk.hops(); i++) {
        best = walk.distances()[i] < walk.distances()[best] ? i : best;
      }
      int from = walk.rows()[best];
      adjacency.force(from, node);
      encoder.neighbors(from, adjacency);
    }

    private void search(int node, int effort) {
      vectors.copy(node, query.vector());
      space.prepare(query);
      walk.from(nodes, null, query, entry, effort, Integer.MAX_VALUE, null, null);
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
      choose(node);
    }

    private void choose(int node) {
      candidates.settle(POOL_MAX);
      adjacency.set(node, pruning.chosen(), pruning.choose(candidates));
    }

    private void reserve(int n) {
      if (batch.length < n) {
        batch = new int[2 * n];
        distances = new float[2 * n];
      }
    }
  }
}
