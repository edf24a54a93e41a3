package io.elanus.kernel.graph;

import java.lang.foreign.MemorySegment;

/**
 * One hop of a walk over a quantised graph: the distance to a node, and estimates for its
 * neighbours. Implementations agree within rounding of the order of summation. Safe for many
 * threads, each with its own query and {@link Found}.
 */
public interface GraphHop {
  /** What a hop found. */
  final class Found {
    /** A kernel may write whole registers past the last neighbour. */
    private static final int ROOM = HopLayout.DEGREE + 16;

    private final int[] nodes = new int[ROOM];
    private final float[] distances = new float[ROOM];
    final MemorySegment nodesSegment = MemorySegment.ofArray(nodes);
    final MemorySegment distancesSegment = MemorySegment.ofArray(distances);

    /** Neighbours whose estimate is below the bound, in their order. */
    public int[] nodes() {
      return nodes;
    }

    /** Estimated squared distances of {@link #nodes}, in the same places. */
    public float[] distances() {
      return distances;
    }

    /** The squared distance to the node itself, as exact as its cells. */
    public float own() {
      return distances[HopLayout.DEGREE];
    }

    void own(float distance) {
      distances[HopLayout.DEGREE] = distance;
    }
  }

  /** "native" or "scalar", for people. */
  String name();

  /** Rotates a vector in place. */
  void rotate(Rotation rotation, float[] vector);

  /** Makes a query ready for hops, once its vector and its rotated vector are in place. */
  void prepare(HopQuery query);

  /**
   * Takes a hop.
   *
   * @param next the node that the next hop will probably be at, or −1; brought into the cache
   * @return how many neighbours {@code found} holds
   */
  int hop(HopQuery query, Nodes nodes, int node, int next, float bound, Found found);

  /**
   * Squared distances to all nodes themselves, as exact as their cells; for few nodes.
   *
   * @param out at least as long as there are nodes
   */
  void owns(HopQuery query, Nodes nodes, float[] out);

  /**
   * The nodes of a graph, off the heap. Whoever searches keeps the segment's arena open: native
   * code gets the bare address.
   */
  final class Nodes {
    private final MemorySegment segment;
    private final HopLayout layout;
    private final int count;
    private final long address;
    private final long stride;

    /**
     * @param segment {@code count} nodes of this layout
     */
    public Nodes(MemorySegment segment, HopLayout layout, int count) {
      if (!segment.isNative() || segment.byteSize() < (long) layout.stride() * count) {
        throw new IllegalArgumentException("a segment that cannot hold these nodes: " + segment);
      }
      this.segment = segment;
      this.layout = layout;
      this.count = count;
      this.address = segment.address();
      this.stride = layout.stride();
    }

    public MemorySegment segment() {
      return segment;
    }

    public HopLayout layout() {
      return layout;
    }

    public int count() {
      return count;
    }

    long address() {
      return address;
    }

    long stride() {
      return stride;
    }
  }
}
