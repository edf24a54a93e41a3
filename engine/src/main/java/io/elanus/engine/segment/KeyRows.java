package io.elanus.engine.segment;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which rows of a growing segment hold a key: per key the newest row, per row the one before it
 * with the same key. A row costs the same however many versions its key has.
 *
 * <p>One writer; many readers, who find every row that was added before they looked.
 */
final class KeyRows {
  private static final int NONE = -1;

  private final Map<Object, Integer> newest = new ConcurrentHashMap<>();

  /** In blocks of {@link GrowingColumn#BLOCK}; written before the row becomes its key's newest. */
  private volatile int[][] before = new int[0][];

  /** Adds a row, which must be larger than those before. */
  void add(Object key, int row) {
    int block = row / GrowingColumn.BLOCK;
    if (block >= before.length) {
      int[][] more = Arrays.copyOf(before, block + 1);
      more[block] = new int[GrowingColumn.BLOCK];
      before = more;
    }
    before[block][row % GrowingColumn.BLOCK] = newest(key);
    newest.put(key, row);
  }

  /** The key's newest row, −1 for none. */
  int newest(Object key) {
    Integer row = newest.get(key);
    return row == null ? NONE : row;
  }

  /** The next older row with the same key, −1 for none. */
  int before(int row) {
    return before[row / GrowingColumn.BLOCK][row % GrowingColumn.BLOCK];
  }

  /** The key's rows below {@code rowCount}, ascending. */
  int[] rows(Object key, int rowCount) {
    int last = newest(key);
    while (last >= rowCount) {
      last = before(last);
    }
    int n = 0;
    for (int row = last; row >= 0; row = before(row)) {
      n++;
    }
    int[] rows = new int[n];
    for (int row = last; row >= 0; row = before(row)) {
      rows[--n] = row;
    }
    return rows;
  }
}
