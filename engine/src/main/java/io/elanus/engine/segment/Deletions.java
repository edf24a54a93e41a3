package io.elanus.engine.segment;

import io.elanus.index.RowBitmap;
import org.jspecify.annotations.Nullable;

/**
 * When rows of one segment were deleted: a timestamp per row, 0 for none, in blocks that exist only
 * where something was deleted.
 *
 * <p>One writer at a time (the shard's write lock). Readers need no lock: they ask for a timestamp
 * that was published after the deletes at or below it were recorded, and ignore what is later.
 */
public final class Deletions {
  private static final int BLOCK = 4096;

  private volatile long[] @Nullable [] blocks = new long[0] @Nullable [];
  private volatile int count;
  private volatile long newest;
  private long attempts;

  /** Records a delete; the first one of a row stays. Answers whether it was the first. */
  public boolean delete(int row, long timestamp) {
    attempts++;
    int index = row / BLOCK;
    long[] @Nullable [] present = grown(index);
    long[] block = present[index];
    if (block == null) {
      block = new long[BLOCK];
      present[index] = block;
    }
    if (block[row % BLOCK] != 0) {
      return false;
    }
    block[row % BLOCK] = timestamp;
    newest = Math.max(newest, timestamp);
    // Publishes the block's content to readers, who read the count first.
    count++;
    return true;
  }

  private long[] @Nullable [] grown(int index) {
    long[] @Nullable [] present = blocks;
    if (index >= present.length) {
      present = java.util.Arrays.copyOf(present, Math.max(index + 1, present.length * 2));
      blocks = present;
    }
    return present;
  }

  /** Rows looked at by deletes so far, first ones or not: what they cost. For the writer. */
  public long attempts() {
    return attempts;
  }

  /** Rows deleted so far. */
  public int count() {
    return count;
  }

  /**
   * All deletions so far as they are seen at a timestamp; null where some came later than it.
   *
   * @param known an earlier answer for the same rows, or null; given back while nothing changed
   */
  public @Nullable Left left(@Nullable Left known, int rowCount, long at) {
    int before = count;
    // A deletion that comes from here on is later than what readers were given to ask for.
    if (newest > at) {
      return null;
    }
    if (known != null && known.deletions == before) {
      return known;
    }
    RowBitmap rows = RowBitmap.full(rowCount);
    clear(rows, at);
    return new Left(before, rows);
  }

  /**
   * What some deletions left.
   *
   * @param rows not to be changed
   */
  public record Left(int deletions, RowBitmap rows) {}

  /** The row's delete timestamp, 0 for none. */
  public long timestamp(int row) {
    if (count == 0) {
      return 0;
    }
    long[] @Nullable [] present = blocks;
    int index = row / BLOCK;
    if (index >= present.length) {
      return 0;
    }
    long[] block = present[index];
    return block == null ? 0 : block[row % BLOCK];
  }

  /** Clears the rows deleted at or before the timestamp. */
  public void clear(RowBitmap rows, long at) {
    if (count == 0) {
      return;
    }
    long[] @Nullable [] present = blocks;
    for (int b = 0; b < present.length; b++) {
      long[] block = present[b];
      int first = b * BLOCK;
      int n = Math.min(BLOCK, rows.size() - first);
      if (block != null) {
        for (int i = 0; i < n; i++) {
          if (block[i] != 0 && block[i] <= at) {
            rows.clear(first + i);
          }
        }
      }
    }
  }

  /** Calls back for every deleted row below {@code rowCount}, ascending. */
  public void forEach(int rowCount, Visitor visitor) {
    long[] @Nullable [] present = blocks;
    for (int b = 0; b < present.length; b++) {
      long[] block = present[b];
      for (int i = 0; block != null && i < BLOCK && b * BLOCK + i < rowCount; i++) {
        if (block[i] != 0) {
          visitor.deleted(b * BLOCK + i, block[i]);
        }
      }
    }
  }

  /** Receives deleted rows. */
  public interface Visitor {
    void deleted(int row, long timestamp);
  }
}
