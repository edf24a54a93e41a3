package io.elanus.index;

import java.util.Arrays;

/**
 * A set of row numbers of one segment as one bit per row: what filters evaluate to and searches
 * consult. Mutable while it is built; not safe for concurrent writes.
 */
public final class RowBitmap {
  private final long[] words;
  private final int size;

  /** No row set. */
  public RowBitmap(int size) {
    this.size = size;
    this.words = new long[(size + 63) >>> 6];
  }

  private RowBitmap(long[] words, int size) {
    this.words = words;
    this.size = size;
  }

  /** All rows set. */
  public static RowBitmap full(int size) {
    RowBitmap all = new RowBitmap(size);
    Arrays.fill(all.words, -1L);
    all.trim();
    return all;
  }

  /** Number of rows, set or not. */
  public int size() {
    return size;
  }

  /** The bits themselves, row r in word r / 64 at bit r % 64; bits past the size stay zero. */
  public long[] words() {
    return words;
  }

  public boolean get(int row) {
    return (words[row >>> 6] & (1L << row)) != 0;
  }

  public void set(int row) {
    words[row >>> 6] |= 1L << row;
  }

  public void clear(int row) {
    words[row >>> 6] &= ~(1L << row);
  }

  /** Sets rows from (inclusive) to (exclusive). */
  public void setRange(int from, int to) {
    for (int row = from; row < to; ) {
      if ((row & 63) == 0 && to - row >= 64) {
        words[row >>> 6] = -1L;
        row += 64;
      } else {
        set(row++);
      }
    }
  }

  public RowBitmap and(RowBitmap other) {
    for (int i = 0; i < words.length; i++) {
      words[i] &= other.words[i];
    }
    return this;
  }

  public RowBitmap or(RowBitmap other) {
    for (int i = 0; i < words.length; i++) {
      words[i] |= other.words[i];
    }
    return this;
  }

  public RowBitmap andNot(RowBitmap other) {
    for (int i = 0; i < words.length; i++) {
      words[i] &= ~other.words[i];
    }
    return this;
  }

  /** Flips every row. */
  public RowBitmap not() {
    for (int i = 0; i < words.length; i++) {
      words[i] = ~words[i];
    }
    trim();
    return this;
  }

  public RowBitmap copy() {
    return new RowBitmap(words.clone(), size);
  }

  /** Number of rows set. */
  public int cardinality() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /** The first set row at or after this one, or −1. */
  public int next(int from) {
    int word = from >>> 6;
    if (from >= size) {
      return -1;
    }
    long bits = words[word] & (-1L << from);
    while (bits == 0) {
      if (++word == words.length) {
        return -1;
      }
      bits = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /** All set rows, ascending. */
  public int[] toArray() {
    int[] rows = new int[cardinality()];
    int n = 0;
    for (int row = next(0); row >= 0; row = next(row + 1)) {
      rows[n++] = row;
    }
    return rows;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowBitmap b && b.size == size && Arrays.equals(b.words, words);
  }

  @Override
  public int hashCode() {
    return 31 * size + Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return "RowBitmap[" + cardinality() + " of " + size + "]";
  }

  private void trim() {
    if ((size & 63) != 0) {
      words[words.length - 1] &= -1L >>> (64 - (size & 63));
    }
  }
}
