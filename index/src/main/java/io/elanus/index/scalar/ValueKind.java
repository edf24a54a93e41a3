package io.elanus.index.scalar;

import java.nio.charset.StandardCharsets;

/** How the values of a scalar index are told apart and sorted. */
final class ValueKind {
  static final int BOOL = 0;
  static final int INTEGER = 1;
  static final int FLOATING = 2;
  static final int STRING = 3;

  private ValueKind() {}

  static int of(Object value) {
    return switch (value) {
      case Boolean ignored -> BOOL;
      case Long ignored -> INTEGER;
      case Double ignored -> FLOATING;
      case String ignored -> STRING;
      default -> throw new IllegalArgumentException("not a scalar: " + value.getClass());
    };
  }

  /** A number whose order as a long is the order of the values; negative zero equals zero. */
  static long key(Object value) {
    return switch (value) {
      case Boolean b -> b ? 1L : 0L;
      case Long n -> n;
      case Double d -> {
        long bits = Double.doubleToLongBits(d + 0.0);
        // Negative doubles order backwards by their bits.
        yield bits ^ ((bits >> 63) & Long.MAX_VALUE);
      }
      default -> throw new IllegalArgumentException("not a number: " + value.getClass());
    };
  }

  /** Sorted by these bytes, unsigned. */
  static byte[] text(Object value) {
    return ((String) value).getBytes(StandardCharsets.UTF_8);
  }
}
