package io.elanus.engine.filter;

import io.elanus.engine.filter.grammar.FilterLexer;
import io.elanus.engine.filter.grammar.FilterParser;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
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

  /** A word takes some hundred bytes until it is typed. */
  static final int WORDS_MAX = 1 << 20;

  private static final int SHOWN_MAX = 200;
  private static final int PART_MAX = 60;

  private Parsing() {}

  static FilterParser.ExprContext parse(String expression) {
    if (expression.length() > LENGTH_MAX) {
      throw invalid(
          expression,
          "it is %d characters long, at most %d are taken"
              .formatted(expression.length(), LENGTH_MAX));
    }
    Thrower thrower = new Thrower(expression);
    FilterParser parser =
        new FilterParser(new CommonTokenStream(new ListTokenSource(tokens(expression, thrower))));
    parser.removeErrorListeners();
    parser.addErrorListener(thrower);
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    return parser.filter().expr();
  }

  /** Reads no further than it must to refuse. */
  private static List<Token> tokens(String expression, Thrower thrower) {
    FilterLexer lexer = new FilterLexer(CharStreams.fromString(expression));
    lexer.removeErrorListeners();
    lexer.addErrorListener(thrower);
    List<Token> tokens = new ArrayList<>();
    Nesting nesting = new Nesting();
    while (true) {
      Token token = lexer.nextToken();
      tokens.add(token);
      if (token.getType() == Token.EOF) {
        return tokens;
      }
      String why = null;
      if (tokens.size() > WORDS_MAX) {
        why = "it has more than %d words; bind long lists to a template".formatted(WORDS_MAX);
      } else if (nesting.after(token.getText()) > DEPTH_MAX) {
        why = "it nests deeper than %d levels; flatten it".formatted(DEPTH_MAX);
      }
      if (why != null) {
        int line = token.getLine();
        int column = token.getCharPositionInLine();
        throw invalid(
            expression, "%s (line %d:%d, `%s`)".formatted(why, line, column, token.getText()));
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
