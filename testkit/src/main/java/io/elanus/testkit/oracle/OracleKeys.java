package io.elanus.testkit.oracle;

import java.util.Arrays;
import java.util.Comparator;

/** The order of primary keys: numbers by value, texts by code point. */
final class OracleKeys {
  static final Comparator<Object> ORDER =
      (a, b) ->
          a instanceof Long x && b instanceof Long y
              ? Long.compare(x, y)
              : Arrays.compare(
                  a.toString().codePoints().toArray(), b.toString().codePoints().toArray());

  private OracleKeys() {}
}
