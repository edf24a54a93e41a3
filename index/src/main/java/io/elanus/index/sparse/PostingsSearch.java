package io.elanus.index.sparse;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorQuery;
import io.elanus.kernel.SumMarks;
import java.util.Arrays;

/**
 * One search over the postings, exact: MaxScore (Turtle and Flood, 1995) window by window.
 *
 * <p>Windows are visited in the order of what their best row could be worth, as long as that is
 * enough. Within one, the blocks that are worth most are added up, one sum per row; the rest of the
 * blocks, which together cannot make a row good enough, only for rows that are near enough already,
 * by looking for their places or, where there are many, by adding the block as well. A sum of
 * impacts is never less than the row's score, so whoever fails is out; the others are measured by
 * the rows themselves, best first.
 */
final class PostingsSearch {
  private static final int WINDOW = PostingsFile.WINDOW;
  private static final int WORDS = WINDOW / 64;

  /** Finding a candidate's place costs as much as adding this many postings. */
  private static final int PROBE_COST = 12;

  /** Looking at all sums of a window costs as much as adding this many postings. */
  private static final int SCAN_COST = 500;

  /** Bounds raised by more than this exclude so little that every row is looked at instead. */
  private static final float RAISE_MAX = 4;

  /** Measuring a row that is not at hand costs as much as adding so many postings, for itself … */
  private static final int ROW_COST = 40;

  /** … and for each of its entries; measured at 100,000 rows of 109 entries. */
  private static final int ENTRY_COST = 5;

  private final PostingsFile file;
  private final SparseRows rows;
  private final Weights weights;
  private final VectorQuery query;
  private final NearestHeap heap;
  // What rounding may have taken from a sum, as a factor of at most 1; see floor().
  private final float slack;
  private final float boundRatio;
  // By how much bounds are raised since they were written under another saturation.
  private final float raise;

  private final int windowCount;
  // Per entry of the query and window, the block plus one, or 0.
  private final int[] blocks;
  private final float[] windowBounds;

  private final float[] sums = new float[WINDOW];
  private final long[] candidates = new long[WORDS];
  private final long[] ranked = new long[WINDOW];
  private final long[] order;
  private final int[] liveBlocks;
  private final float[] liveWeights;
  private final float[] rests;
  private final int[] left;

  PostingsSearch(
      PostingsFile file, SparseRows rows, Weights weights, VectorQuery query, float boundRatio) {
    this.file = file;
    this.rows = rows;
    this.weights = weights;
    this.query = query;
    this.boundRatio = Math.min(1, boundRatio);
    this.raise = raise(file, weights);
    this.heap = new NearestHeap(Math.min(query.limit(), Math.max(1, query.allowedCount())));
    this.slack = Math.max(0, 1 - (weights.size() + 12) * 0x1p-23f);
    this.windowCount = file.windowCount();
    this.blocks = new int[Math.multiplyExact(weights.size(), windowCount)];
    this.windowBounds = new float[windowCount];
    this.order = new long[weights.size()];
    this.liveBlocks = new int[weights.size()];
    this.liveWeights = new float[weights.size()];
    this.rests = new float[weights.size() + 1];
    this.left = new int[weights.size() + 1];
  }

  Neighbors run() {
    long postings = bound();
    long rowCost = ROW_COST + (long) ENTRY_COST * rows.entries() / Math.max(1, rows.count());
    boolean loose = raise > RAISE_MAX;
    if (loose || (query.allowed() != null && query.allowedCount() * rowCost < postings)) {
      return SparseScan.search(rows, weights, query);
    }
    long[] best = new long[windowCount];
    for (int window = 0; window < windowCount; window++) {
      best[window] = rank(windowBounds[window], window);
    }
    Arrays.sort(best);
    for (int i = windowCount - 1; i >= 0; i--) {
      float bound = value(best[i]);
      if (bound <= 0 || bound * boundRatio < floor()) {
        break;
      }
      int window = place(best[i]);
      if (anyAllowed(window)) {
        visit(window);
      }
    }
    return heap.drain();
  }

  /** Finds each window's blocks, and how much its best row could be worth; how many postings. */
  private long bound() {
    long postings = 0;
    for (int entry = 0; entry < weights.size(); entry++) {
      int at = file.find(weights.dimension(entry));
      if (at < 0) {
        continue;
      }
      int end = file.endBlock(at);
      for (int block = file.firstBlock(at); block < end; block++) {
        int window = file.window(block);
        blocks[entry * windowCount + window] = block + 1;
        windowBounds[window] += PostingsFile.STEPS * unit(entry, block);
        postings += file.length(block);
      }
    }
    return postings;
  }

  /** What one step of a block adds to a row's sum. */
  private float unit(int entry, int block) {
    return Math.max(Float.MIN_NORMAL, weights.value(entry) * raise * file.step(block));
  }

  private static float raise(PostingsFile file, Weights weights) {
    Saturation asked = weights.saturation();
    Saturation written = file.saturation();
    return asked == null || written == null ? 1 : Math.nextUp((float) asked.over(written));
  }

  private boolean anyAllowed(int window) {
    RowBitmap allowed = query.allowed();
    if (allowed == null) {
      return true;
    }
    long any = 0;
    int from = window * WORDS;
    int to = Math.min(allowed.words().length, from + WORDS);
    for (int word = from; word < to; word++) {
      any |= allowed.words()[word];
    }
    return any != 0;
  }

