package io.elanus.store.time;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.catalog.Catalog;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;

/**
 * Timestamps from a clock that may jump, made strictly growing. A mark that no timestamp has
 * reached is kept in the catalog and moved ahead before it is passed, so that a restart, even with
 * the clock set back, begins above everything handed out.
 */
public final class HybridTimestamps implements Timestamps {
  private static final String KEY = "timestamp/mark";
  private static final long AHEAD_MILLIS = 3_000;

  private final InstantSource clock;
  private final Catalog catalog;
  private long last;
  private long markMillis;

  public HybridTimestamps(InstantSource clock, Catalog catalog) {
    this.clock = clock;
    this.catalog = catalog;
    this.markMillis = catalog.get(KEY).map(HybridTimestamps::mark).orElse(0L);
    this.last = Timestamps.of(markMillis, 0);
  }

  /** A change of the catalog after which everything handed out is above this timestamp. */
  public static Catalog.Change above(long timestamp) {
    return mark(Timestamps.physicalMillis(timestamp) + 1);
  }

  private static Catalog.Change mark(long millis) {
    return new Catalog.Change.Put(KEY, ByteBuffer.allocate(8).putLong(millis).array());
  }

  /** Whether a catalog entry is the mark. */
  public static boolean isMark(String key) {
    return key.equals(KEY);
  }

  private static long mark(Catalog.Entry entry) {
    if (entry.value().length != Long.BYTES) {
      throw new ElanusException(
          ErrorCode.DATA_CORRUPT,
          "the catalog's entry %s has %d bytes instead of 8; restore the catalog from a backup"
              .formatted(KEY, entry.value().length));
    }
    return ByteBuffer.wrap(entry.value()).getLong();
  }

  @Override
  public synchronized long next() {
    // A full logical counter carries over into the milliseconds by plain addition.
    long timestamp = Math.max(last + 1, Timestamps.of(clock.millis(), 0));
    long millis = Timestamps.physicalMillis(timestamp);
    if (millis >= markMillis) {
      extend(millis + AHEAD_MILLIS);
    }
    last = timestamp;
    return timestamp;
  }

  @Override
  public synchronized long last() {
    return last;
  }

  private void extend(long newMark) {
    if (!catalog.commit(List.of(), List.of(mark(newMark)))) {
      throw new ElanusException(ErrorCode.INTERNAL, "the timestamp mark could not be moved");
    }
    markMillis = newMark;
  }
}
