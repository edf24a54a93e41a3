package io.elanus.index.recall;

import io.elanus.index.IndexFile;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The recall that each effort reaches, for some limits and some shares of allowed rows, as it was
 * measured when the index was built. What lies between measured points is interpolated in
 * logarithms, of efforts as of misses, where curves are nearly straight. Recalls are what is
 * assured: the mean over the sample less some standard errors. All numbers little-endian.
 *
 * <pre>
 * shares, limits, efforts: how many (4 each), queries measured (4)
 * shares      double each, falling from 1
 * limits      int each, rising
 * efforts     int each, rising
 * recalls     float each, [share][limit][effort], NaN where it was not measured
 * </pre>
 */
public final class RecallCurve {
  private static final double MISS_MIN = 1e-6;
  private static final double BEYOND_MAX = 4;
  private static final int COUNT_MAX = 64;
  private static final int FIXED_BYTES = 16;

  private final double[] shares;
  private final int[] limits;
  private final int[] efforts;
  private final int queries;
  private final float[] recalls;

  RecallCurve(double[] shares, int[] limits, int[] efforts, int queries, float[] recalls) {
    this.shares = shares;
    this.limits = limits;
    this.efforts = efforts;
    this.queries = queries;
    this.recalls = recalls;
  }

  /** The curve beside an open index, or null where the file is older or was too small for one. */
  public static @Nullable RecallCurve in(MemorySegment file, String what) {
    MemorySegment bytes = IndexFile.appendix(file, what, IndexFile.CURVE);
    if (bytes == null) {
      return null;
    }
    long size = bytes.byteSize();
    int s = size < FIXED_BYTES ? 0 : bytes.get(FileHeader.INT, 0);
    int l = size < FIXED_BYTES ? 0 : bytes.get(FileHeader.INT, 4);
    int e = size < FIXED_BYTES ? 0 : bytes.get(FileHeader.INT, 8);
    boolean sane = fits(s) && fits(l) && fits(e);
    if (!sane || size != bytes(s, l, e)) {
      throw FileHeader.corrupt(what + " has a damaged recall curve");
    }
    double[] shares = new double[s];
    int[] limits = new int[l];
    int[] efforts = new int[e];
    float[] recalls = new float[s * l * e];
    long at = FIXED_BYTES;
    for (int i = 0; i < s; i++, at += 8) {
      shares[i] = Double.longBitsToDouble(bytes.get(FileHeader.LONG, at));
    }
    MemorySegment.copy(bytes, FileHeader.INT, at, limits, 0, l);
    MemorySegment.copy(bytes, FileHeader.INT, at + 4L * l, efforts, 0, e);
    MemorySegment.copy(bytes, FileHeader.FLOAT, at + 4L * (l + e), recalls, 0, recalls.length);
    RecallCurve curve =
        new RecallCurve(shares, limits, efforts, bytes.get(FileHeader.INT, 12), recalls);
    if (!curve.ordered()) {
      throw FileHeader.corrupt(what + " has a damaged recall curve");
    }
    return curve;
  }

  private static boolean fits(int count) {
    return count > 0 && count <= COUNT_MAX;
  }

  private static long bytes(int shares, int limits, int efforts) {
    return FIXED_BYTES + 8L * shares + 4L * limits + 4L * efforts + 4L * shares * limits * efforts;
  }

  /** A damaged curve must not divide by zero or ask for an endless search. */
  private boolean ordered() {
    boolean good = shares[0] <= 1 && limits[0] > 0 && efforts[0] > 0;
    for (int i = 0; i < shares.length; i++) {
      good &= shares[i] > 0 && (i == 0 || shares[i] < shares[i - 1]);
    }
    for (int i = 1; i < limits.length; i++) {
      good &= limits[i] > limits[i - 1];
    }
    for (int i = 1; i < efforts.length; i++) {
      good &= efforts[i] > efforts[i - 1];
    }
    return good;
  }

