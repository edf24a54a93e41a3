package io.elanus.index.code.row;

import io.elanus.index.code.CodeSpace;
import io.elanus.index.distance.RowDistances;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The codes of all rows of a segment, by row number, off the heap. */
public interface RowCodes {
  /** What a file holds of them, in its order. */
  List<MemorySegment> parts();

  /** Distances of the space to the rows for one query, for one thread. */
  Scan scan(CodeSpace.Query query);

  /** Distances as fast as codes give them. */
  interface Scan extends RowDistances {
    /** Distances as exactly as the codes have them, to the first {@code count} of these rows. */
    default void measure(int[] rows, int count, float[] out) {
      to(rows, count, out);
    }
  }
}
