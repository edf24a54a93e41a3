package io.elanus.engine.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.elanus.engine.filter.grammar.FilterLexer;
import io.elanus.engine.filter.grammar.FilterParser.*;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/**
 * From parse tree to typed predicate, once, against the schema. A chain of binary operators is a
 * left-deep tree as long as the chain; it is walked down in a loop, so that recursion is bounded by
 * the nesting that {@link Parsing} allows, not by the chain.
 */
final class Typing {
  /** Values are computed by recursion over the operators of a chain. */
  private static final int ARITHMETIC_MAX = 512;

  /** Functions of Milvus that are known here and refused as such. */
  private static final Set<String> LATER =
      Set.of(
          "random_sample",
          "element_filter",
          "match_all",
          "match_any",
          "match_least",
          "match_most",
          "match_exact",
          "st_equals",
          "st_touches",
          "st_overlaps",
          "st_crosses",
          "st_contains",
          "st_intersects",
          "st_within",
          "st_dwithin",
          "st_isvalid",
          "empty",
          "starts_with",
          "bloom_match");

  private final String expression;
  private final Schema schema;
  private final Map<String, Object> parameters;

  /** What is being typed, for errors to name. */
  private ExprContext place;

  Typing(Filter filter, Schema schema) {
    this.expression = filter.expression();
    this.schema = schema;
    this.parameters = filter.parameters();
    this.place = Parsing.parse(expression);
  }

  /** Either an {@link Operand} or a {@link Predicate}, and where it was written. */
  private record Node(
      @Nullable Operand operand, @Nullable Predicate predicate, ExprContext source) {}

  private Node node(Operand operand) {
    return new Node(operand, null, place);
  }

  private Node node(Predicate predicate) {
    return new Node(null, predicate, place);
  }

