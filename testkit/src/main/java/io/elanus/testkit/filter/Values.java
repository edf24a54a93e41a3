package io.elanus.testkit.filter;

import io.elanus.testkit.filter.Node.Arithmetic;
import io.elanus.testkit.filter.Node.Operand;
import io.elanus.testkit.json.Json;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Order, equality and arithmetic of Boolean, Long, Double, String and lists. */
final class Values {
  private Values() {}

  /** Null where the two are of kinds that have no order. */
  static @Nullable Integer compare(Object a, Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return numbers(x, y);
    }
    if (a instanceof String x && b instanceof String y) {
      return Arrays.compare(x.codePoints().toArray(), y.codePoints().toArray());
    }
    if (a instanceof Boolean x && b instanceof Boolean y) {
      return Boolean.compare(x, y);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return equal(x, y) ? 0 : null;
    }
    return null;
  }

  static boolean equal(Object a, Object b) {
    if (a instanceof List<?> x && b instanceof List<?> y) {
      boolean same = x.size() == y.size();
      for (int i = 0; same && i < x.size(); i++) {
        same = equal(x.get(i), y.get(i));
      }
      return same;
    }
    Integer order = compare(a, b);
    // An object equals nothing, itself neither; a null within a list equals another.
    return order == null ? a == Json.NULL && b == Json.NULL : order == 0;
  }

  private static int numbers(Number a, Number b) {
    if (!Double.isFinite(a.doubleValue()) || !Double.isFinite(b.doubleValue())) {
      return Double.compare(a.doubleValue(), b.doubleValue());
    }
    return exact(a).compareTo(exact(b));
  }

  private static BigDecimal exact(Number n) {
    return n instanceof Long l ? BigDecimal.valueOf(l) : new BigDecimal(n.doubleValue());
  }

  /** Null where an operand is null or no number, and for divisions by zero. */
  static @Nullable Object arithmetic(
      Arithmetic arithmetic, Function<Operand, @Nullable Object> value) {
    Object result = value.apply(arithmetic.first());
    for (Arithmetic.Step step : arithmetic.steps()) {
      Object right = value.apply(step.operand());
      if (!(result instanceof Number a) || !(right instanceof Number b)) {
        return null;
      }
      result = apply(step.operator(), a, b);
    }
    return result instanceof Number ? result : null;
  }

  private static @Nullable Object apply(String operator, Number a, Number b) {
    if (a instanceof Long x && b instanceof Long y && !operator.equals("**")) {
      return integers(operator, x, y);
    }
    double x = a.doubleValue();
    double y = b.doubleValue();
    double result =
        switch (operator) {
          case "+" -> x + y;
          case "-" -> x - y;
          case "*" -> x * y;
          case "/" -> x / y;
          case "%" -> x % y;
          case "**" -> Math.pow(x, y);
          default -> Double.NaN;
        };
    return Double.isNaN(result) ? null : (Object) result;
  }

  private static @Nullable Object integers(String operator, long x, long y) {
    boolean division = operator.equals("/") || operator.equals("%");
    if (division && y == 0) {
      return null;
    }
    return switch (operator) {
      case "+" -> x + y;
      case "-" -> x - y;
      case "*" -> x * y;
      case "/" -> x / y;
      case "%" -> x % y;
      case "&" -> x & y;
      case "|" -> x | y;
      case "^" -> x ^ y;
      case "<<" -> x << y;
      case ">>" -> x >> y;
      default -> throw new IllegalStateException("no operator " + operator);
    };
  }
}
