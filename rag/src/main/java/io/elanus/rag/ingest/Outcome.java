package io.elanus.rag.ingest;

/**
 * What became of a document.
 *
 * @param embedded chunks whose vectors were made
 * @param kept chunks that were there already, with their vectors
 * @param deleted chunks that the document no longer has
 * @param code of a failure; empty otherwise
 * @param message its sentence
 */
public record Outcome(Kind kind, int embedded, int kept, int deleted, String code, String message) {
  /** How it ended. */
  public enum Kind {
    INGESTED,
    UNCHANGED,
    FAILED,
    CANCELED
  }

  static final Outcome UNCHANGED = new Outcome(Kind.UNCHANGED, 0, 0, 0, "", "");

  static Outcome ingested(int embedded, int kept, int deleted) {
    return new Outcome(Kind.INGESTED, embedded, kept, deleted, "", "");
  }

  static Outcome failed(String code, String message) {
    return new Outcome(Kind.FAILED, 0, 0, 0, code, message);
  }

  static Outcome canceled(String message) {
    return new Outcome(Kind.CANCELED, 0, 0, 0, "CANCELED", message);
  }
}
