package io.elanus.index.distance;

/** Distances between rows, as a builder of graphs asks for them. */
public interface PairDistances extends RowDistances {
  /** Sets a row as query. */
  PairDistances queryRow(int row);

  /** Another one over the same rows, for another query or thread. */
  PairDistances sibling();
}
