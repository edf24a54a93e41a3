package io.elanus.store.time;

/**
 * Hands out hybrid timestamps: physical milliseconds &lt;&lt; 18 | logical counter; strictly
 * growing over the life of the data, restarts and clock jumps included (a high-water mark is
 * persisted ahead of use).
 */
public interface Timestamps {
  int LOGICAL_BITS = 18;

  /** A timestamp greater than every one handed out before. Never blocks for long. */
  long next();

  /** The largest handed out so far. */
  long last();

  static long of(long physicalMillis, long logical) {
    return (physicalMillis << LOGICAL_BITS) | logical;
  }

  static long physicalMillis(long timestamp) {
    return timestamp >>> LOGICAL_BITS;
  }
}
