package io.elanus.index.code;

/**
 * Estimates for one query, read from codes; for one thread. Numbers are squared distances or
 * negative inner products in the space of the codes.
 */
public interface CodeScan {
  /** Most positions of one call. */
  int CHUNK = 512;

  /** Goes to a list, which the calls that follow are about. */
  void enter(ListPlace place);

  /**
   * Estimates consecutive positions of the list.
   *
   * @param first a multiple of 32 after the start of the list
   * @param count at most {@value #CHUNK}
   * @param estimates one for each position
   * @param slacks how far the measured distance may be from the estimate, with high probability
   */
  void estimate(int first, int count, float[] estimates, float[] slacks);

  /** Distances by whole codes, which may be answered. */
  interface Measuring extends CodeScan {
    /** Distances to the first {@code count} of these positions of the list. */
    void measure(int[] positions, int count, float[] distances);
  }
}
