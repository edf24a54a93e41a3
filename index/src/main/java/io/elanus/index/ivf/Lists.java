package io.elanus.index.ivf;

import io.elanus.index.VectorData;
import io.elanus.kernel.NibbleScan;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Open inverted lists: which rows lie at which positions, and around what. */
final class Lists {
  private final String what;
  private final VectorData centroids;
  private final int[] starts;
  private final int[] blocks;
  private final @Nullable MemorySegment rows;

  private Lists(String what, VectorData centroids, int[] starts, @Nullable MemorySegment rows) {
    this.what = what;
    this.centroids = centroids;
    this.starts = starts;
    this.blocks = blocks(starts);
    this.rows = rows;
  }

  /**
   * @param what the kind of file, for the sentence
   * @param starts lists + 1 integers; every position a search reads follows from these few numbers,
   *     so they are looked at here
   */
  static Lists open(
      String what, VectorData centroids, MemorySegment starts, MemorySegment rows, int count) {
    int[] all = new int[centroids.count() + 1];
    for (int list = 0; list < all.length; list++) {
      all[list] = starts.get(FileHeader.INT, 4L * list);
      boolean right = list == 0 ? all[0] == 0 : all[list] >= all[list - 1];
      if (!right || (list == all.length - 1 && all[list] != count)) {
        throw FileHeader.corrupt(what + " has damaged lists");
      }
    }
    return new Lists(what, centroids, all, rows);
  }

  /** One list, of rows as they come. */
  static Lists inOrder(String what, VectorData centroid, int count) {
    return new Lists(what, centroid, new int[] {0, count}, null);
  }

  /** Blocks of 32 codes before each list, where every list begins one; and how many in all. */
  static int[] blocks(int[] starts) {
    int[] blocks = new int[starts.length];
    for (int list = 1; list < starts.length; list++) {
      blocks[list] = blocks[list - 1] + NibbleScan.blocks(starts[list] - starts[list - 1]);
    }
    return blocks;
  }

  VectorData centroids() {
    return centroids;
  }

  int count() {
    return centroids.count();
  }

  /** Rows in all. */
  int rows() {
    return starts[starts.length - 1];
  }

  /** Blocks of 32 codes in all. */
  int blocks() {
    return blocks[blocks.length - 1];
  }

  int start(int list) {
    return starts[list];
  }

  int end(int list) {
    return starts[list + 1];
  }

  /** The first block of a list, where codes lie in blocks. */
  int block(int list) {
    return blocks[list];
  }

  /** The list that holds a position. */
  int of(int position) {
    int at = Arrays.binarySearch(starts, position);
    if (at < 0) {
      return -at - 2;
    }
    // Empty lists start where the next one does; the last of them is the one with rows.
    while (starts[at + 1] == position) {
      at++;
    }
    return at;
  }

  int row(int position) {
    MemorySegment order = rows;
    if (order == null) {
      return position;
    }
    int row = order.get(FileHeader.INT, 4L * position);
    if (row < 0 || row >= rows()) {
      throw FileHeader.corrupt(what + " points outside its segment");
    }
    return row;
  }
}
