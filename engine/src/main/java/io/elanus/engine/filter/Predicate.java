package io.elanus.engine.filter;

import com.google.re2j.Pattern;
import io.elanus.index.text.Token;
import io.elanus.model.schema.Field;
import java.util.List;

/** A typed filter: true, false or unknown in each row. */
sealed interface Predicate {
  /** The same for every row. */
  record Constant(boolean value) implements Predicate {}

  record And(List<Predicate> parts) implements Predicate {}

  record Or(List<Predicate> parts) implements Predicate {}

  record Not(Predicate inner) implements Predicate {}

  /** The left side is never a literal. */
  record Compare(Op op, Operand left, Operand right) implements Predicate {}

  /** Whether the value is among these. */
  record In(Operand operand, List<Object> values) implements Predicate {}

  record Like(Operand operand, LikePattern pattern) implements Predicate {}

  /** Substring match of a regular expression (RE2: linear time). */
  record Matches(Operand operand, Pattern pattern) implements Predicate {}

  /** Null column, absent path, or JSON null. Never unknown. */
  record IsNull(Operand operand) implements Predicate {}

  /** The path is there and holds something. */
  record Exists(Operand.JsonPath path) implements Predicate {}

  /** Whether an array holds one, all, or any of these. */
  record Contains(Operand array, Mode mode, List<Object> values) implements Predicate {
    enum Mode {
      ALL,
      ANY
    }
  }

  /**
   * Whether a text has at least so many of these words.
   *
   * @param words distinct
   */
  record TextMatch(Field field, List<String> words, int least) implements Predicate {}

  /**
   * Whether a text has these words, moved against each other by no more than {@code slop} places.
   */
  record PhraseMatch(Field field, List<Token> words, int slop) implements Predicate {}

  /** Comparisons. */
  enum Op {
    EQ("=="),
    NE("!="),
    LT("<"),
    LE("<="),
    GT(">"),
    GE(">=");

    final String sign;

    Op(String sign) {
      this.sign = sign;
    }

    static Op of(String sign) {
      for (Op op : values()) {
        if (op.sign.equals(sign)) {
          return op;
        }
      }
      throw new IllegalStateException("no comparison: " + sign);
    }

    /** The comparison with its sides exchanged. */
    Op flipped() {
      return switch (this) {
        case LT -> GT;
        case LE -> GE;
        case GT -> LT;
        case GE -> LE;
        default -> this;
      };
    }

    /** True where this one is false. */
    Op negated() {
      return switch (this) {
        case EQ -> NE;
        case NE -> EQ;
        case LT -> GE;
        case LE -> GT;
        case GT -> LE;
        case GE -> LT;
      };
    }

    boolean holds(int comparison) {
      return switch (this) {
        case EQ -> comparison == 0;
        case NE -> comparison != 0;
        case LT -> comparison < 0;
        case LE -> comparison <= 0;
        case GT -> comparison > 0;
        case GE -> comparison >= 0;
      };
    }
  }
}
