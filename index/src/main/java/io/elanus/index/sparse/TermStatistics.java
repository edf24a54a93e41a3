package io.elanus.index.sparse;

import io.elanus.index.RowBitmap;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What BM25 asks of all texts together: how many there are, how long they are on average, and in
 * how many each term of the queries occurs. Added up part by part; not safe for many threads.
 */
public final class TermStatistics {
  private final int[] dimensions;
  private final long[] rowsWith;
  private final Map<Integer, Integer> places = new HashMap<>();
  private long rows;
  private long tokens;

  /**
   * @param dimensions the terms asked for, in any order; one may come twice
   */
  public TermStatistics(int[] dimensions) {
    this.dimensions = Arrays.stream(dimensions).distinct().toArray();
    this.rowsWith = new long[this.dimensions.length];
    for (int i = 0; i < this.dimensions.length; i++) {
      places.put(this.dimensions[i], i);
    }
  }

  /**
   * Adds rows by what an index knows of them.
   *
   * @param among rows that count; null for all
   * @param count how many these are
   */
  public void add(TermRows index, @Nullable RowBitmap among, int count) {
    rows += count;
    tokens += index.tokens(among);
    for (int i = 0; i < dimensions.length; i++) {
      rowsWith[i] += index.rowsWith(dimensions[i], among);
    }
  }

  /**
   * Adds rows by looking at each.
   *
   * @param from the number that the first of the rows has in {@code among}
   * @param among rows that count
   */
  public void add(SparseRows part, int from, RowBitmap among) {
    for (int row = among.next(from);
        row >= 0 && row < from + part.count();
        row = among.next(row + 1)) {
      rows++;
      int end = part.start(row - from + 1);
      for (int entry = part.start(row - from); entry < end; entry++) {
        float occurrences = part.value(entry);
        tokens += (long) occurrences;
        Integer place = places.get(part.index(entry));
        if (place != null && occurrences > 0) {
          rowsWith[place]++;
        }
      }
    }
  }

  /** Tokens of a text, on average; 0 where there are none. */
  public double averageLength() {
    return rows == 0 ? 0 : (double) tokens / rows;
  }

  /** How rare a term is: ln(1 + (N − n + 0.5) / (n + 0.5)), which is above zero. */
  public double rarity(int dimension) {
    Integer place = places.get(dimension);
    double with = place == null ? 0 : rowsWith[place];
    return Math.log1p((rows - with + 0.5) / (with + 0.5));
  }
}
