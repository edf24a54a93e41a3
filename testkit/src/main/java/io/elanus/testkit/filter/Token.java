package io.elanus.testkit.filter;

import org.jspecify.annotations.Nullable;

/**
 * A word of an expression.
 *
 * @param value of a literal: Long, Double, String, Boolean, BigInteger; else null
 */
record Token(Kind kind, String text, @Nullable Object value, int at) {
  enum Kind {
    LITERAL,
    NAME,
    SYMBOL,
    END
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }
}
