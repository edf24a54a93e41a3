package io.elanus.engine.filter;

import io.elanus.engine.filter.grammar.FilterLexer;
import io.elanus.engine.filter.grammar.FilterParser;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.Set;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.jspecify.annotations.Nullable;

/**
 * From text to parse tree. The parser recurses, so nesting is counted on the tokens before it runs;
 * chains of operators do not nest and may be long.
 */
final class Parsing {
  static final int LENGTH_MAX = 8 << 20;
  static final int DEPTH_MAX = 64;
  private static final int SHOWN_MAX = 200;
  private static final int PART_MAX = 60;

  private static final Set<String> OPENING = Set.of("(", "[", "{");
  private static final Set<String> CLOSING = Set.of(")", "]", "}");
  private static final Set<String> PREFIXES = Set.of("not", "NOT", "!", "~", "exists", "EXISTS");
  private static final Set<String> TIGHT = Set.of("**", "like", "LIKE", "=~", "!~");

  /** What ends the operand of a prefix. */
  private static final Set<String> WEAK =
      Set.of(
          "*", "/", "%", "<<", ">>", "in", "IN", "<", "<=", ">", ">=", "==", "!=", "&", "^", "|",
          "and", "AND", "&&", "or", "OR", "||", ",", "=");

  private Parsing() {}

  static FilterParser.ExprContext parse(String expression) {
    if (expression.length() > LENGTH_MAX) {
      throw invalid(
          expression,
          "it is %d characters long, at most %d are taken"
              .formatted(expression.length(), LENGTH_MAX));
    }
    Thrower thrower = new Thrower(expression);
    FilterLexer lexer = new FilterLexer(CharStreams.fromString(expression));
    lexer.removeErrorListeners();
    lexer.addErrorListener(thrower);
    CommonTokenStream tokens = new CommonTokenStream(lexer);
    tokens.fill();
    refuseDepth(expression, tokens);
    FilterParser parser = new FilterParser(tokens);
    parser.removeErrorListeners();
    parser.addErrorListener(thrower);
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    return parser.filter().expr();
  }

  /**
   * Counts what is open at each token: brackets, and prefix operators whose operand goes on. A
   * prefix binds weaker than {@code **} and {@code like}, so that {@code a ** -b ** -c} nests too.
   */
  private static void refuseDepth(String expression, CommonTokenStream tokens) {
    int[] prefixes = new int[DEPTH_MAX + 1];
    int brackets = 0;
    int open = 0;
    boolean operand = false;
    for (Token token : tokens.getTokens()) {
      String text = token.getText();
      boolean sign = text.equals("+") || text.equals("-");
      boolean prefix = PREFIXES.contains(text) || sign;
      if (prefix && !operand) {
        prefixes[brackets]++;
        open++;
      } else if (OPENING.contains(text)) {
        brackets++;
        open++;
      } else if (WEAK.contains(text) || prefix) {
        open -= prefixes[brackets];
        prefixes[brackets] = 0;
      } else if (CLOSING.contains(text)) {
        open -= prefixes[brackets];
        prefixes[brackets] = 0;
        if (brackets == 0) {
          // The parser stops here.
          return;
        }
        brackets--;
        open--;
      }
      operand = !(prefix || OPENING.contains(text) || WEAK.contains(text) || TIGHT.contains(text));
      if (open > DEPTH_MAX) {
        throw invalid(
            expression,
            "it nests deeper than %d levels; flatten it (line %d:%d, `%s`)"
                .formatted(DEPTH_MAX, token.getLine(), token.getCharPositionInLine(), text));
      }
    }
  }

  /** Where this part stands and how it begins: {@code " (line 1:6, `a + 'x'`)"}. */
  static String at(String expression, ParserRuleContext part) {
    Token start = part.getStart();
    int from = expression.offsetByCodePoints(0, start.getStartIndex());
    int length = part.getStop().getStopIndex() + 1 - start.getStartIndex();
    int to = expression.offsetByCodePoints(from, Math.min(length, PART_MAX));
    return " (line %d:%d, `%s%s`)"
        .formatted(
            start.getLine(),
            start.getCharPositionInLine(),
            expression.substring(from, to),
            length > PART_MAX ? "…" : "");
  }

  /** The error of every bad expression, in the form that clients know. */
  static ElanusException invalid(String expression, String why) {
    String shown =
        expression.length() <= SHOWN_MAX ? expression : expression.substring(0, SHOWN_MAX) + "…";
    return new ElanusException(
        ErrorCode.INVALID_EXPRESSION,
        "failed to create query plan: cannot parse expression: %s, error: %s"
            .formatted(shown, why));
  }

  private static final class Thrower extends BaseErrorListener {
    private final String expression;

    Thrower(String expression) {
      this.expression = expression;
    }

    @Override
    public void syntaxError(
        Recognizer<?, ?> recognizer,
        @Nullable Object symbol,
        int line,
        int column,
        String message,
        @Nullable RecognitionException cause) {
      String shown = message.length() <= SHOWN_MAX ? message : message.substring(0, SHOWN_MAX);
      throw invalid(expression, "line %d:%d %s".formatted(line, column, shown));
    }
  }
}
