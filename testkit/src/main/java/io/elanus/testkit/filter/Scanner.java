package io.elanus.testkit.filter;

import io.elanus.testkit.filter.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From text to words. Keywords are taken all lower or all upper case, and become symbols. */
final class Scanner {
  private static final Map<String, String> KEYWORDS =
      Map.ofEntries(
          Map.entry("and", "and"),
          Map.entry("AND", "and"),
          Map.entry("or", "or"),
          Map.entry("OR", "or"),
          Map.entry("not", "not"),
          Map.entry("NOT", "not"),
          Map.entry("in", "in"),
          Map.entry("IN", "in"),
          Map.entry("like", "like"),
          Map.entry("LIKE", "like"),
          Map.entry("exists", "exists"),
          Map.entry("EXISTS", "exists"));
  private static final Map<String, String> SPELLINGS = Map.of("&&", "and", "||", "or", "!", "not");
  private static final List<String> SYMBOLS =
      List.of(
          "=~", "!~", "**", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>", "<", ">", "+", "-", "*",
          "/", "%", "&", "|", "^", "~", "!", "(", ")", "[", "]", "{", "}", ",", "=");

  private static final Pattern STRING =
      Pattern.compile(
          "(?s)([rR](?=\"[^\"\r\n]*\"|'[^'\r\n]*')|u8|u|U|L|)"
              + "((?<=[rR])(?:\"[^\"\r\n]*\"|'[^'\r\n]*')"
              + "|\"(?:[^\"\\\\\r\n]++|\\\\.)*+\"|'(?:[^'\\\\\r\n]++|\\\\.)*+')");
  private static final Pattern ESCAPE =
      Pattern.compile(
          "(?s)\\\\(?:(x\\p{XDigit}{1,2}|u\\p{XDigit}{1,4}|U\\p{XDigit}{1,8})|([0-7]{1,3})|(.))");
  private static final Pattern FLOATING =
      Pattern.compile("(\\d+\\.\\d*|\\.\\d+)([eE][+-]?\\d+)?|\\d+[eE][+-]?\\d+");
  private static final Pattern HEX_FLOATING =
      Pattern.compile("0[xX](\\p{XDigit}+(\\.\\p{XDigit}*)?|\\.\\p{XDigit}+)[pP][+-]?\\d+");
  private static final Pattern HEX = Pattern.compile("0[xX]\\p{XDigit}+");
  private static final Pattern BINARY = Pattern.compile("0[bB][01]+");
  private static final Pattern OCTAL = Pattern.compile("0[0-7]*");
  private static final Pattern DECIMAL = Pattern.compile("[1-9]\\d*");

  private final String text;
  private int at;

  private Scanner(String text) {
    this.text = text;
  }

  static List<Token> scan(String text) {
    Scanner scanner = new Scanner(text);
    List<Token> tokens = new ArrayList<>();
    while (true) {
      while (scanner.at < text.length() && " \t\r\n".indexOf(text.charAt(scanner.at)) >= 0) {
        scanner.at++;
      }
      if (scanner.at == text.length()) {
        tokens.add(new Token(Kind.END, "the end", null, scanner.at));
        return tokens;
      }
      tokens.add(scanner.next());
    }
  }

  private Token next() {
    int start = at;
    char c = text.charAt(at);
    Matcher quoted = STRING.matcher(text).region(at, text.length());
    if (quoted.lookingAt()) {
      at = quoted.end();
      String body = quoted.group(2);
      String inside = body.substring(1, body.length() - 1);
      boolean raw = quoted.group(1).equalsIgnoreCase("r");
      return new Token(Kind.LITERAL, "", raw ? inside : unescaped(inside), start);
    }
    if (c == '"' || c == '\'') {
      throw new FilterException("a string does not end: " + text.substring(at));
    }
    boolean point = c == '.' && at + 1 < text.length() && digit(text.charAt(at + 1));
    if (digit(c) || point) {
      return new Token(Kind.LITERAL, "", number(), start);
    }
    if (Character.isLetter(c) || c == '_' || c == '$') {
      return word(start);
    }
    for (String symbol : SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        at += symbol.length();
        return new Token(Kind.SYMBOL, SPELLINGS.getOrDefault(symbol, symbol), null, start);
      }
    }
    throw new FilterException("unexpected character " + c + " at " + at);
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private Token word(int start) {
    for (String test : List.of("is not null", "IS NOT NULL", "is null", "IS NULL")) {
      if (text.startsWith(test, at)) {
        at += test.length();
        return new Token(Kind.SYMBOL, test.toLowerCase(java.util.Locale.ROOT), null, start);
      }
    }
    at++;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    String word = text.substring(start, at);
    return switch (word) {
      case "true", "True", "TRUE" -> new Token(Kind.LITERAL, word, true, start);
      case "false", "False", "FALSE" -> new Token(Kind.LITERAL, word, false, start);
      default ->
          KEYWORDS.containsKey(word)
              ? new Token(Kind.SYMBOL, KEYWORDS.get(word), null, start)
              : new Token(Kind.NAME, word, null, start);
    };
  }

  /** The longest spelling of a number that begins here. */
  private Object number() {
    int end = at;
    Pattern longest = DECIMAL;
    for (Pattern spelling : List.of(FLOATING, HEX_FLOATING, HEX, BINARY, OCTAL, DECIMAL)) {
      Matcher matcher = spelling.matcher(text).region(at, text.length());
      if (matcher.lookingAt() && matcher.end() > end) {
        end = matcher.end();
        longest = spelling;
      }
    }
    String word = text.substring(at, end);
    at = end;
    if (longest == FLOATING || longest == HEX_FLOATING) {
      return Double.parseDouble(word);
    }
    boolean prefixed = longest == HEX || longest == BINARY;
    int radix = longest == HEX ? 16 : longest == BINARY ? 2 : longest == OCTAL ? 8 : 10;
    return narrowed(new BigInteger(prefixed ? word.substring(2) : word, radix));
  }

  private static Object narrowed(BigInteger value) {
    return value.bitLength() < 64 ? (Object) value.longValue() : value;
  }

  private static String unescaped(String body) {
    Matcher escape = ESCAPE.matcher(body);
    String plain = escape.replaceAll(e -> Matcher.quoteReplacement(meaning(e)));
    if (plain.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
      throw new FilterException("half a character in " + body);
    }
    return plain;
  }

  private static String meaning(MatchResult escape) {
    if (escape.group(1) != null) {
      long point = Long.parseLong(escape.group(1).substring(1), 16);
      if (point > Character.MAX_CODE_POINT) {
        throw new FilterException("no such character: " + escape.group());
      }
      return Character.toString((int) point);
    }
    if (escape.group(2) != null) {
      return Character.toString(Integer.parseInt(escape.group(2), 8));
    }
    int named = "ntrbfav".indexOf(escape.group(3));
    if (named >= 0) {
      return String.valueOf("\n\t\r\b\f\007\013".charAt(named));
    }
    // Patterns of like keep their backslashes.
    return "\\\"'?".contains(escape.group(3)) ? escape.group(3) : escape.group();
  }
}
