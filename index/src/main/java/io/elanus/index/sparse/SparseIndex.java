package io.elanus.index.sparse;

import io.elanus.index.Neighbors;

/** An open, immutable index over the sparse vectors of one segment. Safe for many threads. */
public interface SparseIndex {
  /** The index type as users name it. */
  String type();

  int size();

  /** The nearest allowed rows, exactly; equally near ones by row. */
  Neighbors search(SparseQuery query);

  /** Bytes mapped for the index alone, without the rows. */
  long sizeBytes();
}
