package io.elanus.kernel.code;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Plain loops over codes unpacked. */
final class ScalarCodeRows implements CodeRows {
  @Override
  public void distances(CodeQuery query, MemorySegment rows, int[] ids, int count, float[] out) {
    CodeLayout layout = query.layout;
    long rowCount = rows.byteSize() / layout.rowBytes();
    byte[] code = new byte[layout.cells()];
    byte[] upper = layout.isGrid() ? query.digits(false) : code;
    byte[] lower = layout.isGrid() ? query.digits(true) : code;
    for (int i = 0; i < count; i++) {
      int row = (int) Objects.checkIndex((long) ids[i], rowCount);
      layout.get(rows, row, code);
      float inner = layout.isGrid() ? grid(query, upper, lower, code) : book(query, code);
      out[i] = query.head(0) + layout.add(rows, row) - layout.factor(rows, row) * inner;
    }
  }

  private static float grid(CodeQuery query, byte[] upper, byte[] lower, byte[] code) {
    int sum = 0;
    int fine = 0;
    for (int d = 0; d < code.length; d++) {
      sum += upper[d] * code[d];
      fine += lower[d] * code[d];
    }
    return query.head(1) + query.head(2) * sum + query.head(3) * fine;
  }

  private static float book(CodeQuery query, byte[] code) {
    float sum = 0;
    for (int t = 0; t < code.length; t++) {
      sum += query.table(t, code[t] & 0xff);
    }
    return sum;
  }
}
