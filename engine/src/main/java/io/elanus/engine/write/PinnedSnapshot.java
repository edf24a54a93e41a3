package io.elanus.engine.write;

import io.elanus.engine.segment.Lifetime;
import io.elanus.engine.segment.Segment;
import io.elanus.engine.segment.Snapshot;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A snapshot that keeps its segments' memory alive until it is closed. */
final class PinnedSnapshot implements Snapshot {
  private final List<Segment> segments;
  private final List<Lifetime> pinned;
  private final long timestamp;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The lifetimes are pinned already. */
  PinnedSnapshot(List<Segment> segments, List<Lifetime> pinned, long timestamp) {
    this.segments = segments;
    this.pinned = pinned;
    this.timestamp = timestamp;
  }

  @Override
  public List<Segment> segments() {
    return segments;
  }

  @Override
  public long timestamp() {
    return timestamp;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      pinned.forEach(Lifetime::unpin);
    }
  }
}
