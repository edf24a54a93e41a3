package io.elanus.engine.filter;

import io.elanus.engine.filter.grammar.FilterLexer;
import io.elanus.engine.filter.grammar.FilterParser;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
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

  private static void refuseDepth(String expression, CommonTokenStream tokens) {
    int depth = 0;
    int prefixes = 0;
    for (Token token : tokens.getTokens()) {
      String text = token.getText();
      switch (text) {
        case "(", "[", "{" -> {
          depth++;
          prefixes = prefixes + 1;
        }
        case ")", "]", "}" -> {
          depth--;
          prefixes = 0;
        }
        case "not", "NOT", "!", "-", "+", "~", "exists", "EXISTS" -> prefixes++;
        default -> prefixes = 0;
      }
      if (depth > DEPTH_MAX || prefixes > DEPTH_MAX) {
        throw invalid(expression, "it nests deeper than " + DEPTH_MAX + " levels; flatten it");
      }
    }
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
