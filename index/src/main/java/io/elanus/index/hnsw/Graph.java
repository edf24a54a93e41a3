package io.elanus.index.hnsw;

/** Adjacency of a layered graph, as a walk sees it. */
public interface Graph {
  /** Nodes, numbered as the segment's rows. */
  int size();

  /** Where walks start, −1 for an empty graph. */
  int entryNode();

  /** The entry node's layer; 0 is the ground. */
  int topLayer();

  /** Copies a node's neighbours on a layer and answers how many. */
  int neighbors(int node, int layer, int[] into);

  /** The next row with the same vector as this one, −1 for none; see {@link Twins}. */
  int nextTwin(int row);

  /** Most neighbours a node can have on any layer. */
  int degreeMax();
}
