package io.elanus.engine.filter;

import io.elanus.model.schema.Field;
import java.util.List;

/** Something that has a value in each row. */
sealed interface Operand {
  /** Boolean, Long, Double, String, or a List of these. */
  record Literal(Object value) implements Operand {}

  /** A whole column. */
  record Column(Field field) implements Operand {}

  /**
   * A value inside a JSON column.
   *
   * @param path keys (String) and array positions (Long); empty for the document itself
   */
  record JsonPath(Field field, List<Object> path) implements Operand {}

  /** An element of an array column; absent past its end. */
  record ArrayElement(Field field, int index) implements Operand {}

  /** The number of elements of an ARRAY column or of a JSON array. */
  record ArrayLength(Operand of) implements Operand {}

  /**
   * Arithmetic on numbers: integers stay integers unless a side is floating.
   *
   * @param kind of the result, kept because asking the sides again at each level of a tree takes
   *     time exponential in its height
   * @param height operators on the longest way down, which typing bounds
   */
  record Arithmetic(char op, Operand left, Operand right, Types.Kind kind, int height)
      implements Operand {
    /** Stands for {@code **}. */
    static final char POWER = 'p';

    static Arithmetic of(char op, Operand left, Operand right) {
      Types.Kind a = Types.of(left);
      Types.Kind b = Types.of(right);
      boolean json = a == Types.Kind.JSON || b == Types.Kind.JSON;
      boolean floating = a == Types.Kind.FLOATING || b == Types.Kind.FLOATING || op == POWER;
      Types.Kind kind =
          json ? Types.Kind.JSON : floating ? Types.Kind.FLOATING : Types.Kind.INTEGER;
      return new Arithmetic(op, left, right, kind, 1 + Math.max(height(left), height(right)));
    }

    private static int height(Operand operand) {
      return operand instanceof Arithmetic arithmetic ? arithmetic.height : 0;
    }
  }
}