  Predicate predicate() {
    return truth(convert(place));
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
      place = node.source();
      throw invalid("predicate is not a boolean expression");
    }
    return new Predicate.Compare(Predicate.Op.EQ, operand, new Operand.Literal(true));
  }

  private Operand operand(Node node) {
    if (node.operand() == null) {
      place = node.source();
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
    place = at;
    Node node = primary(at);
    while (!spine.isEmpty()) {
      ExprContext binary = spine.pop();
      Node right = convert(right(binary));
      place = binary;
      node = combine(binary, node, right);
    }
    return node;
  }

  /** A part of what is being typed, which is in its place again afterwards. */
  private Node part(ExprContext inner) {
    ExprContext outer = place;
    Node node = convert(inner);
    place = outer;
    return node;
  }

  private static @Nullable ExprContext left(ExprContext tree) {
    boolean binary = tree.getChildCount() > 1 && tree.getChild(0) instanceof ExprContext;
    return binary ? (ExprContext) tree.getChild(0) : null;
  }

  private static ExprContext right(ExprContext binary) {
    return (ExprContext) binary.getChild(binary.getChildCount() - 1);
  }

  private Node primary(ExprContext tree) {
    return switch (tree) {
      case IntegerContext c -> node(new Operand.Literal(integer(c.getText())));
      case FloatingContext c -> node(new Operand.Literal(Double.parseDouble(c.getText())));
      case BoolContext c -> node(new Operand.Literal(c.getText().equalsIgnoreCase("true")));
      case TextContext c -> node(new Operand.Literal(text(c.getText())));
      case TemplateContext c -> node(template(c.IDENTIFIER().getText()));
      case ParensContext c -> part(c.expr());
      case ArrayContext c -> node(array(c));
      case ReferenceContext c -> node(reference(c.path()));
      case NullTestContext c -> node(nullTest(c));
      case ExistsContext c -> node(exists(c));
      case UnaryContext c -> unary(c);
      case CallContext c -> call(c);
      case TimeContext c -> throw unsupported("timestamp with time zone");
      case ElementContext c -> throw unsupported("element of a struct array");
      default -> throw new IllegalStateException("no expression: " + tree.getClass());
    };
  }

  private Node combine(ExprContext tree, Node left, Node right) {
    return switch (tree) {
      case LogicalAndContext ignored -> node(joined(true, left, right));
      case LogicalOrContext ignored -> node(joined(false, left, right));
      case EqualityContext c -> compare(c.op, left, right);
      case RelationalContext c -> compare(c.op, left, right);
      case AscendingRangeContext c -> range(left, c.op1, c.path(), c.op2, right);
      case DescendingRangeContext c -> range(left, c.op1, c.path(), c.op2, right);
      case MembershipContext c -> membership(c, left, right);
      case LikeContext ignored -> node(like(left, right));
      case RegexContext c -> node(regex(c.op.getText(), left, right));
      case PowerContext ignored -> arithmetic(Operand.Arithmetic.POWER, left, right);
      case MultiplicativeContext c -> arithmetic(c.op.getText().charAt(0), left, right);
      case AdditiveContext c -> arithmetic(c.op.getText().charAt(0), left, right);
      case ShiftContext c -> arithmetic(c.op.getText().charAt(0), left, right);
      case BitAndContext ignored -> arithmetic('&', left, right);
      case BitXorContext ignored -> arithmetic('^', left, right);
      case BitOrContext ignored -> arithmetic('|', left, right);
      default -> throw new IllegalStateException("no operator: " + tree.getClass());
    };
  }

  private Predicate joined(boolean and, Node left, Node right) {
    Predicate first = truth(left);
    Predicate second = truth(right);
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
          case FilterLexer.STRING -> keys.add(text(key.getText()));
          case FilterLexer.INTEGER -> keys.add(inRange(integer(key.getText())));
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

  private Object integer(String token) {
    Object value = Literals.integer(token);
    if (value == null) {
      throw invalid("the integer is out of the range of 64 bits");
    }
    return value;
  }

  private String text(String token) {
    String text = Literals.string(token);
    if (text == null) {
      throw invalid("an escape in a string names no character");
    }
    return text;
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
      values.add(literal(part(item)));
    }
    return new Operand.Literal(values);
  }

  private Object literal(Node node) {
    if (operand(node) instanceof Operand.Literal literal) {
      return inRange(literal.value());
    }
    throw invalid("array element type must be constant");
  }

  Object inRange(Object value) {
    if (value instanceof BigInteger big) {
      throw invalid("integer %s is out of the range of 64 bits".formatted(big));
    }
    return value;
  }

  private Predicate nullTest(NullTestContext tree) {
    Predicate isNull = new Predicate.IsNull(reference(tree.path()));
    boolean not = tree.op.getType() == FilterLexer.ISNOTNULL;
    return not ? new Predicate.Not(isNull) : isNull;
  }

  private Predicate exists(ExistsContext tree) {
    if (operand(part(tree.expr())) instanceof Operand.JsonPath path && !path.path().isEmpty()) {
      return new Predicate.Exists(path);
    }
    throw invalid("exists operation are only supported on json key");
  }

  // --- operators ------------------------------------------------------------------------------

  private Node unary(UnaryContext tree) {
    Node inner = part(tree.expr());
    String op = tree.op.getText();
    if (op.equals("!") || op.equalsIgnoreCase("not")) {
      return node(new Predicate.Not(truth(inner)));
    }
    Operand operand = operand(inner);
    if (operand instanceof Operand.Literal literal) {
      return node(new Operand.Literal(signed(op, literal.value())));
    }
    if (op.equals("+")) {
      return node(Types.number(operand, this));
    }
    Operand start = new Operand.Literal(op.equals("-") ? 0L : -1L);
    char as = op.equals("-") ? '-' : '^';
    return node(arithmetic(as, start, Types.number(operand, this)));
  }

  private Object signed(String op, Object value) {
    return switch (value) {
      case BigInteger big when op.equals("-") && big.negate().bitLength() < 64 ->
          big.negate().longValue();
      case BigInteger big -> inRange(big);
      case Long n -> op.equals("-") ? (Object) (-n) : op.equals("~") ? (Object) (~n) : n;
      case Double d when !op.equals("~") -> op.equals("-") ? (Object) (-d) : d;
      default ->
          throw invalid(
              "unary %s cannot be applied to %s"
                  .formatted(op, Types.of(new Operand.Literal(value))));
    };
  }

  private Node arithmetic(char op, Node left, Node right) {
    Operand a = Types.number(operand(left), this);
    Operand b = Types.number(operand(right), this);
    if (a instanceof Operand.Literal x && b instanceof Operand.Literal y) {
      refuseBitsOfFloating(op, a, b);
      Object folded = Values.arithmetic(op, x.value(), y.value());
      if (folded == null) {
        throw invalid("division or modulus by zero");
      }
      return node(new Operand.Literal(folded));
    }
    return node(arithmetic(op, a, b));
  }

  private void refuseBitsOfFloating(char op, Operand left, Operand right) {
    boolean bits = "&|^<>".indexOf(op) >= 0;
    boolean floating =
        Types.of(left) == Types.Kind.FLOATING || Types.of(right) == Types.Kind.FLOATING;
    if (bits && floating) {
      throw invalid("bitwise operators can only be used on integers");
    }
  }

  private Operand arithmetic(char op, Operand left, Operand right) {
    refuseBitsOfFloating(op, left, right);
    Operand.Arithmetic arithmetic = Operand.Arithmetic.of(op, left, right);
    if (arithmetic.height() > ARITHMETIC_MAX) {
      throw invalid("arithmetic of more than %d operators in a chain".formatted(ARITHMETIC_MAX));
    }
    return arithmetic;
  }

  private Node compare(Token op, Node left, Node right) {
    return node(compared(Predicate.Op.of(op.getText()), operand(left), operand(right)));
  }

  private Predicate compared(Predicate.Op op, Operand left, Operand right) {
    if (left instanceof Operand.Literal && !(right instanceof Operand.Literal)) {
      return compared(op.flipped(), right, left);
    }
    Types.refuseMismatch(left, right, this);
    Types.refuseOrderOfLists(op, left, right, this);
    if (!(right instanceof Operand.Literal literal)) {
      return new Predicate.Compare(op, left, right);
    }
    Object wanted = inRange(literal.value());
    if (left instanceof Operand.Literal first) {
      Integer order = Values.compare(inRange(first.value()), wanted);
      return new Predicate.Constant(order == null ? op == Predicate.Op.NE : op.holds(order));
    }
    return new Predicate.Compare(op, left, new Operand.Literal(Types.stored(left, wanted)));
  }

  private Node range(Node low, Token op1, PathContext path, Token op2, Node high) {
    Operand middle = reference(path);
    Operand first = operand(low);
    Operand last = operand(high);
    if (!(first instanceof Operand.Literal) || !(last instanceof Operand.Literal)) {
      throw invalid("the bounds of a range must be constants");
    }
    List<Predicate> both =
        List.of(
            compared(Predicate.Op.of(op1.getText()), first, middle),
            compared(Predicate.Op.of(op2.getText()), middle, last));
    return node(new Predicate.And(both));
  }

  private Node membership(MembershipContext tree, Node left, Node right) {
    Operand operand = operand(left);
    if (!(operand(right) instanceof Operand.Literal set && set.value() instanceof List<?> values)) {
      throw invalid("the right-hand side of 'in' must be a list");
    }
    if (operand instanceof Operand.Literal) {
      throw invalid("'in' can only be used on non-const expression");
    }
    List<Object> wanted = new ArrayList<>(values.size());
    for (Object value : values) {
      Types.refuseMismatch(operand, new Operand.Literal(inRange(value)), this);
      wanted.add(Types.stored(operand, value));
    }
    Predicate in = new Predicate.In(operand, wanted);
    return node(tree.NOT() == null ? in : new Predicate.Not(in));
  }

  private Predicate like(Node left, Node right) {
    Operand operand = Types.text(operand(left), "like", this);
    if (!(literal(right) instanceof String pattern)) {
      throw invalid("the pattern of 'like' must be a string");
    }
    return new Predicate.Like(operand, new LikePattern(pattern));
  }

  private Predicate regex(String op, Node left, Node right) {
    Operand operand = Types.text(operand(left), op, this);
    if (!(literal(right) instanceof String pattern)) {
      throw invalid("a regular expression must be a string");
    }
    if (!RegexSize.fits(pattern)) {
      throw invalid(
          "the regular expression is larger than %d characters and repetitions, or nests deeper than %d"
              .formatted(RegexSize.MAX, RegexSize.DEPTH_MAX));
    }
    try {
      Predicate matches = new Predicate.Matches(operand, Pattern.compile(pattern));
      return op.equals("=~") ? matches : new Predicate.Not(matches);
    } catch (PatternSyntaxException e) {
      throw invalid("bad regular expression: " + e.getMessage());
    }
  }

  // --- functions ------------------------------------------------------------------------------

  private Node call(CallContext tree) {
    String name = tree.IDENTIFIER().getText();
    List<ArgumentContext> arguments = tree.argument();
    String lower = name.toLowerCase(Locale.ROOT);
    boolean keyword = name.equals(lower) || name.equals(name.toUpperCase(Locale.ROOT));
    return switch (keyword ? lower : name) {
      case "array_contains", "json_contains" ->
          node(contains(name, arguments, Predicate.Contains.Mode.ANY, false));
      case "array_contains_all", "json_contains_all" ->
          node(contains(name, arguments, Predicate.Contains.Mode.ALL, true));
      case "array_contains_any", "json_contains_any" ->
          node(contains(name, arguments, Predicate.Contains.Mode.ANY, true));
      case "array_length" -> {
        if (arguments.size() != 1) {
          throw invalid("array_length takes one field");
        }
        Operand array = Types.array(operand(argument(arguments.getFirst())), name, this);
        yield node(new Operand.ArrayLength(array));
      }
      case "text_match" ->
          node(TextFunctions.textMatch(operands(arguments), options(arguments), this));
      case "phrase_match" ->
          node(TextFunctions.phraseMatch(operands(arguments), options(arguments), this));
      default -> {
        if (LATER.contains(lower)) {
          throw unsupported("the function " + name);
        }
        throw invalid("function %s not found".formatted(name));
      }
    };
  }

  private Predicate contains(
      String name, List<ArgumentContext> arguments, Predicate.Contains.Mode mode, boolean list) {
    if (arguments.size() != 2) {
      throw invalid("%s takes a field and a value".formatted(name));
    }
    Operand array = Types.array(operand(argument(arguments.get(0))), name, this);
    Object value = literal(argument(arguments.get(1)));
    if (list && !(value instanceof List)) {
      throw invalid("%s operation element must be an array".formatted(name));
    }
    List<Object> values = new ArrayList<>();
    if (list) {
      values.addAll((List<?>) value);
    } else {
      values.add(value);
    }
    for (int i = 0; i < values.size(); i++) {
      Types.refuseElementMismatch(array, inRange(values.get(i)), this);
      values.set(i, Types.stored(array, values.get(i)));
    }
    return new Predicate.Contains(array, mode, values);
  }

  private List<Operand> operands(List<ArgumentContext> arguments) {
    return arguments.stream().map(argument -> operand(part(argument.expr()))).toList();
  }

  /** The names that arguments are given by, empty for those given by their place. */
  private static List<String> options(List<ArgumentContext> arguments) {
    return arguments.stream()
        .map(argument -> argument.IDENTIFIER() == null ? "" : argument.IDENTIFIER().getText())
        .toList();
  }

  private Node argument(ArgumentContext argument) {
    if (argument.IDENTIFIER() != null) {
      throw invalid("there is no option " + argument.IDENTIFIER().getText());
    }
    return part(argument.expr());
  }

  /** The error, with the part of the expression that is being typed. */
  ElanusException invalid(String why) {
    return Parsing.invalid(expression, why + Parsing.at(expression, place));
  }

  private ElanusException unsupported(String what) {
    return new ElanusException(
        ErrorCode.UNSUPPORTED,
        "failed to create query plan: cannot filter by %s, which is not offered yet%s"
            .formatted(what, Parsing.at(expression, place)));
  }
}
