package io.elanus.index.code;

import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;
import io.elanus.kernel.NibbleScan;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * One bit per coordinate: the signs of residuals (RaBitQ; Gao and Long, SIGMOD 2024), in blocks of
 * 32 codes; every list begins a block. Beside them stand, per position, {@code add} and {@code
 * factor} of {@link Residuals}, and per list the {@code spread}.
 *
 * <p>The error of an estimate is that of a random unit vector of the hyperplane across the
 * residual: its deviation is at most {@code factor · |q − c| · √((1 − cosine²) · width / (width −
 * 1))}, of which the spread is the root, at its largest in the list.
 *
 * @param spreads per list: a float
 * @param adds per position: a float
 * @param factors per position: a float
 * @param blocks see {@link NibbleScan}
 */
public record SignCodes(
    MemorySegment spreads,
    MemorySegment adds,
    MemorySegment factors,
    MemorySegment blocks,
    int width,
    boolean euclidean)
    implements Codes {
  /** Deviations that an estimate may err by before a row is lost; 1.9 in the paper. */
  private static final float DEVIATIONS = 2f;

  private static final int REPORT_EVERY = 1024;

  /** Bytes of the four parts. */
  public static long[] bytes(int lists, int rows, int blocks, int width) {
    return new long[] {
      4L * lists, 4L * rows, 4L * rows, blocks * NibbleScan.blockBytes(groups(width))
    };
  }

  private static int groups(int width) {
    return (width + 3) / 4;
  }

  /** Opens the four parts. */
  public static SignCodes open(MemorySegment[] parts, int from, int width, boolean euclidean) {
    return new SignCodes(
        parts[from], parts[from + 1], parts[from + 2], parts[from + 3], width, euclidean);
  }

  /** Encodes rows; progress is told how many are done. */
  public static SignCodes encode(PlacedRows rows, Arena arena, IntConsumer progress) {
    int lists = rows.lists();
    int[] blocks = rows.blocks();
    MemorySegment[] parts =
        CodeRoom.parts(arena, bytes(lists, rows.order().length, blocks[lists], rows.width()));
    SignCodes codes = open(parts, 0, rows.width(), rows.euclidean());
    Residuals residuals = new Residuals(rows);
    for (int list = 0; list < lists; list++) {
      float spread =
          codes.encodeList(rows, list, rows.starts()[list], blocks[list], residuals, progress);
      codes.spreads.set(FileHeader.FLOAT, 4L * list, spread);
    }
    return codes;
  }

  /** Room for codes of one list of at most so many rows, see {@link #append}. */
  public static SignCodes room(int rowsMax, int width, boolean euclidean, Arena arena) {
    long[] bytes = bytes(1, rowsMax, NibbleScan.blocks(rowsMax), width);
    return open(CodeRoom.parts(arena, bytes), 0, width, euclidean);
  }

  /**
   * Encodes more rows of the one list that there is {@link #room} for. Who searches the rows before
   * them meanwhile reads nothing that changes, but for the spread, which only grows.
   *
   * @param rows one list
   * @param first where the first of them goes, a multiple of {@link NibbleScan#BLOCK}
   */
  public void append(PlacedRows rows, int first) {
    Residuals residuals = new Residuals(rows);
    float spread = encodeList(rows, 0, first, first / NibbleScan.BLOCK, residuals, done -> {});
    float before = spreads.get(FileHeader.FLOAT, 0);
    spreads.set(FileHeader.FLOAT, 0, Math.max(before, spread));
  }

  /**
   * Answers the list's spread.
   *
   * @param first the position of the list's first row
   * @param block and its block
   */
  private float encodeList(
      PlacedRows rows, int list, int first, long block, Residuals residuals, IntConsumer progress) {
    int start = rows.starts()[list];
    int count = rows.starts()[list + 1] - start;
    float[] signs = new float[width];
    byte[] bits = new byte[(groups(width) + 1) / 2];
    double spread = 0;
    for (int place = 0; place < count; place++) {
      int position = first + place;
      residuals.take(start + place, list);
      Arrays.fill(bits, (byte) 0);
      for (int d = 0; d < width; d++) {
        boolean positive = residuals.residual[d] >= 0;
        signs[d] = positive ? 1 : -1;
        bits[d / 8] |= (byte) (positive ? 1 << d % 8 : 0);
      }
      Residuals.Facts facts = residuals.facts(signs);
      adds.set(FileHeader.FLOAT, 4L * position, facts.add());
      factors.set(FileHeader.FLOAT, 4L * position, facts.factor());
      spread = Math.max(spread, facts.across());
      NibbleScan.put(
          MemorySegment.ofArray(bits),
          groups(width),
          blocks,
          (block + place / NibbleScan.BLOCK) * NibbleScan.blockBytes(groups(width)),
          place % NibbleScan.BLOCK);
      if ((position + 1) % REPORT_EVERY == 0) {
        progress.accept(position + 1);
      }
    }
    return (float) (spread / Math.sqrt(Math.max(1, width - 1)));
  }

  @Override
  public List<MemorySegment> parts() {
    return List.of(spreads, adds, factors, blocks);
  }

  /** Always to the true distance. */
  @Override
  public CodeScan scan(float[] query, boolean exact) {
    return new Scan(new SubsetTables(query));
  }

  private final class Scan implements CodeScan {
    private final Kernel kernel = Kernels.best();
    private final SubsetTables tables;
    private final int[] sums = new int[CHUNK];
    private final float[] addsHere = new float[CHUNK];
    private ListPlace place = new ListPlace(0, 0, 0, 0, 0);
    private float slack;

    Scan(SubsetTables tables) {
      this.tables = tables;
    }

    @Override
    public void enter(ListPlace list) {
      place = list;
      float spread = spreads.get(FileHeader.FLOAT, 4L * list.list());
      slack = times() * (DEVIATIONS * spread * list.distance() + tables.slack());
    }

    private float times() {
      return euclidean ? 2 : 1;
    }

    @Override
    public void estimate(int first, int count, float[] estimates, float[] slacks) {
      long block = place.block() + (first - place.start()) / NibbleScan.BLOCK;
      kernel
          .nibbles()
          .scan(
              tables.bytes,
              blocks,
              block * NibbleScan.blockBytes(groups(width)),
              NibbleScan.blocks(count),
              sums);
      MemorySegment.copy(adds, FileHeader.FLOAT, 4L * first, addsHere, 0, count);
      MemorySegment.copy(factors, FileHeader.FLOAT, 4L * first, slacks, 0, count);
      float start = tables.start * times();
      float step = tables.step * times();
      float base = place.base();
      for (int i = 0; i < count; i++) {
        float factor = slacks[i];
        estimates[i] = base + addsHere[i] - factor * (start + step * sums[i]);
        slacks[i] = factor * slack;
      }
    }
  }
}
