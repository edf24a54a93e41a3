package io.elanus.testkit.filter;

import io.elanus.model.schema.Field;
import java.util.List;
import java.util.regex.Pattern;

/** A filter, parsed. Operands have a value in a row, conditions a truth. */
sealed interface Node {
  /** Has a value, or none where it is null. */
  sealed interface Operand extends Node {}

  /** True, false or unknown. */
  sealed interface Condition extends Node {}

  /** Boolean, Long, Double, String or a list of these. */
  record Literal(Object value) implements Operand {}

  record Scalar(Field field) implements Operand {}

  /**
   * A place within a JSON field.
   *
   * @param keys Strings and Longs; empty for the whole value
   */
  record Path(Field field, List<Object> keys) implements Operand {}

  record Element(Field field, long index) implements Operand {}

  record Length(Operand array) implements Operand {}

  /** Operators of one level, applied from the left: chains may be long and must not nest. */
  record Arithmetic(Operand first, List<Step> steps) implements Operand {
    record Step(String operator, Operand operand) {}
  }

  record Constant(boolean value) implements Condition {}

  record Compare(String operator, Operand left, Operand right) implements Condition {}

  record In(Operand operand, List<?> values) implements Condition {}

  record Like(Operand operand, String pattern) implements Condition {}

  record Matches(Operand operand, Pattern pattern) implements Condition {}

  record IsNull(Operand operand) implements Condition {}

  record Contains(Operand array, List<?> values, boolean all) implements Condition {}

  /** Whether the text has at least so many of the query's words. */
  record TextMatch(Field field, String query, long least) implements Condition {}

  record PhraseMatch(Field field, String phrase, long slop) implements Condition {}

  record Not(Condition condition) implements Condition {}

  record And(List<Condition> parts) implements Condition {}

  record Or(List<Condition> parts) implements Condition {}
}
