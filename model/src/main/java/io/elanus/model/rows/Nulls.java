package io.elanus.model.rows;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Validity of a column's rows: a bit set of the null ones, or null when there are none. */
final class Nulls {
  private Nulls() {}

  static @Nullable BitSet select(@Nullable BitSet nulls, int[] rows) {
    if (nulls == null) {
      return null;
    }
    BitSet picked = new BitSet(rows.length);
    for (int i = 0; i < rows.length; i++) {
      if (nulls.get(rows[i])) {
        picked.set(i);
      }
    }
    return picked.isEmpty() ? null : picked;
  }
}
