package io.elanus.index.ivf;

import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.code.CodeSpace;
import io.elanus.index.code.PlacedRows;
import io.elanus.index.code.SignCodes;
import io.elanus.index.distance.Scorer;
import io.elanus.kernel.NibbleScan;
import io.elanus.model.schema.Metric;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One list of sign codes that takes more rows as they come: IVF_RABITQ with a single list, in
 * memory. Its center is the mean of the rows that were there first; those that lie elsewhere have
 * looser bounds, and are measured more often for it.
 *
 * <p>One thread adds; many may search what is {@link #count there} meanwhile.
 */
public final class GrowingList {
  /** Rows are added in multiples of this, but for the last ones. */
  public static final int STEP = NibbleScan.BLOCK;

  private static final long SEED = 0;

  /** Rows whose mean is the center, roughly. */
  private static final int SAMPLE = 256;

  private final Metric metric;
  private final CodeSpace space;
  private final float[] center;
  private final VectorData origin;
  private final SignCodes codes;
  private final @Nullable MemorySegment inverseNorms;
  private volatile int count;

  /**
   * An empty list.
   *
   * @param sample rows like those that will come, at least one
   * @param rowsMax it has room for
   * @param arena holds the codes
   */
  public GrowingList(VectorData sample, Metric metric, int rowsMax, Arena arena) {
    this.metric = metric;
    // Rows that turn out to be longer than these are as right, up to a factor of 10^12.
    int exponent = CodeSpace.exponent(metric, sample);
    this.space = CodeSpace.of(metric, sample.dim(), exponent, SEED);
    this.center = center(sample, space);
    int width = space.width();
    this.origin = new VectorData(arena.allocate(4L * width, 64), 1, width);
    this.codes = SignCodes.room(rowsMax, width, space.euclidean(), arena);
    boolean computed = metric == Metric.COSINE && sample.inverseNorms() == null;
    this.inverseNorms = computed ? arena.allocate(4L * rowsMax, 64) : null;
  }

  /** Of some rows from first to last; none for inner products. */
  private static float[] center(VectorData sample, CodeSpace space) {
    float[] center = new float[space.width()];
    int step = Math.max(1, sample.count() / SAMPLE);
    int rows = (sample.count() + step - 1) / step;
    for (int row = 0; row < sample.count() && space.euclidean(); row += step) {
      float[] vector = space.row(sample.vector(row));
      for (int d = 0; d < center.length; d++) {
        center[d] += vector[d] / rows;
      }
    }
    return center;
  }

  /** Rows that have codes. */
  public int count() {
    return count;
  }

  /**
   * Adds the rows that follow those that are there.
   *
   * @param rows all of the list's rows so far
   * @param to how many shall have codes; a multiple of {@link #STEP} unless none follow
   */
  public void add(VectorData rows, int to) {
    int from = count;
    if (from % STEP != 0) {
      throw new IllegalStateException("rows after the last ones");
    }
    VectorData fresh = rows.slice(from, to - from);
    MemorySegment norms = inverseNorms;
    if (norms != null) {
      Scorer.inverseNorms(fresh, norms.asSlice(4L * from, 4L * fresh.count()));
    }
    int[] order = new int[fresh.count()];
    Arrays.setAll(order, i -> i);
    int[] starts = {0, order.length};
    PlacedRows placed = new PlacedRows(place(fresh), origin, starts, order, space.euclidean());
    codes.append(placed, from);
    count = to;
  }

  private VectorData place(VectorData rows) {
    int width = space.width();
    float[] values = new float[width * rows.count()];
    for (int row = 0; row < rows.count(); row++) {
      float[] vector = space.row(rows.vector(row));
      for (int d = 0; d < width; d++) {
        values[row * width + d] = vector[d] - center[d];
      }
    }
    return new VectorData(MemorySegment.ofArray(values), rows.count(), width);
  }

  /**
   * An index over the first of the rows.
   *
   * @param rows at most {@link #count}
   */
  public VectorIndex open(VectorData rows) {
    MemorySegment norms = inverseNorms;
    VectorData vectors = norms == null ? rows : rows.withInverseNorms(norms);
    CodedFile.Kind kind = CodedFile.Kind.IVF_RABITQ;
    long bytes = codes.parts().stream().mapToLong(MemorySegment::byteSize).sum();
    Lists lists = Lists.inOrder(kind.what, origin, rows.count());
    CodedFile file = new CodedFile(kind, space, center, lists, codes, null, null, bytes);
    return new CodedIndex(file, vectors, metric);
  }
}
