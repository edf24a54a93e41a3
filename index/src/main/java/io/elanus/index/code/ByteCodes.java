package io.elanus.index.code;

import io.elanus.kernel.ByteRows;
import io.elanus.kernel.Kernels;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * One byte per coordinate: residuals as integers from −127 to 127, scaled row by row, so that no
 * row costs another its precision. Since the space is rotated, coordinates of one row are alike,
 * and 8 bits leave an error of about 0.8 % of the residual's length. Beside the codes stand, per
 * position, {@code add} and {@code factor} of {@link Residuals}, and per list the largest length of
 * a code.
 *
 * <p>A query has two digits of 8 bits per coordinate. The upper one suffices to exclude most rows;
 * both make its own rounding negligible.
 *
 * @param lengths per list: a float
 * @param adds per position: a float
 * @param factors per position: a float
 * @param codes per position: {@code width} bytes
 */
public record ByteCodes(
    MemorySegment lengths,
    MemorySegment adds,
    MemorySegment factors,
    MemorySegment codes,
    int width,
    boolean euclidean)
    implements Codes.Measuring {
  private static final int CODE_MAX = 127;

  /** What a step of the upper digit is worth in steps of the lower one. */
  private static final int DIGIT = 128;

  /** Deviation of a lower digit, which is as good as uniform in ±64. */
  private static final float LOWER_DEVIATION = 37;

  private static final float DEVIATIONS = 3;
  private static final int REPORT_EVERY = 1024;

  /** Bytes of the four parts. */
  public static long[] bytes(int lists, int rows, int width) {
    return new long[] {4L * lists, 4L * rows, 4L * rows, (long) width * rows};
  }

  /** Opens the four parts. */
  public static ByteCodes open(MemorySegment[] parts, int from, int width, boolean euclidean) {
    return new ByteCodes(
        parts[from], parts[from + 1], parts[from + 2], parts[from + 3], width, euclidean);
  }

  /** Encodes rows; progress is told how many are done. */
  public static ByteCodes encode(PlacedRows rows, Arena arena, IntConsumer progress) {
    int width = rows.width();
    int[] starts = rows.starts();
    MemorySegment[] parts = CodeRoom.parts(arena, bytes(rows.lists(), rows.order().length, width));
    ByteCodes encoded = open(parts, 0, width, rows.euclidean());
    Residuals residuals = new Residuals(rows);
    float[] code = new float[width];
    for (int list = 0; list < rows.lists(); list++) {
      double longest = 0;
      for (int position = starts[list]; position < starts[list + 1]; position++) {
        residuals.take(position, list);
        longest = Math.max(longest, encoded.put(position, residuals, code));
        if ((position + 1) % REPORT_EVERY == 0) {
          progress.accept(position + 1);
        }
      }
      encoded.lengths.set(FileHeader.FLOAT, 4L * list, (float) longest);
    }
    return encoded;
  }

  private double put(int position, Residuals residuals, float[] code) {
    float widest = 0;
    for (float value : residuals.residual) {
      widest = Math.max(widest, Math.abs(value));
    }
    float inverse = widest > 0 ? CODE_MAX / widest : 0;
    for (int d = 0; d < width; d++) {
      code[d] = Math.clamp(Math.round(residuals.residual[d] * inverse), -CODE_MAX, CODE_MAX);
      codes.set(ValueLayout.JAVA_BYTE, (long) width * position + d, (byte) code[d]);
    }
    Residuals.Facts facts = residuals.facts(code);
    adds.set(FileHeader.FLOAT, 4L * position, facts.add());
    factors.set(FileHeader.FLOAT, 4L * position, facts.factor());
    return facts.length();
  }

  @Override
  public List<MemorySegment> parts() {
    return List.of(lengths, adds, factors, codes);
  }

  @Override
  public CodeScan.Measuring scan(float[] query, boolean exact) {
    return new Scan(query, exact);
  }

  /** Estimates by the upper digit of the query, and measures by both. */
  private final class Scan implements CodeScan.Measuring {
    private final ByteRows kernel = Kernels.best().bytes();
    private final byte[] upper = new byte[width];
    private final byte[] lower = new byte[width];
    private final float step;
    private final boolean exact;
    private final int[] sums = new int[CHUNK];
    private final int[] lowerSums = new int[CHUNK];
    private final float[] addsHere = new float[CHUNK];
    private ListPlace place = new ListPlace(0, 0, 0, 0, 0);
    private float slack;

    Scan(float[] query, boolean exact) {
      this.exact = exact;
      float widest = 0;
      for (float value : query) {
        widest = Math.max(widest, Math.abs(value));
      }
      int most = CODE_MAX * DIGIT;
      float inverse = widest > 0 ? most / widest : 0;
      for (int d = 0; d < width; d++) {
        int value = Math.clamp(Math.round(query[d] * inverse), -most, most);
        int high = Math.floorDiv(value + DIGIT / 2, DIGIT);
        upper[d] = (byte) high;
        lower[d] = (byte) (value - high * DIGIT);
      }
      step = widest / most * (euclidean ? 2 : 1);
    }

    @Override
    public void enter(ListPlace list) {
      place = list;
      float length = lengths.get(FileHeader.FLOAT, 4L * list.list());
      slack = DEVIATIONS * LOWER_DEVIATION * step * length;
      if (exact) {
        // A code is off by half a step, uniformly, in units of the factor.
        slack += DEVIATIONS * (euclidean ? 2 : 1) * list.distance() / (float) Math.sqrt(12);
      }
    }

    @Override
    public void estimate(int first, int count, float[] estimates, float[] slacks) {
      kernel.dots(upper, codes, first, count, sums);
      MemorySegment.copy(adds, FileHeader.FLOAT, 4L * first, addsHere, 0, count);
      MemorySegment.copy(factors, FileHeader.FLOAT, 4L * first, slacks, 0, count);
      float base = place.base();
      float digit = step * DIGIT;
      for (int i = 0; i < count; i++) {
        float factor = slacks[i];
        estimates[i] = base + addsHere[i] - factor * (digit * sums[i]);
        slacks[i] = factor * slack;
      }
    }

    @Override
    public void measure(int[] positions, int count, float[] distances) {
      kernel.dots(upper, codes, positions, count, sums);
      kernel.dots(lower, codes, positions, count, lowerSums);
      for (int i = 0; i < count; i++) {
        long at = 4L * positions[i];
        float sum = (float) DIGIT * sums[i] + lowerSums[i];
        float distance =
            place.base()
                + adds.get(FileHeader.FLOAT, at)
                - factors.get(FileHeader.FLOAT, at) * (step * sum);
        distances[i] = euclidean ? Math.max(0, distance) : distance;
      }
    }
  }
}