  /** The appendix, for {@link IndexFile#appendix(int, MemorySegment)}. */
  public MemorySegment bytes() {
    MemorySegment bytes =
        MemorySegment.ofArray(new byte[(int) bytes(shares.length, limits.length, efforts.length)]);
    bytes.set(FileHeader.INT, 0, shares.length);
    bytes.set(FileHeader.INT, 4, limits.length);
    bytes.set(FileHeader.INT, 8, efforts.length);
    bytes.set(FileHeader.INT, 12, queries);
    long at = FIXED_BYTES;
    for (double share : shares) {
      bytes.set(FileHeader.LONG, at, Double.doubleToRawLongBits(share));
      at += 8;
    }
    MemorySegment.copy(limits, 0, bytes, FileHeader.INT, at, limits.length);
    at += 4L * limits.length;
    MemorySegment.copy(efforts, 0, bytes, FileHeader.INT, at, efforts.length);
    at += 4L * efforts.length;
    MemorySegment.copy(recalls, 0, bytes, FileHeader.FLOAT, at, recalls.length);
    return bytes;
  }

  /** Queries that it was measured with. */
  public int queries() {
    return queries;
  }

  /**
   * The effort that reaches a recall. Beyond what was measured it grows in proportion: with the
   * limit, with the rows passed over for each allowed one, and with the misses to be avoided, there
   * at most {@value #BEYOND_MAX} times.
   *
   * @param share of the rows that are allowed where the query lies
   */
  public int effort(double recall, int limit, double share) {
    double within = Math.clamp(share, shares[shares.length - 1], shares[0]);
    int below = 0;
    while (below + 1 < shares.length && shares[below + 1] >= within) {
      below++;
    }
    double effort = logEffort(recall, limit, below);
    if (shares[below] > within) {
      double t = Math.log(shares[below] / within) / Math.log(shares[below] / shares[below + 1]);
      effort += t * (logEffort(recall, limit, below + 1) - effort);
    }
    double beyond = share > 0 && share < within ? within / share : 1;
    return (int) Math.min(Integer.MAX_VALUE / 4, Math.ceil(Math.exp(effort) * beyond));
  }

  /** The recall that an effort reaches; the least or most measured beyond either end. */
  public double recall(int effort, int limit, double share) {
    // Efforts rise with the recall, so that halving finds the one that asks for this effort.
    double low = 0;
    double high = 1 - MISS_MIN;
    for (int i = 0; i < 20; i++) {
      double middle = (low + high) / 2;
      if (effort(middle, limit, share) <= effort) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private double logEffort(double recall, int limit, int share) {
    int last = limits.length - 1;
    if (limit >= limits[last]) {
      return measured(recall, last, share) + Math.log((double) limit / limits[last]);
    }
    int below = 0;
    while (below < last && limits[below + 1] <= limit) {
      below++;
    }
    double effort = measured(recall, below, share);
    if (limit > limits[below]) {
      double t =
          Math.log((double) limit / limits[below])
              / Math.log((double) limits[below + 1] / limits[below]);
      effort += t * (measured(recall, below + 1, share) - effort);
    }
    return effort;
  }

  /**
   * Of one limit and share. The first neighbours of an answer are its easiest, so that what finds
   * more of them is enough for fewer; and a few answers of one row each cannot assure a high
   * recall, where many of ten can.
   */
  private double measured(double recall, int limit, int share) {
    double least = Double.POSITIVE_INFINITY;
    for (int l = limit; l < limits.length; l++) {
      least = Math.min(least, alone(recall, l, share));
    }
    return least;
  }

  private double alone(double recall, int limit, int share) {
    double miss = Math.max(MISS_MIN, 1 - recall);
    double before = Double.NaN;
    double missBefore = 1;
    for (int e = 0; e < efforts.length; e++) {
      double reached = recalls[(share * limits.length + limit) * efforts.length + e];
      if (Double.isNaN(reached)) {
        continue;
      }
      double missHere = Math.min(missBefore, Math.max(MISS_MIN, 1 - reached));
      double here = Math.log(efforts[e]);
      if (missHere <= miss) {
        double steep = Math.log(missBefore / missHere);
        boolean first = Double.isNaN(before) || steep <= 0;
        return first ? here : before + (here - before) * Math.log(missBefore / miss) / steep;
      }
      before = here;
      missBefore = missHere;
    }
    if (Double.isNaN(before)) {
      return Double.POSITIVE_INFINITY;
    }
    return before + Math.log(Math.min(BEYOND_MAX, missBefore / miss));
  }
}
