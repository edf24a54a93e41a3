package io.elanus.engine.filter;

import io.elanus.engine.filter.grammar.FilterParser.*;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/**
 * From parse tree to typed predicate, once, against the schema. A chain of binary operators is a
 * left-deep tree as long as the chain; it is walked down in a loop, so that recursion is bounded by
 * the nesting that {@link Parsing} allows, not by the chain.
 */
final class Typing {
  private final String expression;
  private final Schema schema;
  private final Map<String, Object> parameters;

  Typing(String expression, Schema schema, Map<String, Object> parameters) {
    this.expression = expression;
    this.schema = schema;
    this.parameters = parameters;
  }

  /** Either an {@link Operand} or a {@link Predicate}. */
  private record Node(@Nullable Operand operand, @Nullable Predicate predicate) {
    static Node of(Operand operand) {
      return new Node(operand, null);
    }

    static Node of(Predicate predicate) {
      return new Node(null, predicate);
    }
  }

  Predicate predicate(ExprContext tree) {
    return truth(convert(tree));
  }

  /** An operand where a truth value is wanted: boolean fields and constants. */
  private Predicate truth(Node node) {
    if (node.predicate() != null) {
      return node.predicate();
    }
    Operand operand = operand(node);
    if (operand instanceof Operand.Literal literal && literal.value() instanceof Boolean b) {
      return new Predicate.Constant(b);
    }
    boolean bool =
        operand instanceof Operand.JsonPath
            || (Types.of(operand) == Types.Kind.BOOL && !(operand instanceof Operand.Literal));
    if (!bool) {
      throw invalid("predicate is not a boolean expression");
    }
    return new Predicate.Compare(Predicate.Op.EQ, operand, new Operand.Literal(true));
  }

  private Operand operand(Node node) {
    if (node.operand() == null) {
      throw invalid("comparison invalid type: a truth value stands where a value is needed");
    }
    return node.operand();
  }

  /** Walks down the left spine of binary operators, then combines on the way back. */
  private Node convert(ExprContext tree) {
    Deque<ExprContext> spine = new ArrayDeque<>();
    ExprContext at = tree;
    while (left(at) instanceof ExprContext left) {
      spine.push(at);
      at = left;
    }
    Node node = primary(at);
    while (!spine.isEmpty()) {
      node = combine(spine.pop(), node);
    }
    return node;
  }

  private static @Nullable ExprContext left(ExprContext tree) {
    boolean binary = tree.getChildCount() > 1 && tree.getChild(0) instanceof ExprContext;
    return binary ? (ExprContext) tree.getChild(0) : null;
  }

  private Node primary(ExprContext tree) {
    return switch (tree) {
      case IntegerContext c -> Node.of(new Operand.Literal(Literals.integer(c.getText())));
      case FloatingContext c -> Node.of(new Operand.Literal(Double.parseDouble(c.getText())));
      case BoolContext c -> Node.of(new Operand.Literal(c.getText().equalsIgnoreCase("true")));
      case TextContext c -> Node.of(new Operand.Literal(Literals.string(c.getText())));
      case TemplateContext c -> Node.of(template(c.IDENTIFIER().getText()));
      case ParensContext c -> convert(c.expr());
      case ArrayContext c -> Node.of(array(c));
      case ReferenceContext c -> Node.of(reference(c.path()));
      case NullTestContext c -> Node.of(nullTest(c));
      case ExistsContext c -> Node.of(exists(c));
      case UnaryContext c -> unary(c);
      case CallContext c -> call(c);
      case TimeContext c -> throw unsupported("timestamps with time zone");
      case ElementContext c -> throw unsupported("element filters over struct arrays");
      default -> throw invalid("unexpected " + tree.getText());
    };
  }

