package io.elanus.index.disk;

import io.elanus.index.VectorData;
import io.elanus.model.schema.DataType;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;

/**
 * How nodes lie in pages of {@value #PAGE} bytes. A node is read whole with as few pages as can be:
 * several share one, or one takes several for itself.
 *
 * <pre>
 * vector      as in the segment, padded to a multiple of 4
 * count       of neighbours (4)
 * neighbours  {@code degree} rows of 4 bytes, those past the count zero
 * </pre>
 */
record NodeLayout(int dim, DataType type, int degree) {
  static final int PAGE = 4096;

  private int countAt() {
    return (int) (type.vectorBytes(dim) + 3) & -4;
  }

  int nodeBytes() {
    return countAt() + 4 + 4 * degree;
  }

  /** Nodes of a page, 0 where one takes several pages. */
  int nodesPerPage() {
    return PAGE / nodeBytes();
  }

  /** Bytes read for a node. */
  int readBytes() {
    return (nodeBytes() + PAGE - 1) & -PAGE;
  }

  /** Where the pages of a node begin. */
  long pageOf(int row) {
    int shared = Math.max(1, nodesPerPage());
    return (long) (row / shared) * readBytes();
  }

  /** Where a node begins. */
  long offset(int row) {
    int shared = Math.max(1, nodesPerPage());
    return pageOf(row) + (long) (row % shared) * nodeBytes();
  }

  long pageBytes(int rows) {
    return rows == 0 ? 0 : pageOf(rows - 1) + readBytes();
  }

  /**
   * Writes a node.
   *
   * @param at where it begins in {@code into}
   */
  void put(VectorData vectors, int row, int[] neighbors, int count, MemorySegment into, long at) {
    MemorySegment.copy(vectors.values(), vectors.offset(row), into, at, vectors.vectorBytes());
    into.set(FileHeader.INT, at + countAt(), count);
    MemorySegment.copy(neighbors, 0, into, FileHeader.INT, at + countAt() + 4, count);
  }

  /** Reads a node's neighbours and answers how many there are. */
  int neighbors(MemorySegment pages, int row, int[] into) {
    long at = offset(row) + countAt();
    int count = pages.get(FileHeader.INT, at);
    if (count < 0 || count > degree) {
      throw FileHeader.corrupt(DiskFile.WHAT + " is damaged");
    }
    MemorySegment.copy(pages, FileHeader.INT, at + 4, into, 0, count);
    return count;
  }

  /** Copies a node's vector to a row of dense ones. */
  void vector(MemorySegment pages, int row, MemorySegment into, int place) {
    long bytes = type.vectorBytes(dim);
    MemorySegment.copy(pages, offset(row), into, bytes * place, bytes);
  }
}
