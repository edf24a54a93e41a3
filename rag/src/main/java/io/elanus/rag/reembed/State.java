package io.elanus.rag.reembed;

import java.util.Locale;

/** Where a re-embedding stands. */
public enum State {
  /** The second collection is being filled. */
  RUNNING,
  /** It holds what the first one holds, and follows it. */
  READY,
  /** It has the names; the first one follows it. */
  SWITCHED,
  /** The first one has its names back; the second one follows it again. */
  ROLLED_BACK,
  /** The collection left behind was dropped, that of the old vectors. */
  FINISHED,
  /** The second collection was dropped. */
  CANCELED,
  /** It cannot go on; the second collection was dropped, if it was not the one in use. */
  FAILED;

  boolean isOver() {
    return this == FINISHED || this == CANCELED || this == FAILED;
  }

  /** Whether both collections hold the same rows, but for the last seconds. */
  boolean isFollowing() {
    return this == READY || this == SWITCHED || this == ROLLED_BACK;
  }

  String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }
}