  private Node combine(ExprContext tree, Node left) {
    return switch (tree) {
      case LogicalAndContext c -> Node.of(joined(true, left, c.expr(1)));
      case LogicalOrContext c -> Node.of(joined(false, left, c.expr(1)));
      case EqualityContext c -> compare(c.op, left, c.expr(1));
      case RelationalContext c -> compare(c.op, left, c.expr(1));
      case AscendingRangeContext c -> range(left, c.op1, c.path(), c.op2, c.expr(1));
      case DescendingRangeContext c -> range(left, c.op1, c.path(), c.op2, c.expr(1));
      case MembershipContext c -> membership(c, left);
      case LikeContext c -> Node.of(like(left, convert(c.expr(1))));
      case RegexContext c -> Node.of(regex(c, left));
      case PowerContext c -> arithmetic(Operand.Arithmetic.POWER, left, c.expr(1));
      case MultiplicativeContext c -> arithmetic(c.op.getText().charAt(0), left, c.expr(1));
      case AdditiveContext c -> arithmetic(c.op.getText().charAt(0), left, c.expr(1));
      case ShiftContext c -> arithmetic(c.op.getText().charAt(0), left, c.expr(1));
      case BitAndContext c -> arithmetic('&', left, c.expr(1));
      case BitXorContext c -> arithmetic('^', left, c.expr(1));
      case BitOrContext c -> arithmetic('|', left, c.expr(1));
      default -> throw invalid("unexpected " + tree.getText());
    };
  }

  private Predicate joined(boolean and, Node left, ExprContext right) {
    Predicate first = truth(left);
    Predicate second = truth(convert(right));
    List<Predicate> parts = new ArrayList<>();
    // The list of the chain so far is owned by this chain alone, and goes on growing.
    if (and && first instanceof Predicate.And chain && chain.parts() instanceof ArrayList) {
      chain.parts().add(second);
      return chain;
    }
    if (!and && first instanceof Predicate.Or chain && chain.parts() instanceof ArrayList) {
      chain.parts().add(second);
      return chain;
    }
    parts.add(first);
    parts.add(second);
    return and ? new Predicate.And(parts) : new Predicate.Or(parts);
  }

  // --- references -----------------------------------------------------------------------------

  private Operand reference(PathContext path) {
    String name = path.getChild(0).getText();
    List<Object> keys = new ArrayList<>();
    for (int i = 1; i < path.getChildCount(); i++) {
      if (path.getChild(i) instanceof TerminalNode key) {
        switch (key.getSymbol().getType()) {
          case io.elanus.engine.filter.grammar.FilterLexer.STRING ->
              keys.add(Literals.string(key.getText()));
          case io.elanus.engine.filter.grammar.FilterLexer.INTEGER ->
              keys.add(Literals.integer(key.getText()));
          default -> {}
        }
      }
    }
    Field field = schema.field(name).orElse(null);
    if (field == null) {
      return dynamic(name, keys);
    }
    if (field.type() == DataType.JSON) {
      return new Operand.JsonPath(field, keys);
    }
    if (field.type().isVector()) {
      throw invalid("vector field %s cannot be filtered".formatted(name));
    }
    if (keys.isEmpty()) {
      return new Operand.Column(field);
    }
    if (field.type() == DataType.ARRAY
        && keys.size() == 1
        && keys.getFirst() instanceof Long index
        && index <= Integer.MAX_VALUE) {
      return new Operand.ArrayElement(field, index.intValue());
    }
    throw invalid("%s data type not supported accessed with []".formatted(field.type()));
  }

  private Operand dynamic(String name, List<Object> keys) {
    Field meta = schema.field(Schema.DYNAMIC_FIELD).orElse(null);
    if (meta == null) {
      throw invalid("field %s not exist".formatted(name));
    }
    List<Object> path = new ArrayList<>();
    path.add(name);
    path.addAll(keys);
    return new Operand.JsonPath(meta, path);
  }

  private Operand template(String name) {
    Object value = parameters.get(name);
    if (value == null) {
      throw invalid(
          "the value of expression template variable name {%s} is not found".formatted(name));
    }
    return new Operand.Literal(value);
  }

  private Operand array(ArrayContext tree) {
    List<Object> values = new ArrayList<>();
    for (ExprContext item : tree.expr()) {
      values.add(literal(convert(item)));
    }
    return new Operand.Literal(values);
  }

