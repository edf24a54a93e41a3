package io.elanus.index.code;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** The codes of all rows of an index, in list order, off the heap. */
public interface Codes {
  /** What a file holds of them, in its order. */
  List<MemorySegment> parts();

  /**
   * A scan for a query in the space of the rows.
   *
   * @param exact whether slacks reach to the true distance, or only to what the codes measure
   */
  CodeScan scan(float[] query, boolean exact);

  /** Codes whose distances are worth answering. */
  interface Measuring extends Codes {
    @Override
    CodeScan.Measuring scan(float[] query, boolean exact);
  }
}
