package io.elanus.engine.segment;

import java.util.List;

/**
 * One consistent picture of a shard: the segments and the timestamp up to which everything durable
 * is in them. Pins files until closed.
 *
 * @see Segment
 */
public interface Snapshot extends AutoCloseable {
  List<Segment> segments();

  /** Every acknowledged write has a timestamp at or below this. */
  long timestamp();

  @Override
  void close();
}
