package io.elanus.testkit.filter;

import io.elanus.testkit.filter.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
          "**", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>", "<", ">", "+", "-", "*", "/", "%",
          "&", "|", "^", "~", "!", "(", ")", "[", "]", "{", "}", ",");

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
    if (c == '"' || c == '\'') {
      return new Token(Kind.LITERAL, "", string(c), start);
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

  private Object number() {
    int start = at;
    boolean hex = text.startsWith("0x", at) || text.startsWith("0X", at);
    while (at < text.length() && numeric(text.charAt(at), hex)) {
      at++;
    }
    String word = text.substring(start, at);
    try {
      if (hex) {
        return narrowed(new BigInteger(word.substring(2), 16));
      }
      if (word.matches("\\d+")) {
        boolean octal = word.length() > 1 && word.startsWith("0");
        return narrowed(new BigInteger(word, octal ? 8 : 10));
      }
      return Double.parseDouble(word);
    } catch (NumberFormatException e) {
      throw new FilterException("not a number: " + word);
    }
  }

  /** Also the sign of an exponent. */
  private boolean numeric(char c, boolean hex) {
    boolean exponent = !hex && (text.charAt(at - (at > 0 ? 1 : 0)) | 0x20) == 'e';
    return hex
        ? c == 'x' || c == 'X' || Character.digit(c, 16) >= 0
        : digit(c) || c == '.' || c == 'e' || c == 'E' || (exponent && (c == '+' || c == '-'));
  }

  private static Object narrowed(BigInteger value) {
    return value.bitLength() < 64 ? (Object) value.longValue() : value;
  }

  private String string(char quote) {
    StringBuilder out = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == quote) {
        at++;
        return out.toString();
      }
      if (c == '\n') {
        break;
      }
      if (c == '\\' && at + 1 < text.length()) {
        escape(out, text.charAt(++at));
      } else {
        out.append(c);
      }
    }
    throw new FilterException("a string does not end");
  }

  private static void escape(StringBuilder out, char c) {
    switch (c) {
      case 'n' -> out.append('\n');
      case 't' -> out.append('\t');
      case 'r' -> out.append('\r');
      case '\\', '"', '\'' -> out.append(c);
      // Patterns of like keep their backslashes.
      default -> out.append('\\').append(c);
    }
  }
}
