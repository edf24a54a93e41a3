package io.elanus.rag.drift;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/**
 * Questions of one collection: the first few hundred vectors are the baseline, the newest are
 * compared with it. Some 14 KiB, whatever goes by. Safe for many threads.
 */
final class Series {
  /** Vectors of the baseline; nothing is compared before it is full. */
  static final int BASELINE = 512;

  static final int BLOCK = 64;

  /** Of the newest vectors. */
  static final int BLOCKS = 4;

  private final Mean baseline;
  private final Deque<Mean> blocks = new ArrayDeque<>();
  private Mean filling = new Mean();

  Series() {
    this(new Mean(), new Mean());
  }

  /**
   * @param recent what was newest when this was written down; goes when enough has come since
   */
  Series(Mean baseline, Mean recent) {
    this.baseline = baseline;
    if (recent.count() > 0) {
      blocks.add(recent);
    }
  }

  synchronized void add(double[] features) {
    if (baseline.count() < BASELINE) {
      baseline.add(features);
      return;
    }
    filling.add(features);
    if (filling.count() == BLOCK) {
      blocks.addLast(filling);
      filling = new Mean();
      if (blocks.size() > BLOCKS) {
        blocks.removeFirst();
      }
    }
  }

  /** Empty until two blocks have come after the baseline. */
  synchronized OptionalDouble drift() {
    Mean recent = recent();
    return recent.count() < 2 * BLOCK
        ? OptionalDouble.empty()
        : OptionalDouble.of(baseline.drift(recent));
  }

  private Mean recent() {
    Mean all = new Mean();
    blocks.forEach(all::add);
    return all;
  }

  /** One moment's state. */
  record Snapshot(Mean baseline, Mean recent) {}

  synchronized Snapshot snapshot() {
    return new Snapshot(new Mean(baseline.sum(), baseline.count()), recent());
  }
}
