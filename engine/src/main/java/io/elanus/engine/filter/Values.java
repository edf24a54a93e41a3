package io.elanus.engine.filter;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Comparison and arithmetic of single values: Boolean, Long, Double, String, List. */
final class Values {
  private Values() {}

  /** Order of two values, or null where their kinds do not compare. */
  static @Nullable Integer compare(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return Long.compare(x, y);
    }
    if (a instanceof Number x && b instanceof Number y) {
      return compareNumbers(x, y);
    }
    if (a instanceof String x && b instanceof String y) {
      return Arrays.compareUnsigned(
          x.getBytes(StandardCharsets.UTF_8), y.getBytes(StandardCharsets.UTF_8));
    }
    if (a instanceof Boolean x && b instanceof Boolean y) {
      return Boolean.compare(x, y);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return sameLists(x, y) ? 0 : null;
    }
    return null;
  }

  /** Whether a long holds this number exactly. */
  static boolean whole(double d) {
    return d == Math.rint(d) && d >= -0x1p63 && d < 0x1p63;
  }

  /** Equal scalars have equal canonical forms: a floating value that is whole is an integer. */
  static Object canonical(Object value) {
    return value instanceof Double d && whole(d) ? (Object) (long) (double) d : value;
  }

  static boolean same(Object a, Object b) {
    Integer order = compare(a, b);
    return order != null && order == 0;
  }

  private static boolean sameLists(List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      Object x = a.get(i);
      Object y = b.get(i);
      if (!(x == null || y == null ? Objects.equals(x, y) : same(x, y))) {
        return false;
      }
    }
    return true;
  }

  /** Exact where a double cannot hold the integer. */
  private static int compareNumbers(Number a, Number b) {
    double x = a.doubleValue();
    double y = b.doubleValue();
    if (x != y || Double.isInfinite(x) || (Math.abs(x) < 1L << 53)) {
      return Double.compare(x + 0.0, y + 0.0);
    }
    return exact(a).compareTo(exact(b));
  }

  private static BigDecimal exact(Number n) {
    return n instanceof Long l ? BigDecimal.valueOf(l) : new BigDecimal(n.doubleValue());
  }

  /** The result, or null for a division by zero. */
  static @Nullable Object arithmetic(char op, Object a, Object b) {
    if (op != Operand.Arithmetic.POWER && a instanceof Long x && b instanceof Long y) {
      return integers(op, x, y);
    }
    double x = ((Number) a).doubleValue();
    double y = ((Number) b).doubleValue();
    double result =
        switch (op) {
          case '+' -> x + y;
          case '-' -> x - y;
          case '*' -> x * y;
          case '/' -> x / y;
          case '%' -> x % y;
          case Operand.Arithmetic.POWER -> Math.pow(x, y);
          default -> Double.NaN;
        };
    return Double.isNaN(result) ? null : (Object) result;
  }

  private static @Nullable Object integers(char op, long x, long y) {
    return switch (op) {
      case '+' -> x + y;
      case '-' -> x - y;
      case '*' -> x * y;
      case '/' -> y == 0 ? null : (Object) (x / y);
      case '%' -> y == 0 ? null : (Object) (x % y);
      case '&' -> x & y;
      case '|' -> x | y;
      case '^' -> x ^ y;
      case '<' -> x << y;
      case '>' -> x >> y;
      default -> throw new IllegalStateException("no arithmetic: " + op);
    };
  }
}
