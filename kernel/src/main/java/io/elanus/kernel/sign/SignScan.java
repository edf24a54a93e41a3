package io.elanus.kernel.sign;

import io.elanus.kernel.Kernels;
import java.lang.foreign.MemorySegment;

/** Scans rows that a bitmap allows. Stateless and safe for many threads. */
public interface SignScan {
  /** Rows of one call, allowed or not: some ten microseconds, for which a collector may wait. */
  int ROWS_PER_CALL = 8192;

  /** What a call found. */
  final class Found {
    private final int[] rows = new int[ROWS_PER_CALL + 16];
    private final float[] lows = new float[ROWS_PER_CALL + 16];
    final MemorySegment rowsSegment = MemorySegment.ofArray(rows);
    final MemorySegment lowsSegment = MemorySegment.ofArray(lows);

    /** Allowed rows, ascending, whose least distance is below the bound. */
    public int[] rows() {
      return rows;
    }

    /** Least distances of {@link #rows}, in the same places. */
    public float[] lows() {
      return lows;
    }
  }

  /**
   * Makes a query ready.
   *
   * @param rotated at least as many numbers as codes have bits
   * @param base is added to every row
   * @param times what inner products are multiplied by
   * @param slack is added to every inner product, so that distances are the least that may be
   */
  void prepare(SignQuery query, float[] rotated, float base, float times, float slack);

  /**
   * Scans {@value #ROWS_PER_CALL} rows, or those that are left.
   *
   * @param allowed a bit for each row, row r in word r / 64 at bit r % 64
   * @param first a multiple of 64
   * @return how many rows {@code found} holds
   */
  int scan(SignQuery query, SignRows rows, long[] allowed, int first, float bound, Found found);

  /** Native code where the kernel in force is native, else the reference. */
  static SignScan best() {
    return Best.SCAN;
  }

  /** The reference. */
  static SignScan scalar() {
    return new ScalarSignScan();
  }

  /** Chosen when first asked for. */
  final class Best {
    private static final SignScan SCAN =
        Kernels.best().name().startsWith("native") ? new NativeSignScan() : new ScalarSignScan();

    private Best() {}
  }
}
