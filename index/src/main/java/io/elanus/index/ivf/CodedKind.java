package io.elanus.index.ivf;

/** Which codes lists hold. */
enum CodedKind {
  IVF_SQ8("ELAIVSQ1", "an IVF_SQ8 index"),
  IVF_RABITQ("ELAIVRQ1", "an IVF_RABITQ index"),
  IVF_PQ("ELAIVPQ1", "an IVF_PQ index"),
  SCANN("ELAISCA1", "a SCANN index");

  final String magic;

  /** For sentences. */
  final String what;

  CodedKind(String magic, String what) {
    this.magic = magic;
    this.what = what;
  }
}