  private Object literal(Node node) {
    if (operand(node) instanceof Operand.Literal literal) {
      return inRange(literal.value());
    }
    throw invalid("array element type must be constant");
  }

  private Object inRange(Object value) {
    if (value instanceof BigInteger big) {
      throw invalid("integer %s is out of the range of 64 bits".formatted(big));
    }
    return value;
  }

  private Predicate nullTest(NullTestContext tree) {
    Predicate isNull = new Predicate.IsNull(reference(tree.path()));
    boolean not = tree.op.getType() == io.elanus.engine.filter.grammar.FilterLexer.ISNOTNULL;
    return not ? new Predicate.Not(isNull) : isNull;
  }

  private Predicate exists(ExistsContext tree) {
    if (operand(convert(tree.expr())) instanceof Operand.JsonPath path && !path.path().isEmpty()) {
      return new Predicate.Exists(path);
    }
    throw invalid("exists operation are only supported on json key");
  }

  // --- operators ------------------------------------------------------------------------------

  private Node unary(UnaryContext tree) {
    Node inner = convert(tree.expr());
    String op = tree.op.getText();
    if (op.equals("!") || op.equalsIgnoreCase("not")) {
      return Node.of(new Predicate.Not(truth(inner)));
    }
    Operand operand = operand(inner);
    if (operand instanceof Operand.Literal literal) {
      return Node.of(new Operand.Literal(signed(op, literal.value())));
    }
    if (op.equals("+")) {
      return Node.of(Types.number(operand, this));
    }
    Operand start = new Operand.Literal(op.equals("-") ? 0L : -1L);
    char as = op.equals("-") ? '-' : '^';
    return Node.of(new Operand.Arithmetic(as, start, Types.number(operand, this)));
  }

  private Object signed(String op, Object value) {
    return switch (value) {
      case BigInteger big when op.equals("-") && big.negate().bitLength() < 64 ->
          big.negate().longValue();
      case BigInteger big -> inRange(big);
      case Long n -> op.equals("-") ? (Object) (-n) : op.equals("~") ? (Object) (~n) : n;
      case Double d when !op.equals("~") -> op.equals("-") ? (Object) (-d) : d;
      default -> throw invalid("unary %s cannot be applied to %s".formatted(op, value));
    };
  }

  private Node arithmetic(char op, Node left, ExprContext right) {
    Operand a = Types.number(operand(left), this);
    Operand b = Types.number(operand(convert(right)), this);
    boolean bits = "&|^<>".indexOf(op) >= 0;
    if (bits && (Types.of(a) == Types.Kind.FLOATING || Types.of(b) == Types.Kind.FLOATING)) {
      throw invalid("bitwise operator %s can only be used on integers".formatted(op));
    }
    if (a instanceof Operand.Literal x && b instanceof Operand.Literal y) {
      Object folded = Values.arithmetic(op, inRange(x.value()), inRange(y.value()));
      if (folded == null) {
        throw invalid("division or modulus by zero");
      }
      return Node.of(new Operand.Literal(folded));
    }
    return Node.of(new Operand.Arithmetic(op, a, b));
  }

  private Node compare(Token op, Node left, ExprContext right) {
    return Node.of(compared(Predicate.Op.of(op.getText()), operand(left), operand(convert(right))));
  }

  private Predicate compared(Predicate.Op op, Operand left, Operand right) {
    if (left instanceof Operand.Literal x && right instanceof Operand.Literal y) {
      Integer order = Values.compare(inRange(x.value()), inRange(y.value()));
      if (order == null) {
        throw invalid("comparison invalid type: %s and %s".formatted(x.value(), y.value()));
      }
      return new Predicate.Constant(op.holds(order));
    }
    if (left instanceof Operand.Literal) {
      return compared(op.flipped(), right, left);
    }
    if (right instanceof Operand.Literal literal) {
      inRange(literal.value());
    }
    Types.refuseMismatch(left, right, this);
    return new Predicate.Compare(op, left, right);
  }

