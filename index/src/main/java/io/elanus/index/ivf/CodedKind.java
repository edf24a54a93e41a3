package io.elanus.index.ivf;

/** Which codes lists hold. */
enum CodedKind {
  IVF_SQ8("ELAIVSQ1", "an IVF_SQ8 index", false),
  IVF_RABITQ("ELAIVRQ1", "an IVF_RABITQ index", true);

  final String magic;

  /** For sentences. */
  final String what;

  /** Whether sign codes are scanned, rather than byte codes. */
  final boolean signs;

  CodedKind(String magic, String what, boolean signs) {
    this.magic = magic;
    this.what = what;
    this.signs = signs;
  }
}
