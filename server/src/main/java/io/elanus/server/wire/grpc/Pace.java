package io.elanus.server.wire.grpc;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long calls of one shape took lately; a shape is a hash of what a request asks for, without
 * the vectors it asks about. Learned, not computed: it holds whatever the index, the filter, the
 * machine or pages that are not in memory yet make of a call. A shape never met counts as long.
 *
 * <p>Written by many threads without a lock: a lost sample or two shapes in one slot make an
 * estimate worse, never an answer.
 */
final class Pace {
  private static final int SLOTS = 1024;

  /** Moving average over about so many calls, as a shift. */
  private static final int WINDOW_SHIFT = 2;

  /** One call that the machine's other work held up must not exile its shape for long. */
  private static final int OUTLIER_LIMITS = 4;

  private final long shortNanos;
  private final AtomicLongArray average = new AtomicLongArray(SLOTS);

  /**
   * @param shortNanos up to this a call counts as short
   */
  Pace(long shortNanos) {
    this.shortNanos = shortNanos;
  }

  boolean isShort(int shape) {
    long nanos = average.getPlain(slot(shape));
    return nanos > 0 && nanos <= shortNanos;
  }

  void took(int shape, long nanos) {
    int slot = slot(shape);
    long sample = Math.clamp(nanos, 1, OUTLIER_LIMITS * shortNanos);
    long before = average.getPlain(slot);
    average.setPlain(
        slot, before == 0 ? sample : Math.max(1, before + ((sample - before) >> WINDOW_SHIFT)));
  }

  private static int slot(int shape) {
    // Hashes of strings differ in their low bits mostly; this spreads all of them.
    return (shape * 0x9E3779B9) >>> (Integer.SIZE - Integer.numberOfTrailingZeros(SLOTS));
  }
}
