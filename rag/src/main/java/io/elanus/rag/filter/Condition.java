package io.elanus.rag.filter;

import java.util.List;

/**
 * A filter as a tree, true or false of every chunk. A value that is missing, or is JSON's null, is
 * equal to nothing, in no list, and neither above nor below anything; so its negations are true.
 */
public sealed interface Condition {
  /** True of every chunk. */
  Condition ALWAYS = new And(List.of());

  /** True where all parts are; of nothing it is true. */
  record And(List<Condition> parts) implements Condition {
    public And {
      parts = List.copyOf(parts);
    }
  }

  /** True where a part is; of nothing it is false. */
  record Or(List<Condition> parts) implements Condition {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  record Not(Condition inner) implements Condition {}

  /**
   * @param value Boolean, Long, Double or String
   */
  record Compare(Place place, Relation relation, Object value) implements Condition {}

  /** Whether the value, or one of an array's, is among these. */
  record In(Place place, List<Object> values) implements Condition {
    public In {
      values = List.copyOf(values);
    }
  }

  /** Whether there is a value: a text that is not empty, a tag, something in the metadata. */
  record Exists(Place place) implements Condition {}

  /** How a value lies to a constant. An array is equal to what it holds, and has no order. */
  enum Relation {
    EQUAL("=="),
    ABOVE(">"),
    AT_LEAST(">="),
    BELOW("<"),
    AT_MOST("<=");

    final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case ABOVE -> order > 0;
        case AT_LEAST -> order >= 0;
        case BELOW -> order < 0;
        case AT_MOST -> order <= 0;
      };
    }
  }
}
