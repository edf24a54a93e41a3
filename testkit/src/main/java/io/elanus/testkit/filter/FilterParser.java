package io.elanus.testkit.filter;

import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.filter.Node.Arithmetic;
import io.elanus.testkit.filter.Node.Condition;
import io.elanus.testkit.filter.Node.Literal;
import io.elanus.testkit.filter.Node.Operand;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Precedence climbing (Richards 1979) over Milvus's levels, of which two surprise: bitwise
 * operators bind weaker than comparisons, and {@code not} binds tighter. It calls itself only for
 * brackets and prefixes, {@value #DEPTH_MAX} deep at most.
 */
final class FilterParser {
  private static final int DEPTH_MAX = 64;

  /** Binary operators, loosest level first. */
  private static final List<List<String>> LEVELS =
      List.of(
          List.of("or"),
          List.of("and"),
          List.of("|"),
          List.of("^"),
          List.of("&"),
          List.of("==", "!="),
          List.of("<", "<=", ">", ">="),
          List.of("in", "not"),
          List.of("<<", ">>"),
          List.of("+", "-"),
          List.of("*", "/", "%"),
          List.of(),
          List.of("**"),
          List.of("like", "=~", "!~"),
          List.of());

  private static final int MEMBERSHIP = 7;
  private static final int PREFIX = 11;
  private static final int TIGHTEST = 14;

  private final Schema schema;
  private final Map<String, Object> parameters;
  private final List<Token> tokens;
  private int at;
  private int depth;

  private FilterParser(String text, Schema schema, Map<String, Object> parameters) {
    this.schema = schema;
    this.parameters = parameters;
    this.tokens = Scanner.scan(text);
  }

  static Condition parse(String text, Schema schema, Map<String, Object> parameters) {
    FilterParser parser = new FilterParser(text, schema, parameters);
    Condition condition = condition(parser.expression(0));
    if (parser.peek().kind() != Token.Kind.END) {
      throw parser.unexpected();
    }
    return condition;
  }

  private Node expression(int level) {
    if (++depth > DEPTH_MAX) {
      throw new FilterException("nests deeper than " + DEPTH_MAX);
    }
    Node left = prefix();
    depth--;
    while (true) {
      int binding = levelOf(peek());
      if (binding < level) {
        return left;
      }
      Token operator = take();
      if (operator.is("not") && !accept("in")) {
        throw unexpected();
      }
      left = binary(operator, left, binding);
    }
  }

  private static int levelOf(Token token) {
    if (token.kind() == Token.Kind.SYMBOL) {
      for (int level = 0; level < LEVELS.size(); level++) {
        if (LEVELS.get(level).contains(token.text())) {
          return level;
        }
      }
    }
    return -1;
  }

  private Node binary(Token operator, Node left, int level) {
    return switch (operator.text()) {
      case "or" -> joined(left, level, false);
      case "and" -> joined(left, level, true);
      case "in" -> in(left);
      case "not" -> new Node.Not(in(left));
      case "like" -> new Node.Like(text(left), pattern(expression(level + 1)));
      case "=~" -> new Node.Matches(text(left), regex(expression(level + 1)));
      case "!~" -> new Node.Not(new Node.Matches(text(left), regex(expression(level + 1))));
      case "==", "!=" -> compare(operator.text(), operand(left), operand(expression(level + 1)));
      case "<", "<=", ">", ">=" -> ordered(operator.text(), operand(left), level);
      default -> arithmetic(operator.text(), left, level);
    };
  }

  private Node joined(Node left, int level, boolean and) {
    List<Condition> parts = new ArrayList<>(List.of(condition(left)));
    parts.add(condition(expression(level + 1)));
    while (accept(and ? "and" : "or")) {
      parts.add(condition(expression(level + 1)));
    }
    return and ? new Node.And(parts) : new Node.Or(parts);
  }

  /** Also {@code a < x <= b}, which is both. */
  private Node ordered(String operator, Operand left, int level) {
    Operand right = operand(expression(level + 1));
    Token next = peek();
    boolean chained = levelOf(next) == level && next.text().charAt(0) == operator.charAt(0);
    if (!chained) {
      return compare(operator, left, right);
    }
    take();
    Operand last = operand(expression(level + 1));
    if (!(left instanceof Literal) || !(last instanceof Literal) || right instanceof Literal) {
      throw new FilterException("a range stands between two constants");
    }
    return new Node.And(
        List.of(
            (Condition) compare(operator, left, right),
            (Condition) compare(next.text(), right, last)));
  }

  private static Node compare(String operator, Operand left, Operand right) {
    if (!Kind.of(left).comparesWith(Kind.of(right))) {
      throw new FilterException("cannot compare " + Kind.of(left) + " with " + Kind.of(right));
    }
    boolean equality = operator.equals("==") || operator.equals("!=");
    if (!equality && (Kind.of(left) == Kind.LIST || Kind.of(right) == Kind.LIST)) {
      throw new FilterException("lists have no order");
    }
    refuseWide(left);
    refuseWide(right);
    return new Node.Compare(operator, left, right);
  }

  private static void refuseWide(Object value) {
    switch (value) {
      case Literal literal -> refuseWide(literal.value());
      case List<?> list -> list.forEach(FilterParser::refuseWide);
      case BigInteger big -> throw new FilterException(big + " does not fit 64 bits");
      default -> {}
    }
  }

  private Condition in(Node left) {
    Operand operand = operand(left);
    Operand right = operand(expression(MEMBERSHIP + 1));
    if (operand instanceof Literal
        || !(right instanceof Literal literal && literal.value() instanceof List<?> values)) {
      throw new FilterException("in asks whether something of the row is in a constant list");
    }
    for (Object value : values) {
      refuseWide(value);
      if (!Kind.of(operand).comparesWith(Kind.ofValue(value))) {
        throw new FilterException("cannot compare " + Kind.of(operand) + " with " + value);
      }
    }
    return new Node.In(operand, values);
  }

  private static Operand text(Node left) {
    Operand operand = operand(left);
    boolean text = Kind.of(operand) == Kind.TEXT || operand instanceof Node.Path;
    if (operand instanceof Literal || !text) {
      throw new FilterException("only texts match patterns");
    }
    return operand;
  }

  private static String pattern(Node right) {
    if (operand(right) instanceof Literal literal && literal.value() instanceof String pattern) {
      return pattern;
    }
    throw new FilterException("a pattern is a constant text");
  }

  private static Pattern regex(Node right) {
    try {
      return Pattern.compile(pattern(right));
    } catch (PatternSyntaxException e) {
      throw new FilterException("no regular expression: " + e.getMessage());
    }
  }

  private Node arithmetic(String operator, Node left, int level) {
    List<Arithmetic.Step> steps = new ArrayList<>();
    Operand first = number(left, operator);
    steps.add(new Arithmetic.Step(operator, number(expression(level + 1), operator)));
    while (LEVELS.get(level).contains(peek().text())) {
      String next = take().text();
      steps.add(new Arithmetic.Step(next, number(expression(level + 1), next)));
    }
    Arithmetic arithmetic = new Arithmetic(first, steps);
    boolean constant =
        first instanceof Literal && steps.stream().allMatch(s -> s.operand() instanceof Literal);
    if (!constant) {
      return arithmetic;
    }
    Object value = Values.arithmetic(arithmetic, o -> ((Literal) o).value());
    if (value == null) {
      throw new FilterException("division by zero");
    }
    return new Literal(value);
  }

  private static Operand number(Node node, String operator) {
    Operand operand = operand(node);
    refuseWide(operand);
    Kind kind = Kind.of(operand);
    boolean bits = List.of("&", "|", "^", "<<", ">>").contains(operator);
    if (!(kind.number() || kind == Kind.JSON) || (bits && kind == Kind.FLOATING)) {
      throw new FilterException(operator + " cannot be applied to " + kind);
    }
    return operand;
  }

  private Node prefix() {
    Token token = take();
    if (token.is("not")) {
      return new Node.Not(condition(expression(PREFIX)));
    }
    if (token.is("-") || token.is("+") || token.is("~")) {
      return signed(token.text(), operand(expression(PREFIX)));
    }
    if (token.is("exists")) {
      Operand place = operand(expression(TIGHTEST));
      if (!(place instanceof Node.Path path) || path.keys().isEmpty()) {
        throw new FilterException("exists asks for a place within JSON");
      }
      return new Node.Not(new Node.IsNull(place));
    }
    at--;
    return primary();
  }

  private Operand signed(String sign, Operand operand) {
    if (operand instanceof Literal literal) {
      return new Literal(signed(sign, literal.value()));
    }
    Literal start = new Literal(sign.equals("~") ? -1L : 0L);
    String operator = sign.equals("~") ? "^" : sign;
    Arithmetic.Step step = new Arithmetic.Step(operator, number(operand, operator));
    return new Arithmetic(start, List.of(step));
  }

  private static Object signed(String sign, Object value) {
    return switch (value) {
      case BigInteger big when sign.equals("-") && big.negate().bitLength() < 64 ->
          big.negate().longValue();
      case Long n -> sign.equals("-") ? (Object) (-n) : sign.equals("~") ? (Object) (~n) : n;
      case Double d when !sign.equals("~") -> sign.equals("-") ? (Object) (-d) : d;
      default -> throw new FilterException(sign + " cannot be applied to " + value);
    };
  }

  private Node primary() {
    Token token = take();
    if (token.value() != null) {
      return new Literal(token.value());
    }
    if (token.is("(")) {
      Node inside = expression(0);
      expect(")");
      return inside;
    }
    if (token.is("[")) {
      return list();
    }
    if (token.is("{")) {
      Object value = parameters.get(take().text());
      if (value == null) {
        throw new FilterException("no value for a template variable");
      }
      expect("}");
      return new Literal(value);
    }
    if (token.kind() != Token.Kind.NAME) {
      at--;
      throw unexpected();
    }
    if (peek().is("(")) {
      return call(token.text());
    }
    Operand place = place(token.text());
    if (accept("is null")) {
      return new Node.IsNull(place);
    }
    return accept("is not null") ? new Node.Not(new Node.IsNull(place)) : place;
  }

  private Literal list() {
    List<Object> values = new ArrayList<>();
    while (!accept("]")) {
      if (!(expression(0) instanceof Literal literal)) {
        throw new FilterException("a list holds constants");
      }
      values.add(literal.value());
      if (!accept(",") && !peek().is("]")) {
        throw unexpected();
      }
    }
    return new Literal(values);
  }

  private Operand place(String name) {
    List<Object> keys = new ArrayList<>();
    while (accept("[")) {
      Object key = take().value();
      if (!(key instanceof String) && !(key instanceof Long)) {
        throw unexpected();
      }
      keys.add(key);
      expect("]");
    }
    Field field = schema.field(name).orElse(null);
    if (field == null) {
      Field dynamic =
          schema
              .field(Schema.DYNAMIC_FIELD)
              .orElseThrow(() -> new FilterException("field " + name + " does not exist"));
      keys.addFirst(name);
      return new Node.Path(dynamic, keys);
    }
    if (field.type() == DataType.JSON) {
      return new Node.Path(field, keys);
    }
    if (field.type() == DataType.ARRAY
        && keys.size() == 1
        && keys.getFirst() instanceof Long index) {
      return new Node.Element(field, index);
    }
    if (!keys.isEmpty() || field.type().isVector()) {
      throw new FilterException("field " + name + " cannot be used so");
    }
    return new Node.Scalar(field);
  }

  private Node call(String name) {
    List<Operand> arguments = new ArrayList<>();
    expect("(");
    while (!accept(")")) {
      boolean option = tokens.get(Math.min(at + 1, tokens.size() - 1)).is("=");
      if (option
          && !(name.matches("text_match|TEXT_MATCH")
              && take().text().equals("minimum_should_match"))) {
        throw unexpected();
      }
      if (option) {
        expect("=");
      }
      arguments.add(operand(expression(0)));
      if (!accept(",") && !peek().is(")")) {
        throw unexpected();
      }
    }
    if (name.matches("(text|phrase)_match|(TEXT|PHRASE)_MATCH")) {
      return textual(name.toLowerCase(java.util.Locale.ROOT), arguments);
    }
    boolean length = name.matches("array_length|ARRAY_LENGTH");
    boolean contains =
        name.matches("(array|json)_contains(_all|_any)?|(ARRAY|JSON)_CONTAINS(_ALL|_ANY)?");
    if ((!length && !contains) || arguments.size() != (length ? 1 : 2)) {
      throw new FilterException("no function " + name + " of " + arguments.size());
    }
    Operand array = arguments.getFirst();
    boolean field = array instanceof Node.Scalar s && s.field().type() == DataType.ARRAY;
    if (!field && !(array instanceof Node.Path)) {
      throw new FilterException(name + " asks of an array");
    }
    return length ? new Node.Length(array) : contains(name, array, arguments.getLast());
  }

  private static Node textual(String name, List<Operand> arguments) {
    long number = name.equals("text_match") ? 1 : 0;
    boolean fits =
        (arguments.size() == 2 || arguments.size() == 3)
            && arguments.get(0) instanceof Node.Scalar s
            && s.field().hasMatch()
            && arguments.get(1) instanceof Literal literal
            && literal.value() instanceof String;
    if (arguments.size() == 3) {
      boolean least =
          arguments.get(2) instanceof Literal literal
              && literal.value() instanceof Long n
              && n >= number;
      fits &= least;
      number = least ? (Long) ((Literal) arguments.get(2)).value() : 0;
    }
    if (!fits) {
      throw new FilterException(name + " asks for words of a text that can be matched");
    }
    Field field = ((Node.Scalar) arguments.get(0)).field();
    String text = (String) ((Literal) arguments.get(1)).value();
    return name.equals("text_match")
        ? new Node.TextMatch(field, text, number)
        : new Node.PhraseMatch(field, text, number);
  }

  private static Node contains(String name, Operand array, Operand wanted) {
    boolean several = name.indexOf('_') != name.lastIndexOf('_');
    if (!(wanted instanceof Literal literal) || (several && !(literal.value() instanceof List))) {
      throw new FilterException(name + " asks for constants");
    }
    List<?> values = several ? (List<?>) literal.value() : List.of(literal.value());
    for (Object value : values) {
      refuseWide(value);
      if (array instanceof Node.Scalar s
          && s.field().elementType() != null
          && !Kind.ofType(s.field().elementType()).comparesWith(Kind.ofValue(value))) {
        throw new FilterException("no element of " + s.field().name() + " can be " + value);
      }
    }
    return new Node.Contains(
        array, values, name.toLowerCase(java.util.Locale.ROOT).endsWith("_all"));
  }

  /** A boolean operand stands for its being true. */
  private static Condition condition(Node node) {
    if (node instanceof Condition condition) {
      return condition;
    }
    Operand operand = operand(node);
    if (operand instanceof Literal literal && literal.value() instanceof Boolean b) {
      return new Node.Constant(b);
    }
    boolean bool = Kind.of(operand) == Kind.BOOL || operand instanceof Node.Path;
    if (operand instanceof Literal || !bool) {
      throw new FilterException("not a condition");
    }
    return new Node.Compare("==", operand, new Literal(true));
  }

  private static Operand operand(Node node) {
    if (node instanceof Operand operand) {
      return operand;
    }
    throw new FilterException("a condition stands where a value is needed");
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token take() {
    return tokens.get(at < tokens.size() - 1 ? at++ : at);
  }

  private boolean accept(String symbol) {
    boolean there = peek().is(symbol);
    at += there ? 1 : 0;
    return there;
  }

  private void expect(String symbol) {
    if (!accept(symbol)) {
      throw unexpected();
    }
  }

  private FilterException unexpected() {
    return new FilterException("unexpected %s at %d".formatted(peek().text(), peek().at()));
  }
}
