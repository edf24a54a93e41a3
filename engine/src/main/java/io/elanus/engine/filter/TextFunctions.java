package io.elanus.engine.filter;

import io.elanus.index.text.Analyzers;
import io.elanus.index.text.TextAnalyzer;
import io.elanus.index.text.Token;
import io.elanus.model.schema.Field;
import java.util.List;

/** {@code text_match} and {@code phrase_match}, from their arguments to predicates. */
final class TextFunctions {
  private static final String LEAST = "minimum_should_match";
  private static final int LEAST_MAX = 1000;
  private static final int SLOP_MAX = 65_535;

  private TextFunctions() {}

  static Predicate textMatch(List<Operand> arguments, List<String> options, Typing typing) {
    Field field = field("text_match", arguments, options, typing);
    int least = 1;
    if (arguments.size() == 3) {
      if (!options.get(2).isEmpty() && !options.get(2).equals(LEAST)) {
        throw typing.invalid(
            "text_match has no option %s, only %s".formatted(options.get(2), LEAST));
      }
      least = number(arguments.get(2), LEAST, 1, LEAST_MAX, typing);
    }
    List<String> words = analyzer(field).words(text("text_match", arguments, typing));
    return new Predicate.TextMatch(field, words.stream().distinct().toList(), least);
  }

  static Predicate phraseMatch(List<Operand> arguments, List<String> options, Typing typing) {
    Field field = field("phrase_match", arguments, options, typing);
    int slop = 0;
    if (arguments.size() == 3) {
      if (!options.get(2).isEmpty() && !options.get(2).equals("slop")) {
        throw typing.invalid("phrase_match has no option %s, only slop".formatted(options.get(2)));
      }
      slop = number(arguments.get(2), "slop", 0, SLOP_MAX, typing);
    }
    List<Token> words = analyzer(field).tokens(text("phrase_match", arguments, typing));
    return new Predicate.PhraseMatch(field, words, slop);
  }

  private static TextAnalyzer analyzer(Field field) {
    return Analyzers.of(field.analyzerParams());
  }

  private static Field field(
      String function, List<Operand> arguments, List<String> options, Typing typing) {
    if (arguments.size() < 2 || arguments.size() > 3) {
      throw typing.invalid("%s takes a field, a text and at most one number".formatted(function));
    }
    if (!options.get(0).isEmpty() || !options.get(1).isEmpty()) {
      throw typing.invalid("the field and the text of %s have no names".formatted(function));
    }
    if (!(arguments.getFirst() instanceof Operand.Column column)) {
      throw typing.invalid("%s can only be used on a VarChar field".formatted(function));
    }
    if (!column.field().hasMatch()) {
      throw typing.invalid(
          "field \"%s\" does not enable match: %s needs enable_match in the field's definition"
              .formatted(column.field().name(), function));
    }
    return column.field();
  }

  private static String text(String function, List<Operand> arguments, Typing typing) {
    if (arguments.get(1) instanceof Operand.Literal literal
        && literal.value() instanceof String text) {
      return text;
    }
    throw typing.invalid("the text of %s must be a string".formatted(function));
  }

  private static int number(Operand argument, String name, int min, int max, Typing typing) {
    if (argument instanceof Operand.Literal literal
        && literal.value() instanceof Long n
        && n >= min
        && n <= max) {
      return (int) (long) n;
    }
    throw typing.invalid("%s must be an integer from %d to %d".formatted(name, min, max));
  }
}
