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

  /** Arithmetic on numbers: integers stay integers unless a side is floating. */
  record Arithmetic(char op, Operand left, Operand right) implements Operand {
    /** Stands for {@code **}. */
    static final char POWER = 'p';
  }
}
