package io.elanus.index.text;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.FilteringTokenFilter;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.tartarus.snowball.SnowballStemmer;

/** Filters of an analyzer by Milvus's names. */
final class TokenFilters {
  private static final List<String> OFFERED =
      List.of(
          "lowercase",
          "asciifolding",
          "alphanumonly",
          "cnalphanumonly",
          "cncharonly",
          "length",
          "stop",
          "stemmer",
          "removepunct",
          "regex");

  private static final int REGEX_LENGTH_MAX = 1024;

  private TokenFilters() {}

  static UnaryOperator<TokenStream> of(AnalyzerParams params) {
    String type = params.text("type");
    UnaryOperator<TokenStream> filter =
        switch (type) {
          case "lowercase" -> LowerCaseFilter::new;
          case "asciifolding" -> ASCIIFoldingFilter::new;
          case "alphanumonly" -> only(text -> text.chars().allMatch(TokenFilters::isAlphanumeric));
          case "cnalphanumonly" ->
              only(text -> text.codePoints().allMatch(c -> isAlphanumeric(c) || isHan(c)));
          case "cncharonly" -> only(text -> text.codePoints().allMatch(TokenFilters::isHan));
          case "removepunct" -> only(text -> text.codePoints().anyMatch(c -> !isPunctuation(c)));
          case "length" -> length(params.number("max", 1, Integer.MAX_VALUE));
          case "stop" -> stop(params.texts("stop_words"));
          case "stemmer" -> stemmer(params.text("language"));
          case "regex" -> regex(params.text("expr"));
          case "decompounder", "synonym", "pinyin", "decimaldigit", "arabic_normalization" ->
              throw AnalyzerParams.invalid(
                  "filter %s is not offered yet; use one of %s".formatted(type, OFFERED));
          default ->
              throw AnalyzerParams.invalid(
                  "there is no filter %s; use one of %s".formatted(type, OFFERED));
        };
    params.end();
    return filter;
  }

  static UnaryOperator<TokenStream> stop(List<String> words) {
    CharArraySet set = Languages.stopWords(words);
    return input -> new StopFilter(input, set);
  }

  static UnaryOperator<TokenStream> stemmer(String language) {
    Supplier<SnowballStemmer> stemmers = Languages.stemmer(language);
    return input -> new SnowballFilter(input, stemmers.get());
  }

  /** Tokens of at most this many bytes of UTF-8, which is what Milvus counts. */
  private static UnaryOperator<TokenStream> length(int bytesMax) {
    return only(
        text -> {
          int bytes = 0;
          for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair stands for two of its four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
          }
          return bytes <= bytesMax;
        });
  }

  private static UnaryOperator<TokenStream> regex(String expression) {
    if (expression.length() > REGEX_LENGTH_MAX) {
      throw AnalyzerParams.invalid(
          "the expression of filter regex is longer than %d characters"
              .formatted(REGEX_LENGTH_MAX));
    }
    try {
      Pattern pattern = Pattern.compile(expression);
      return only(text -> pattern.matcher(text).find());
    } catch (PatternSyntaxException e) {
      throw AnalyzerParams.invalid("bad regular expression: " + e.getMessage());
    }
  }

  private static UnaryOperator<TokenStream> only(Predicate<CharSequence> wanted) {
    return input -> new Only(input, wanted);
  }

  private static boolean isAlphanumeric(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isHan(int c) {
    return Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN;
  }

  private static boolean isPunctuation(int c) {
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION,
          Character.MATH_SYMBOL,
          Character.CURRENCY_SYMBOL,
          Character.MODIFIER_SYMBOL,
          Character.OTHER_SYMBOL ->
          true;
      default -> Character.isWhitespace(c);
    };
  }

  /** Keeps the tokens that pass; those that do not leave a gap. */
  private static final class Only extends FilteringTokenFilter {
    private final Predicate<CharSequence> wanted;
    private final CharTermAttribute text = addAttribute(CharTermAttribute.class);

    Only(TokenStream input, Predicate<CharSequence> wanted) {
      super(input);
      this.wanted = wanted;
    }

    @Override
    protected boolean accept() {
      return wanted.test(text);
    }
  }
}
