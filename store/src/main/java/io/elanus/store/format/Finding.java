package io.elanus.store.format;

/**
 * Something that an examination of bytes at rest found.
 *
 * @param where the file or entry, as a person finds it below the data folder
 * @param problem what is wrong, a clause
 * @param remedy what to do, a clause
 */
public record Finding(Severity severity, String where, String problem, String remedy) {
  /** How bad it is. */
  public enum Severity {
    /** Nothing is lost and nothing need be done: what a crash leaves, and the next start clears. */
    NOTE,
    /** Nothing is lost; something is slower or missing until it is made again. */
    WARNING,
    /** Rows or names are lost or cannot be read. */
    DAMAGE
  }

  public static Finding note(String where, String problem) {
    return new Finding(Severity.NOTE, where, problem, "nothing; the next start clears it");
  }

  public static Finding warning(String where, String problem, String remedy) {
    return new Finding(Severity.WARNING, where, problem, remedy);
  }

  public static Finding damage(String where, String problem, String remedy) {
    return new Finding(Severity.DAMAGE, where, problem, remedy);
  }
}
