package io.elanus.engine.filter;

import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which operands may meet. JSON values have no type before they are read, and fit everywhere. */
final class Types {
  private Types() {}

  /** Families that compare with each other. */
  enum Kind {
    BOOL,
    INTEGER,
    FLOATING,
    TEXT,
    LIST,
    JSON
  }

  static Kind of(Operand operand) {
    return switch (operand) {
      case Operand.Literal literal -> of(literal.value());
      case Operand.Column column -> of(column.field().type());
      case Operand.JsonPath ignored -> Kind.JSON;
      case Operand.ArrayElement element -> of(element(element.field()));
      case Operand.ArrayLength ignored -> Kind.INTEGER;
      case Operand.Arithmetic arithmetic -> arithmetic.kind();
    };
  }

  private static Kind of(Object value) {
    return switch (value) {
      case Boolean ignored -> Kind.BOOL;
      case Double ignored -> Kind.FLOATING;
      case String ignored -> Kind.TEXT;
      case List<?> ignored -> Kind.LIST;
      default -> Kind.INTEGER;
    };
  }

  private static Kind of(DataType type) {
    return switch (type) {
      case BOOL -> Kind.BOOL;
      case INT8, INT16, INT32, INT64 -> Kind.INTEGER;
      case FLOAT, DOUBLE -> Kind.FLOATING;
      case VARCHAR -> Kind.TEXT;
      case JSON -> Kind.JSON;
      case ARRAY,
          FLOAT_VECTOR,
          FLOAT16_VECTOR,
          BFLOAT16_VECTOR,
          INT8_VECTOR,
          BINARY_VECTOR,
          SPARSE_FLOAT_VECTOR ->
          Kind.LIST;
    };
  }

  private static DataType element(Field field) {
    DataType type = field.elementType();
    return type == null ? DataType.JSON : type;
  }

  private static boolean numeric(Kind kind) {
    return kind == Kind.INTEGER || kind == Kind.FLOATING;
  }

  /** Lists are equal or not; they have no order. */
  static void refuseOrderOfLists(Predicate.Op op, Operand a, Operand b, Typing typing) {
    boolean equality = op == Predicate.Op.EQ || op == Predicate.Op.NE;
    if (!equality && (of(a) == Kind.LIST || of(b) == Kind.LIST)) {
      throw typing.invalid("comparison invalid type: lists have no order, use == or !=");
    }
  }

  static void refuseMismatch(Operand a, Operand b, Typing typing) {
    Kind left = of(a);
    Kind right = of(b);
    boolean fits =
        left == right
            || left == Kind.JSON
            || right == Kind.JSON
            || (numeric(left) && numeric(right));
    if (!fits || (left == Kind.LIST && right == Kind.LIST)) {
      throw typing.invalid(
          "comparison invalid type: %s cannot be compared with %s".formatted(show(a), show(b)));
    }
  }

  /**
   * The constant as it meets this operand: FLOAT and DOUBLE values meet it in their own precision,
   * so that {@code f == 0.1} finds what was stored as 0.1.
   */
  static Object stored(Operand operand, Object constant) {
    @Nullable DataType type =
        switch (operand) {
          case Operand.Column column when column.field().type() == DataType.ARRAY ->
              column.field().elementType();
          case Operand.Column column -> column.field().type();
          case Operand.ArrayElement element -> element.field().elementType();
          default -> null;
        };
    if (type == null || !type.isFloating() || !(constant instanceof Number number)) {
      return constant;
    }
    return type == DataType.FLOAT ? (Object) (double) number.floatValue() : number.doubleValue();
  }

  static void refuseElementMismatch(Operand array, Object value, Typing typing) {
    if (array instanceof Operand.Column column) {
      Kind wanted = of(element(column.field()));
      Kind given = of(value);
      if (wanted != given && !(numeric(wanted) && numeric(given))) {
        throw typing.invalid(
            "contains operation value is of type %s, the elements of %s are %s"
                .formatted(given, column.field().name(), wanted));
      }
    }
  }

  static Operand number(Operand operand, Typing typing) {
    Kind kind = of(operand);
    if (!numeric(kind) && kind != Kind.JSON) {
      throw typing.invalid("arithmetic can only be applied on numbers, got " + show(operand));
    }
    if (operand instanceof Operand.Literal literal) {
      typing.inRange(literal.value());
    }
    return operand;
  }

  static Operand text(Operand operand, String op, Typing typing) {
    boolean fits =
        (of(operand) == Kind.TEXT && !(operand instanceof Operand.Literal))
            || operand instanceof Operand.JsonPath;
    if (!fits) {
      throw typing.invalid("'%s' can only be used on strings, got %s".formatted(op, show(operand)));
    }
    return operand;
  }

  static Operand array(Operand operand, String function, Typing typing) {
    boolean column = operand instanceof Operand.Column c && c.field().type() == DataType.ARRAY;
    if (!column && !(operand instanceof Operand.JsonPath)) {
      throw typing.invalid(
          "%s operation are only supported on json or array fields now, got: %s"
              .formatted(function, show(operand)));
    }
    return operand;
  }

  private static String show(Operand operand) {
    @Nullable String name =
        switch (operand) {
          case Operand.Column column -> column.field().name();
          case Operand.ArrayElement element ->
              "%s[%d]".formatted(element.field().name(), element.index());
          default -> null;
        };
    return name == null ? of(operand).toString() : "%s (%s)".formatted(name, of(operand));
  }
}