  private Node range(Node low, Token op1, PathContext path, Token op2, ExprContext high) {
    Operand middle = reference(path);
    Operand first = operand(low);
    Operand last = operand(convert(high));
    if (!(first instanceof Operand.Literal) || !(last instanceof Operand.Literal)) {
      throw invalid("the bounds of a range must be constants");
    }
    List<Predicate> both =
        List.of(
            compared(Predicate.Op.of(op1.getText()), first, middle),
            compared(Predicate.Op.of(op2.getText()), middle, last));
    return Node.of(new Predicate.And(both));
  }

  private Node membership(MembershipContext tree, Node left) {
    Operand operand = operand(left);
    if (!(operand(convert(tree.expr(1))) instanceof Operand.Literal set
        && set.value() instanceof List<?> values)) {
      throw invalid("the right-hand side of 'in' must be a list");
    }
    if (operand instanceof Operand.Literal) {
      throw invalid("'in' can only be used on non-const expression");
    }
    List<Object> wanted = new ArrayList<>();
    for (Object value : values) {
      Types.refuseMismatch(operand, new Operand.Literal(inRange(value)), this);
      wanted.add(value);
    }
    Predicate in = new Predicate.In(operand, wanted);
    return Node.of(tree.NOT() == null ? in : new Predicate.Not(in));
  }

  private Predicate like(Node left, Node right) {
    Operand operand = Types.text(operand(left), "like", this);
    if (!(literal(right) instanceof String pattern)) {
      throw invalid("the pattern of 'like' must be a string");
    }
    return new Predicate.Like(operand, new LikePattern(pattern));
  }

  private Predicate regex(RegexContext tree, Node left) {
    Operand operand = Types.text(operand(left), tree.op.getText(), this);
    if (!(literal(convert(tree.expr(1))) instanceof String pattern)) {
      throw invalid("a regular expression must be a string");
    }
    try {
      Predicate matches = new Predicate.Matches(operand, com.google.re2j.Pattern.compile(pattern));
      return tree.op.getText().equals("=~") ? matches : new Predicate.Not(matches);
    } catch (com.google.re2j.PatternSyntaxException e) {
      throw invalid("bad regular expression: " + e.getMessage());
    }
  }

  // --- functions ------------------------------------------------------------------------------

  private Node call(CallContext tree) {
    String name = tree.IDENTIFIER().getText();
    List<ArgumentContext> arguments = tree.argument();
    return switch (name.toLowerCase(java.util.Locale.ROOT)) {
      case "array_contains", "json_contains" ->
          Node.of(contains(name, arguments, Predicate.Contains.Mode.ANY, false));
      case "array_contains_all", "json_contains_all" ->
          Node.of(contains(name, arguments, Predicate.Contains.Mode.ALL, true));
      case "array_contains_any", "json_contains_any" ->
          Node.of(contains(name, arguments, Predicate.Contains.Mode.ANY, true));
      case "array_length" -> {
        if (arguments.size() != 1) {
          throw invalid("array_length takes one field");
        }
        Operand array = Types.array(operand(convert(arguments.getFirst().expr())), name, this);
        yield Node.of(new Operand.ArrayLength(array));
      }
      default -> throw unsupported("the function " + name);
    };
  }

  private Predicate contains(
      String name, List<ArgumentContext> arguments, Predicate.Contains.Mode mode, boolean list) {
    if (arguments.size() != 2) {
      throw invalid("%s takes a field and a value".formatted(name));
    }
    Operand array = Types.array(operand(convert(arguments.get(0).expr())), name, this);
    Object value = literal(convert(arguments.get(1).expr()));
    if (list && !(value instanceof List)) {
      throw invalid("%s operation element must be an array".formatted(name));
    }
    List<Object> values = new ArrayList<>();
    if (list) {
      values.addAll((List<?>) value);
    } else {
      values.add(value);
    }
    for (Object each : values) {
      Types.refuseElementMismatch(array, inRange(each), this);
    }
    return new Predicate.Contains(array, mode, values);
  }

  ElanusException invalid(String why) {
    return Parsing.invalid(expression, why);
  }

  private static ElanusException unsupported(String what) {
    return new ElanusException(
        ErrorCode.UNSUPPORTED,
        "failed to create query plan: %s is not offered yet".formatted(what));
  }
}
