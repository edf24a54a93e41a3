package io.elanus.index.hnsw;

import io.elanus.index.BuildMonitor;
import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.Scorer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Builds the graph by inserting row after row (Malkov and Yashunin 2016, algorithms 1 and 4), with
 * hnswlib's meaning of M (2·M neighbours on the ground layer) and efConstruction. The ground layer
 * lies off the heap in the form in which it is written.
 */
final class HnswBuilder implements Graph {
  private static final int REPORT_EVERY = 256;
  private static final int LAYER_MAX = 24;

  private final int count;
  private final int m;
  private final int efConstruction;
  private final Scorer scorer;
  private final Scorer pairs;
  private final MemorySegment ground;
  private final int groundDegree;
  private final int[] @Nullable [] upper;
  private final Twins twins;
  private final GraphWalk walk;
  private final int[] scratchNodes;
  private final float[] scratchDistances;
  private int entry = -1;
  private int top;

  /** The ground layer's memory belongs to the arena. */
  HnswBuilder(Scorer scorer, Twins twins, int m, int efConstruction, Arena arena) {
    this.twins = twins;
    this.count = twins.next().length;
    this.m = m;
    this.efConstruction = efConstruction;
    this.scorer = scorer;
    this.pairs = scorer.sibling();
    this.groundDegree = 2 * m;
    this.ground = arena.allocate(Math.max(4, 4L * (1 + groundDegree) * count), 64);
    this.upper = new int[count] @Nullable [];
    this.scratchNodes = new int[groundDegree + 1];
    this.scratchDistances = new float[groundDegree + 1];
    this.walk = new GraphWalk(this, count);
  }

  void build(long seed, BuildMonitor monitor) {
    SplittableRandom random = new SplittableRandom(seed);
    double scale = 1 / Math.log(m);
    for (int node = 0; node < count; node++) {
      double uniform = 1 - random.nextDouble();
      int layer = (int) Math.min(LAYER_MAX, -Math.log(uniform) * scale);
      if (!twins.follows(node)) {
        insert(node, layer);
      }
      if ((node + 1) % REPORT_EVERY == 0) {
        monitor.progress(node + 1);
      }
    }
    monitor.progress(count);
  }

  private void insert(int node, int layer) {
    if (layer > 0) {
      upper[node] = new int[layer * (1 + m)];
    }
    if (entry < 0) {
      entry = node;
      top = layer;
      return;
    }
    scorer.queryRow(node);
    int nearest = walk.descend(scorer, entry, top, layer);
    for (int at = Math.min(layer, top); at >= 0; at--) {
      NearestHeap found = new NearestHeap(efConstruction);
      walk.nearest(scorer, nearest, at, null, found, Long.MAX_VALUE);
      Neighbors near = found.drain();
      nearest = near.rows()[0];
      int kept = select(near.rows(), near.distances(), near.size(), m, scratchNodes);
      int[] chosen = java.util.Arrays.copyOf(scratchNodes, kept);
      setNeighbors(node, at, chosen, kept);
      for (int neighbor : chosen) {
        linkBack(neighbor, node, at);
      }
      scorer.queryRow(node);
    }
    if (layer > top) {
      entry = node;
      top = layer;
    }
  }

  /**
   * The heuristic of algorithm 4, as hnswlib has it: a candidate is kept unless a kept one is
   * nearer to it than the base is.
   *
   * @param candidates nearest first
   */
  private int select(int[] candidates, float[] distances, int n, int most, int[] into) {
    if (n <= most) {
      System.arraycopy(candidates, 0, into, 0, n);
      return n;
    }
    int kept = 0;
    for (int i = 0; i < n && kept < most; i++) {
      pairs.queryRow(candidates[i]);
      boolean good = true;
      for (int j = 0; j < kept && good; j++) {
        good = pairs.to(into[j]) >= distances[i];
      }
      if (good) {
        into[kept++] = candidates[i];
      }
    }
    return kept;
  }

  /** Adds an edge from a neighbour back to the new node, thinning out when there is no room. */
  private void linkBack(int from, int to, int layer) {
    int most = layer == 0 ? groundDegree : m;
    int[] present = new int[most + 1];
    int n = neighbors(from, layer, present);
    present[n] = to;
    if (n < most) {
      setNeighbors(from, layer, present, n + 1);
      return;
    }
    scorer.queryRow(from);
    scorer.to(present, n + 1, scratchDistances);
    NearestHeap order = new NearestHeap(n + 1);
    for (int i = 0; i <= n; i++) {
      order.offer(scratchDistances[i], present[i]);
    }
    Neighbors sorted = order.drain();
    int kept = select(sorted.rows(), sorted.distances(), n + 1, most, present);
    setNeighbors(from, layer, present, kept);
  }

  private void setNeighbors(int node, int layer, int[] nodes, int n) {
    if (layer == 0) {
      long base = 4L * (1 + groundDegree) * node;
      ground.set(ValueLayout.JAVA_INT, base, n);
      MemorySegment.copy(nodes, 0, ground, ValueLayout.JAVA_INT, base + 4, n);
      return;
    }
    int[] lists = upperOf(node);
    int base = (layer - 1) * (1 + m);
    lists[base] = n;
    System.arraycopy(nodes, 0, lists, base + 1, n);
  }

  private int[] upperOf(int node) {
    int[] lists = upper[node];
    if (lists == null) {
      throw new IllegalStateException("a ground node was met on an upper layer");
    }
    return lists;
  }

  @Override
  public int neighbors(int node, int layer, int[] into) {
    if (layer == 0) {
      long base = 4L * (1 + groundDegree) * node;
      int n = ground.get(ValueLayout.JAVA_INT, base);
      MemorySegment.copy(ground, ValueLayout.JAVA_INT, base + 4, into, 0, n);
      return n;
    }
    int[] lists = upperOf(node);
    int base = (layer - 1) * (1 + m);
    System.arraycopy(lists, base + 1, into, 0, lists[base]);
    return lists[base];
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public int entryNode() {
    return entry;
  }

  @Override
  public int topLayer() {
    return top;
  }

  @Override
  public int degreeMax() {
    return groundDegree;
  }

  int m() {
    return m;
  }

  Twins twins() {
    return twins;
  }

  /** While the graph grows, a vector counts once. */
  @Override
  public int nextTwin(int row) {
    return -1;
  }

  /** The ground layer as it is written: per node the count, then 2·M nodes. */
  MemorySegment groundLayer() {
    return ground.asSlice(0, 4L * (1 + groundDegree) * count);
  }

  /** A node's upper layers, from layer 1 up: per layer the count, then M nodes. */
  int @Nullable [] upperLayers(int node) {
    return upper[node];
  }
}
