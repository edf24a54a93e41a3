package io.elanus.model.query;

/**
 * How fresh a read must be.
 *
 * @param level what the caller asked for
 * @param timestamp the hybrid timestamp the read must reach, or 0 where the level says it all
 */
public record Consistency(Level level, long timestamp) {
  /** Milvus's four levels, and a timestamp of the caller's own. */
  public enum Level {
    STRONG,
    SESSION,
    BOUNDED,
    EVENTUALLY,
    CUSTOMIZED
  }

  public static final Consistency STRONG = new Consistency(Level.STRONG, 0);
  public static final Consistency BOUNDED = new Consistency(Level.BOUNDED, 0);
  public static final Consistency EVENTUALLY = new Consistency(Level.EVENTUALLY, 0);

  public static Consistency session(long timestamp) {
    return new Consistency(Level.SESSION, timestamp);
  }

  public static Consistency customized(long timestamp) {
    return new Consistency(Level.CUSTOMIZED, timestamp);
  }
}
