package io.elanus.kernel.sign;

/** The reference, and what serves where no native code loads. */
final class ScalarSignScan implements SignScan {
  @Override
  public void prepare(SignQuery query, float[] rotated, float base, float times, float slack) {
    float widest = SignQuery.widest(rotated, query.bits());
    query.planes(rotated, SignQuery.inverse(widest));
    query.factors(widest, base, times, slack);
  }

  @Override
  public int scan(
      SignQuery query, SignRows rows, long[] allowed, int first, float bound, Found found) {
    int end = Math.min(rows.count(), first + ROWS_PER_CALL);
    int n = 0;
    for (int row = first; row < end; row++) {
      if ((allowed[row >>> 6] & 1L << row) != 0) {
        float inner = query.start() - query.step() * sum(query, rows, row);
        float low = query.base() + rows.add(row) - rows.factor(row) * inner;
        if (low < bound) {
          found.rows()[n] = row;
          found.lows()[n++] = low;
        }
      }
    }
    return n;
  }

  private static int sum(SignQuery query, SignRows rows, int row) {
    int sum = 0;
    int words = rows.words();
    for (int word = 0; word < words; word++) {
      long code = rows.codes().get(SignRows.LONG, 8L * (words * (long) row + word));
      for (int p = 0; p < 4; p++) {
        sum += Long.bitCount(code ^ query.plane(p, word)) << p;
      }
    }
    return sum;
  }
}
