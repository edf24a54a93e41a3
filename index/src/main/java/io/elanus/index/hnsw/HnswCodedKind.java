package io.elanus.index.hnsw;

/** Which codes a graph's rows have. */
enum HnswCodedKind {
  HNSW_SQ("ELAHNSQ1", "an HNSW_SQ index"),
  HNSW_PQ("ELAHNPQ1", "an HNSW_PQ index"),
  HNSW_PRQ("ELAHNRQ1", "an HNSW_PRQ index");

  final String magic;

  /** For sentences. */
  final String what;

  HnswCodedKind(String magic, String what) {
    this.magic = magic;
    this.what = what;
  }
}
