package io.elanus.engine.range;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts rows into slices by their keys: a sample of the keys makes fine buckets (for each value of
 * the sample those rows that have it, and for each pair of neighbours those between), all rows are
 * counted into them, and neighbouring buckets are packed. So the memory is bounded by the sample
 * and the sizes of slices are exact, as in the bucketing of a sample sort (Frazer and McKellar
 * 1970).
 */
public final class SplitPoints {
  private final List<@Nullable Object> values;

  /**
   * Rows from one place in the order of buckets to another, not included.
   *
   * @param firstRow how many rows of the first bucket belong to the slice before
   * @param lastRow how many of the last bucket belong to this one
   */
  public record Slice(int firstBucket, long firstRow, int lastBucket, long lastRow) {
    /**
     * @param row the how manieth of its bucket it is, from 0
     */
    public boolean beginsAfter(int bucket, long row) {
      return firstBucket > bucket || (firstBucket == bucket && firstRow > row);
    }
  }

  /**
   * @param sample keys of rows picked at random, in any order
   */
  public SplitPoints(List<@Nullable Object> sample) {
    List<@Nullable Object> sorted = new ArrayList<>(sample);
    sorted.sort(KeyRange::compare);
    values = new ArrayList<>();
    for (Object value : sorted) {
      if (values.isEmpty() || KeyRange.compare(values.getLast(), value) != 0) {
        values.add(value);
      }
    }
  }

  /** How many buckets there are; odd ones hold rows of one value. */
  public int buckets() {
    return 2 * values.size() + 1;
  }

  /** Of a row with this key. */
  public int bucket(@Nullable Object key) {
    int at = Collections.binarySearch(values, key, KeyRange::compare);
    return at >= 0 ? 2 * at + 1 : 2 * (-at - 1);
  }

  /**
   * Packs buckets into slices of about {@code share} rows, and of {@code most} at most, where no
   * bucket between two values of the sample has more. A value of more rows than that is spread over
   * several slices; any other one stays in one.
   *
   * @param counts rows of each bucket
   */
  public static List<Slice> cut(long[] counts, long share, long most) {
    List<Slice> slices = new ArrayList<>();
    int firstBucket = 0;
    long firstRow = 0;
    long taken = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      long row = 0;
      boolean spread = bucket % 2 == 1 && counts[bucket] > most;
      if (!spread && taken > 0 && taken + counts[bucket] > most) {
        slices.add(new Slice(firstBucket, firstRow, bucket, 0));
        firstBucket = bucket;
        firstRow = 0;
        taken = 0;
      }
      while (spread && counts[bucket] - row > share - taken) {
        row += share - taken;
        slices.add(new Slice(firstBucket, firstRow, bucket, row));
        firstBucket = bucket;
        firstRow = row;
        taken = 0;
      }
      taken += counts[bucket] - row;
      if (taken >= share) {
        slices.add(new Slice(firstBucket, firstRow, bucket + 1, 0));
        firstBucket = bucket + 1;
        firstRow = 0;
        taken = 0;
      }
    }
    if (taken > 0) {
      slices.add(new Slice(firstBucket, firstRow, counts.length, 0));
    }
    return slices;
  }
}
