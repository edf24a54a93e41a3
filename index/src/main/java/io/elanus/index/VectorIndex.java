package io.elanus.index;

import java.util.Map;

/** An open, immutable index over the vectors of one segment. Safe for many threads. */
public interface VectorIndex {
  /** The index type as users name it, HNSW say. */
  String type();

  /** The type of what the file holds: AUTOINDEX picks among several, others are what they say. */
  default String layout() {
    return type();
  }

  int size();

  /**
   * The nearest allowed rows, approximately as the index's parameters say. Picks by {@code
   * allowedCount} whether to walk the index or to scan the allowed rows exactly.
   */
  Neighbors search(VectorQuery query);

  /** Bytes mapped for the index alone, without the vectors. */
  long sizeBytes();

  /** What it has counted since it was opened, by name; most kinds count nothing. */
  default Map<String, Long> counters() {
    return Map.of();
  }
}
