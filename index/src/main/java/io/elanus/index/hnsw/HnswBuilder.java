package io.elanus.index.hnsw;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Crew;
import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.Twins;
import io.elanus.index.distance.PairDistances;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Builds the graph by inserting row after row (Malkov and Yashunin 2016, algorithms 1 and 4), with
 * hnswlib's meaning of M (2·M neighbours on the ground layer) and efConstruction. The ground layer
 * lies off the heap in the form in which it is written.
 *
 * <p>Several threads insert at a time. Who changes a list holds its lock; who reads one holds none,
 * and may see it half old and half new. That does no harm: a number in a list is that of a node
 * which has its own lists on this layer and below already, for a node is linked from others only
 * when it has, and fences keep it so for all to see.
 */
public final class HnswBuilder implements Graph {
  private static final int PIECE = 64;
  private static final int LAYER_MAX = 24;
  private static final int LOCKS = 1 << 12;

  private final int count;
  private final GraphShape shape;
  private final PairDistances distances;
  private final MemorySegment ground;
  private final int groundDegree;
  private final int m;
  private final int[] @Nullable [] upper;
  private final Twins twins;
  private final Object[] locks = new Object[LOCKS];
  private final Object topLock = new Object();
  private volatile Entry entry = new Entry(-1, 0);

  /** Where walks start. */
  private record Entry(int node, int layer) {}

  /** The ground layer's memory belongs to the arena. */
  public HnswBuilder(PairDistances distances, Twins twins, GraphShape shape, Arena arena) {
    this.twins = twins;
    this.count = twins.next().length;
    this.shape = shape;
    this.m = shape.m();
    this.distances = distances;
    this.groundDegree = shape.groundDegree();
    this.ground = arena.allocate(Math.max(4, 4L * (1 + groundDegree) * count), 64);
    this.upper = new int[count] @Nullable [];
    Arrays.setAll(locks, i -> new Object());
  }

  /** Inserts every row. With helpers the graph depends on who comes first, its quality does not. */
  public void build(long seed, BuildMonitor monitor) {
    byte[] layers = layers(seed);
    int first = 0;
    while (first < count && entry.node() < 0) {
      raise(first, layers[first]);
      first++;
    }
    int from = first;
    Crew.run(
        count - from,
        PIECE,
        monitor.helpers(),
        () -> inserter(layers, from),
        done -> monitor.progress(from + done));
    monitor.progress(count);
  }

  private Crew.Worker inserter(byte[] layers, int offset) {
    Inserter inserter = new Inserter();
    return (from, to) -> {
      for (int node = offset + from; node < offset + to; node++) {
        if (!twins.follows(node)) {
          inserter.insert(node, layers[node]);
        }
      }
    };
  }

  private byte[] layers(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double scale = 1 / Math.log(m);
    byte[] layers = new byte[count];
    for (int node = 0; node < count; node++) {
      double uniform = 1 - random.nextDouble();
      layers[node] = (byte) Math.min(LAYER_MAX, -Math.log(uniform) * scale);
    }
    return layers;
  }

  private void raise(int node, int layer) {
    makeUpper(node, layer);
    entry = new Entry(node, layer);
  }

  private void makeUpper(int node, int layer) {
    if (layer > 0) {
      upper[node] = new int[layer * (1 + m)];
    }
  }

  /** One thread's scratch memory. */
  private final class Inserter {
    private final PairDistances scorer = distances.sibling();
    private final Selection selection = new Selection(distances.sibling(), shape.ease());
    private final GraphWalk walk = new GraphWalk(HnswBuilder.this, count);
    private final int[] present = new int[groundDegree + 1];
    private final float[] presentDistances = new float[groundDegree + 1];
    private final int[][] chosen = new int[LAYER_MAX + 1][];
    private final int[] kept = new int[LAYER_MAX + 1];

    void insert(int node, int layer) {
      if (layer <= entry.layer()) {
        insert(node, layer, entry);
        return;
      }
      synchronized (topLock) {
        Entry above = entry;
        insert(node, layer, above);
        if (layer > above.layer()) {
          entry = new Entry(node, layer);
        }
      }
    }

    private void insert(int node, int layer, Entry from) {
      makeUpper(node, layer);
      scorer.queryRow(node);
      int nearest = walk.descend(scorer, from.node(), from.layer(), layer);
      int highest = Math.min(layer, from.layer());
      for (int at = highest; at >= 0; at--) {
        NearestHeap found = new NearestHeap(shape.efConstruction());
        walk.nearest(scorer, nearest, at, null, found, Long.MAX_VALUE);
        Neighbors near = found.drain();
        nearest = near.rows()[0];
        if (chosen[at] == null) {
          chosen[at] = new int[m];
        }
        kept[at] = selection.choose(near.rows(), near.distances(), near.size(), m, chosen[at]);
      }
      // All own lists stand before others can come here by any of them.
      for (int at = highest; at >= 0; at--) {
        setNeighbors(node, at, chosen[at], kept[at]);
      }
      for (int at = 0; at <= highest; at++) {
        for (int i = 0; i < kept[at]; i++) {
          linkBack(chosen[at][i], node, at);
        }
      }
    }

    /** Adds an edge from a neighbour back to the new node, thinning out when there is no room. */
    private void linkBack(int from, int to, int layer) {
      int most = layer == 0 ? groundDegree : m;
      synchronized (locks[from & LOCKS - 1]) {
        int n = neighbors(from, layer, present);
        present[n] = to;
        if (n < most) {
          setNeighbors(from, layer, present, n + 1);
          return;
        }
        scorer.queryRow(from);
        scorer.to(present, n + 1, presentDistances);
        NearestHeap order = new NearestHeap(n + 1);
        for (int i = 0; i <= n; i++) {
          order.offer(presentDistances[i], present[i]);
        }
        Neighbors sorted = order.drain();
        int left = selection.choose(sorted.rows(), sorted.distances(), n + 1, most, present);
        setNeighbors(from, layer, present, left);
      }
    }
  }

  private void setNeighbors(int node, int layer, int[] nodes, int n) {
    VarHandle.releaseFence();
    if (layer == 0) {
      long base = 4L * (1 + groundDegree) * node;
      MemorySegment.copy(nodes, 0, ground, ValueLayout.JAVA_INT, base + 4, n);
      VarHandle.releaseFence();
      ground.set(ValueLayout.JAVA_INT, base, n);
      return;
    }
    int[] lists = upperOf(node);
    int base = (layer - 1) * (1 + m);
    System.arraycopy(nodes, 0, lists, base + 1, n);
    VarHandle.releaseFence();
    lists[base] = n;
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
      VarHandle.acquireFence();
      MemorySegment.copy(ground, ValueLayout.JAVA_INT, base + 4, into, 0, n);
      return n;
    }
    int[] lists = upperOf(node);
    int base = (layer - 1) * (1 + m);
    int n = lists[base];
    VarHandle.acquireFence();
    System.arraycopy(lists, base + 1, into, 0, n);
    return n;
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public int entryNode() {
    return entry.node();
  }

  @Override
  public int topLayer() {
    return entry.layer();
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
