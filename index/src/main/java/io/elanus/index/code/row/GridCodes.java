package io.elanus.index.code.row;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Crew;
import io.elanus.index.code.CodeRoom;
import io.elanus.index.code.CodeSpace;
import io.elanus.index.distance.PairDistances;
import io.elanus.kernel.code.CodeLayout;
import io.elanus.kernel.code.CodeQuery;
import io.elanus.kernel.code.CodeRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * So many bits for each coordinate, on a grid that is scaled row by row, so that no row costs
 * another its precision. Since the space is rotated, coordinates of a row are as good as normal,
 * and the grid reaches as far as loses least then.
 *
 * @param codes rows as {@link CodeLayout} says
 */
public record GridCodes(MemorySegment codes, CodeLayout layout, boolean euclidean)
    implements RowCodes {
  private static final CodeRows KERNEL = CodeRows.best();
  private static final int PIECE = 256;
  private static final int SIGNED_MAX = 127;

  /** Encodes all rows, by as many threads as the monitor lends. */
  public static GridCodes encode(
      PlacedVectors rows, int bits, Arena arena, BuildMonitor monitor, IntConsumer progress) {
    CodeLayout layout = CodeLayout.grid(rows.width(), bits);
    MemorySegment codes = CodeRoom.parts(arena, (long) layout.rowBytes() * rows.count())[0];
    GridCodes made = new GridCodes(codes, layout, rows.space().euclidean());
    Crew.run(rows.count(), PIECE, monitor.helpers(), () -> made.encoder(rows), progress);
    return made;
  }

  private Crew.Worker encoder(PlacedVectors rows) {
    byte[] code = new byte[layout.cells()];
    float[] worth = new float[layout.cells()];
    return (from, to) -> {
      for (int row = from; row < to; row++) {
        put(row, rows.row(row), code, worth);
      }
    };
  }

  /** How far a grid reaches, in deviations of a coordinate: least squares for normal ones. */
  private static double reach(int bits) {
    return switch (bits) {
      case 4 -> 2.68;
      case 6 -> 3.33;
      default -> 4;
    };
  }

  private void put(int row, float[] values, byte[] code, float[] worth) {
    double squared = 0;
    double widest = 0;
    for (float value : values) {
      squared += (double) value * value;
      widest = Math.max(widest, Math.abs(value));
    }
    double far = Math.min(widest, reach(layout.bits()) * Math.sqrt(squared / values.length));
    int levels = 1 << layout.bits();
    double scale = far > 0 ? (layout.bits() == 8 ? SIGNED_MAX : levels / 2) / far : 0;
    for (int d = 0; d < values.length; d++) {
      if (layout.bits() == 8) {
        long value = Math.round(values[d] * scale);
        code[d] = (byte) Math.clamp(value, -SIGNED_MAX, SIGNED_MAX);
        worth[d] = code[d];
      } else {
        double place = Math.floor(values[d] * scale + levels / 2);
        code[d] = (byte) Math.clamp(place, 0, levels - 1);
        worth[d] = 2 * code[d] - (levels - 1);
      }
    }
    CodeFacts facts = CodeFacts.of(values, worth, euclidean);
    layout.put(codes, row, code);
    layout.putFacts(codes, row, facts.add(), facts.factor());
  }

  @Override
  public List<MemorySegment> parts() {
    return List.of(codes);
  }

  @Override
  public RowCodes.Scan scan(CodeSpace.Query query) {
    return new Scan(query.vector());
  }

  /** A query of one digit to walk with, one of two digits to answer. */
  private final class Scan implements RowCodes.Scan {
    private final float[] vector;
    private final CodeQuery coarse;
    private final int[] oneRow = new int[1];
    private final float[] one = new float[1];

    Scan(float[] vector) {
      this.vector = vector;
      this.coarse = query(false);
    }

    private CodeQuery query(boolean fine) {
      float base = CodeFacts.base(vector, euclidean);
      return CodeQuery.grid(layout, vector, base, CodeFacts.times(euclidean), fine);
    }

    @Override
    public float to(int row) {
      oneRow[0] = row;
      to(oneRow, 1, one);
      return one[0];
    }

    @Override
    public void to(int[] rows, int count, float[] out) {
      KERNEL.distances(coarse, codes, rows, count, out);
    }

    @Override
    public void measure(int[] rows, int count, float[] out) {
      KERNEL.distances(query(true), codes, rows, count, out);
    }
  }

  /** Distances between codes, for a graph that is built over nothing else. */
  public PairDistances pairs() {
    return new Pairs();
  }

  private final class Pairs implements PairDistances {
    private final CodeQuery query = CodeQuery.row(layout);
    private final int[] oneRow = new int[1];
    private final float[] one = new float[1];

    @Override
    public PairDistances queryRow(int row) {
      float base = euclidean ? layout.add(codes, row) : 0;
      query.take(codes, row, base, CodeFacts.times(euclidean) * layout.factor(codes, row));
      return this;
    }

    @Override
    public PairDistances sibling() {
      return new Pairs();
    }

    @Override
    public float to(int row) {
      oneRow[0] = row;
      to(oneRow, 1, one);
      return one[0];
    }

    @Override
    public void to(int[] rows, int count, float[] out) {
      KERNEL.distances(query, codes, rows, count, out);
    }
  }
}
