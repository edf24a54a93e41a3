package io.elanus.engine.filter;

import io.elanus.index.RowBitmap;

/**
 * Three truth values as two sets of rows: those in neither are false. Kleene's logic.
 *
 * @param yes rows where it is true
 * @param unknown rows where it is unknown; disjoint from {@code yes}
 */
record Truth(RowBitmap yes, RowBitmap unknown) {
  static Truth none(int rows) {
    return new Truth(new RowBitmap(rows), new RowBitmap(rows));
  }

  Truth not() {
    return new Truth(yes.copy().or(unknown).not(), unknown);
  }

  /** Rows that are not false. */
  RowBitmap possible() {
    return yes.copy().or(unknown);
  }

  static Truth and(Truth a, Truth b) {
    RowBitmap possible = a.possible().and(b.possible());
    RowBitmap yes = a.yes.copy().and(b.yes);
    return new Truth(yes, possible.andNot(yes));
  }

  static Truth or(Truth a, Truth b) {
    RowBitmap yes = a.yes.copy().or(b.yes);
    return new Truth(yes, a.unknown.copy().or(b.unknown).andNot(yes));
  }
}