  /**
   * Sums below this are of rows that are not among the nearest; 0 where any row still may be. Less
   * than the score that is to be met by what rounding may take from a sum of floats.
   */
  private float floor() {
    float least = Math.max(0, -query.maxDistance());
    if (heap.isFull()) {
      least = Math.max(least, -heap.worst());
    }
    return least * slack;
  }

  private void visit(int window) {
    int live = live(window);
    float floor = floor();
    int added = 0;
    while (added < live && rests[added] >= floor) {
      add(added++);
    }
    int count;
    while (true) {
      count = collect(window, floor - rests[added]);
      if (count == 0 || added == live) {
        break;
      }
      if ((long) count * (live - added) * PROBE_COST < left[added]) {
        while (added < live && count > 0) {
          count = probe(liveBlocks[added], liveWeights[added], floor - rests[added + 1]);
          added++;
        }
        break;
      }
      // Too many to look for one by one: looking again is worth it when half of the rest is added.
      int half = left[added] / 2;
      while (added < live && (left[added] > half || left[added] < SCAN_COST)) {
        add(added++);
      }
    }
    if (count > 0) {
      measure(window * WINDOW);
    }
    Arrays.fill(sums, 0);
  }

  private void add(int i) {
    file.addTo(sums, liveBlocks[i], liveWeights[i]);
  }

  /**
   * The window's blocks, those that are worth most first, and what those from each on are worth.
   */
  private int live(int window) {
    int live = 0;
    for (int entry = 0; entry < weights.size(); entry++) {
      int block = blocks[entry * windowCount + window] - 1;
      if (block >= 0) {
        order[live++] = rank(unit(entry, block), entry);
      }
    }
    Arrays.sort(order, 0, live);
    float rest = 0;
    rests[live] = 0;
    left[live] = 0;
    for (int i = live - 1, from = 0; i >= 0; i--, from++) {
      int entry = place(order[from]);
      liveBlocks[i] = blocks[entry * windowCount + window] - 1;
      liveWeights[i] = value(order[from]);
      rest += PostingsFile.STEPS * liveWeights[i] * boundRatio;
      rests[i] = rest;
      left[i] = left[i + 1] + file.length(liveBlocks[i]);
    }
    return live;
  }

  /** Marks allowed rows whose sum is at least this, and more than nothing. */
  private int collect(int window, float least) {
    SumMarks.atLeast(sums, Math.max(Float.MIN_VALUE, least), candidates);
    int rowsLeft = file.rows() - window * WINDOW;
    RowBitmap allowed = query.allowed();
    int count = 0;
    for (int word = 0; word < WORDS; word++) {
      long bits = candidates[word];
      if (bits != 0) {
        if (allowed != null) {
          int at = window * WORDS + word;
          bits &= at < allowed.words().length ? allowed.words()[at] : 0;
        } else if (rowsLeft < (word + 1) * 64) {
          bits &= rowsLeft <= word * 64 ? 0 : -1L >>> (64 - (rowsLeft - word * 64));
        }
        candidates[word] = bits;
        count += Long.bitCount(bits);
      }
    }
    return count;
  }

  /** Adds a block to the candidates alone, and drops those that are not good enough. */
  private int probe(int block, float unit, float least) {
    int at = file.firstPosting(block);
    int end = file.endPosting(block);
    int count = 0;
    for (int word = 0; word < WORDS; word++) {
      long bits = candidates[word];
      while (bits != 0) {
        int place = (word << 6) + Long.numberOfTrailingZeros(bits);
        long bit = bits & -bits;
        bits ^= bit;
        at = file.seek(place, at, end);
        if (at < end && file.place(at) == place) {
          sums[place] += unit * file.impact(at);
        }
        if (sums[place] < least) {
          candidates[word] ^= bit;
        } else {
          count++;
        }
      }
    }
    return count;
  }

  /** Measures the candidates by their rows, the largest sum first, while one may be good enough. */
  private void measure(int firstRow) {
    int count = 0;
    for (int word = 0; word < WORDS; word++) {
      long bits = candidates[word];
      while (bits != 0) {
        int place = (word << 6) + Long.numberOfTrailingZeros(bits);
        bits &= bits - 1;
        ranked[count++] = rank(sums[place], place);
      }
    }
    for (int i = (count >>> 1) - 1; i >= 0; i--) {
      down(ranked[i], i, count);
    }
    while (count > 0 && value(ranked[0]) >= floor()) {
      SparseScan.offer(rows, weights, query, firstRow + place(ranked[0]), heap);
      count--;
      if (count > 0) {
        down(ranked[count], 0, count);
      }
    }
  }

  private void down(long item, int from, int count) {
    int at = from;
    while (true) {
      int child = 2 * at + 1;
      if (child >= count) {
        break;
      }
      if (child + 1 < count && ranked[child + 1] > ranked[child]) {
        child++;
      }
      if (ranked[child] <= item) {
        break;
      }
      ranked[at] = ranked[child];
      at = child;
    }
    ranked[at] = item;
  }

  // A number that is not negative and where it belongs, in the order of the number.

  private static long rank(float value, int place) {
    return (long) Float.floatToRawIntBits(value) << 32 | place;
  }

  private static float value(long rank) {
    return Float.intBitsToFloat((int) (rank >>> 32));
  }

  private static int place(long rank) {
    return (int) rank;
  }
}
