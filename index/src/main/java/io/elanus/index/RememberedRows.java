package io.elanus.index;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sets of rows of one immutable segment that are asked for again and again: what hot filters let
 * pass, a tenant's say. Kept from the second time on, so that filters which come once neither cost
 * more nor take the place of others; the least recently used go first. Safe for many threads.
 */
public final class RememberedRows {
  /** Of small segments. */
  private static final long BYTES_MIN = 1 << 18;

  /** Hashes of keys that were asked for once; another key of the same hash is kept a time early. */
  private static final int ONCE = 256;

  private final long bytesMax;
  private final Map<Object, RowBitmap> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final int[] once = new int[ONCE];
  private int oncePosition;
  private long bytes;

  /**
   * @param rows of the segment; as many bytes are kept at most, which are eight sets of rows
   */
  public RememberedRows(int rows) {
    this.bytesMax = Math.max(BYTES_MIN, rows);
  }

  /**
   * The rows under this key, shared and not to be changed; null where they are not worth keeping.
   *
   * @param key equal keys stand for equal rows, for ever
   * @param make called where they are to be kept from now on
   */
  public @Nullable RowBitmap of(Object key, Supplier<RowBitmap> make) {
    synchronized (this) {
      RowBitmap known = kept.get(key);
      if (known != null) {
        return known;
      }
      if (!wasAskedForOnce(key.hashCode())) {
        once[oncePosition++ % ONCE] = key.hashCode();
        return null;
      }
    }
    RowBitmap made = make.get();
    keep(key, made);
    return made;
  }

  private boolean wasAskedForOnce(int hash) {
    for (int seen : once) {
      if (seen == hash) {
        return true;
      }
    }
    return false;
  }

  private synchronized void keep(Object key, RowBitmap rows) {
    if (kept.putIfAbsent(key, rows) == null) {
      bytes += 8L * rows.words().length;
    }
    Iterator<RowBitmap> eldest = kept.values().iterator();
    while (bytes > bytesMax && eldest.hasNext()) {
      bytes -= 8L * eldest.next().words().length;
      eldest.remove();
    }
  }
}
