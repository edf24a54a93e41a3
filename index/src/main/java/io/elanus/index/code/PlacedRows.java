package io.elanus.index.code;

import io.elanus.index.VectorData;
import io.elanus.kernel.NibbleScan;

/**
 * Rows in the space of the codes, divided into lists.
 *
 * @param centroids shape [lists × width]
 * @param starts lists + 1: the first position of each list
 * @param order per position: the row
 * @param euclidean whether codes serve squared distances, or else inner products
 */
public record PlacedRows(
    VectorData rows, VectorData centroids, int[] starts, int[] order, boolean euclidean) {
  int width() {
    return rows.dim();
  }

  int lists() {
    return starts.length - 1;
  }

  /** Blocks of 32 codes before each list, where every list begins one; and how many in all. */
  int[] blocks() {
    int[] blocks = new int[starts.length];
    for (int list = 1; list < starts.length; list++) {
      blocks[list] = blocks[list - 1] + NibbleScan.blocks(starts[list] - starts[list - 1]);
    }
    return blocks;
  }
}
