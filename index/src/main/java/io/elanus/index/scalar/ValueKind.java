package io.elanus.index.scalar;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** How the values of a scalar index are told apart, sorted and written. */
final class ValueKind {
  static final int BOOL = 0;
  static final int INTEGER = 1;
  static final int FLOATING = 2;
  static final int STRING = 3;

  /** Order of {@link #sortable} forms; negative zero equals zero. */
  static final Comparator<Object> ORDER =
      (a, b) -> {
        if (a instanceof byte[] x && b instanceof byte[] y) {
          return Arrays.compareUnsigned(x, y);
        }
        if (a instanceof Double x && b instanceof Double y) {
          return Double.compare(x + 0.0, y + 0.0);
        }
        return Long.compare((Long) a, (Long) b);
      };

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

  /** Long for BOOL and INTEGER, Double, or UTF-8 bytes. */
  static Object sortable(Object value) {
    return switch (value) {
      case Boolean b -> b ? 1L : 0L;
      case String s -> s.getBytes(StandardCharsets.UTF_8);
      default -> value;
    };
  }

  static byte[] bytes(Object sortable) {
    if (sortable instanceof byte[] text) {
      return text;
    }
    long bits = sortable instanceof Double d ? Double.doubleToRawLongBits(d) : (Long) sortable;
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(bits).array();
  }
}
