package io.elanus.testkit.filter;

import io.elanus.model.schema.DataType;
import java.util.List;

/** What an operand may be compared with. A JSON place may hold anything, and fits everywhere. */
enum Kind {
  BOOL,
  INTEGER,
  FLOATING,
  TEXT,
  LIST,
  JSON;

  boolean number() {
    return this == INTEGER || this == FLOATING;
  }

  boolean comparesWith(Kind other) {
    if (this == JSON || other == JSON) {
      return true;
    }
    return (this == other && this != LIST) || (number() && other.number());
  }

  static Kind of(Node.Operand operand) {
    return switch (operand) {
      case Node.Literal literal -> ofValue(literal.value());
      case Node.Scalar scalar -> ofType(scalar.field().type());
      case Node.Path path -> JSON;
      case Node.Element element ->
          ofType(java.util.Objects.requireNonNull(element.field().elementType()));
      case Node.Length length -> INTEGER;
      case Node.Arithmetic arithmetic -> {
        Kind kind = of(arithmetic.first());
        for (Node.Arithmetic.Step step : arithmetic.steps()) {
          Kind other = of(step.operand());
          boolean floating = kind == FLOATING || other == FLOATING || step.operator().equals("**");
          kind = kind == JSON || other == JSON ? JSON : floating ? FLOATING : INTEGER;
        }
        yield kind;
      }
    };
  }

  static Kind ofValue(Object value) {
    return switch (value) {
      case Boolean b -> BOOL;
      case Double d -> FLOATING;
      case String s -> TEXT;
      case List<?> l -> LIST;
      default -> INTEGER;
    };
  }

  static Kind ofType(DataType type) {
    return switch (type) {
      case BOOL -> BOOL;
      case INT8, INT16, INT32, INT64 -> INTEGER;
      case FLOAT, DOUBLE -> FLOATING;
      case VARCHAR -> TEXT;
      case JSON -> JSON;
      case ARRAY -> LIST;
      case FLOAT_VECTOR,
          FLOAT16_VECTOR,
          BFLOAT16_VECTOR,
          INT8_VECTOR,
          BINARY_VECTOR,
          SPARSE_FLOAT_VECTOR ->
          LIST;
    };
  }
}
