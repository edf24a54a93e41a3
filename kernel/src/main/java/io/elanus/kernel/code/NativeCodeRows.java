package io.elanus.kernel.code;

import io.elanus.kernel.NativeCalls;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code code_rows.h}. */
final class NativeCodeRows implements CodeRows {
  private static final MethodHandle GRID_4 = NativeCalls.gathered("elanus_grid4_of");
  private static final MethodHandle GRID_6 = NativeCalls.gathered("elanus_grid6_of");
  private static final MethodHandle GRID_8 = NativeCalls.gathered("elanus_grid8_of");
  private static final MethodHandle BOOK = NativeCalls.gathered("elanus_book_of");

  @Override
  public void distances(CodeQuery query, MemorySegment rows, int[] ids, int count, float[] out) {
    CodeLayout layout = query.layout;
    int cells = layout.cells();
    long stride = layout.rowBytes();
    MemorySegment in = query.segment;
    MemorySegment results = MemorySegment.ofArray(out);
    switch (layout.bits()) {
      case 4 -> NativeCalls.gathered(GRID_4, in, rows, stride, cells, ids, count, results);
      case 6 -> NativeCalls.gathered(GRID_6, in, rows, stride, cells, ids, count, results);
      case 8 -> NativeCalls.gathered(GRID_8, in, rows, stride, cells, ids, count, results);
      default -> NativeCalls.gathered(BOOK, in, rows, stride, cells, ids, count, results);
    }
  }
}
