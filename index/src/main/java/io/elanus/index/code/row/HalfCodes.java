package io.elanus.index.code.row;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Crew;
import io.elanus.index.code.CodeRoom;
import io.elanus.index.code.CodeSpace;
import io.elanus.kernel.FloatRows;
import io.elanus.kernel.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Coordinates as float16 or bfloat16. In the space of codes none is longer than about one, so that
 * none overflows.
 *
 * @param codes per row: {@code width} cells of 2 bytes
 * @param brain bfloat16, the upper half of a float, or else float16
 */
public record HalfCodes(MemorySegment codes, int width, boolean brain, boolean euclidean)
    implements RowCodes {
  private static final ValueLayout.OfShort CELL =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int PIECE = 256;

  /** Encodes all rows, by as many threads as the monitor lends. */
  public static HalfCodes encode(
      PlacedVectors rows, boolean brain, Arena arena, BuildMonitor monitor, IntConsumer progress) {
    MemorySegment codes = CodeRoom.parts(arena, 2L * rows.width() * rows.count())[0];
    HalfCodes made = new HalfCodes(codes, rows.width(), brain, rows.space().euclidean());
    Crew.run(
        rows.count(),
        PIECE,
        monitor.helpers(),
        () ->
            (from, to) -> {
              for (int row = from; row < to; row++) {
                made.put(row, rows.row(row));
              }
            },
        progress);
    return made;
  }

  private void put(int row, float[] values) {
    long at = 2L * width * row;
    for (int d = 0; d < width; d++) {
      short cell = brain ? brainHalf(values[d]) : Float.floatToFloat16(values[d]);
      codes.set(CELL, at + 2L * d, cell);
    }
  }

  /** Rounded to the nearest, ties to even. */
  private static short brainHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  @Override
  public List<MemorySegment> parts() {
    return List.of(codes);
  }

  @Override
  public RowCodes.Scan scan(CodeSpace.Query query) {
    return new Scan(query.vector());
  }

  private final class Scan implements RowCodes.Scan {
    private final FloatRows kernel = brain ? Kernels.best().bfloat16() : Kernels.best().float16();
    private final float[] vector;

    Scan(float[] vector) {
      this.vector = vector;
    }

    @Override
    public float to(int row) {
      long at = 2L * width * row;
      return euclidean ? kernel.squaredL2(vector, codes, at) : -kernel.dot(vector, codes, at);
    }

    @Override
    public void to(int[] rows, int count, float[] out) {
      if (euclidean) {
        kernel.squaredL2s(vector, codes, rows, count, out);
        return;
      }
      kernel.dots(vector, codes, rows, count, out);
      for (int i = 0; i < count; i++) {
        out[i] = -out[i];
      }
    }
  }
}
