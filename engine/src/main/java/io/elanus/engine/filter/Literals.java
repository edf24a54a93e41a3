package io.elanus.engine.filter;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Reads literals as C does. */
final class Literals {
  private Literals() {}

  /**
   * Long; BigInteger where only a minus sign before it may bring it into range; null for more
   * digits than that.
   */
  static @Nullable Object integer(String text) {
    char mark = text.length() > 1 ? Character.toLowerCase(text.charAt(1)) : ' ';
    int radix = text.charAt(0) != '0' ? 10 : mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    int first = radix == 16 || radix == 2 ? 2 : 0;
    while (first < text.length() - 1 && text.charAt(first) == '0') {
      first++;
    }
    if (text.length() - first > Long.SIZE) {
      return null;
    }
    BigInteger value = new BigInteger(text.substring(first), radix);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  /** A quoted string without its quotes, escapes resolved; null where one names no character. */
  static @Nullable String string(String token) {
    int quote = 0;
    while (token.charAt(quote) != '"' && token.charAt(quote) != '\'') {
      quote++;
    }
    String body = token.substring(quote + 1, token.length() - 1);
    boolean raw = token.charAt(0) == 'r' || token.charAt(0) == 'R';
    return raw || body.indexOf('\\') < 0 ? body : unescape(body);
  }

  private static @Nullable String unescape(String body) {
    StringBuilder out = new StringBuilder(body.length());
    int at = 0;
    while (at < body.length()) {
      char c = body.charAt(at++);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char e = body.charAt(at++);
      int digits =
          switch (e) {
            case 'x' -> run(body, at, 2, 16);
            case 'u' -> run(body, at, 4, 16);
            case 'U' -> run(body, at, 8, 16);
            default -> 0;
          };
      if (digits > 0) {
        long point = Long.parseLong(body.substring(at, at + digits), 16);
        if (point > Character.MAX_CODE_POINT) {
          return null;
        }
        out.appendCodePoint((int) point);
        at += digits;
      } else if (e >= '0' && e <= '7') {
        int octal = run(body, at - 1, 3, 8);
        out.appendCodePoint(Integer.parseInt(body.substring(at - 1, at - 1 + octal), 8));
        at += octal - 1;
      } else {
        at = simple(out, e, at);
      }
    }
    // Halves of a pair may have been written as two escapes, but must have met.
    boolean whole = out.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    return whole ? out.toString() : null;
  }

  private static int simple(StringBuilder out, char e, int at) {
    switch (e) {
      case 'n' -> out.append('\n');
      case 't' -> out.append('\t');
      case 'r' -> out.append('\r');
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'a' -> out.append((char) 7);
      case 'v' -> out.append((char) 11);
      case '\\', '"', '\'', '?' -> out.append(e);
      // The pattern of `like` needs its backslashes: \% and \_ stay as they are.
      default -> out.append('\\').append(e);
    }
    return at;
  }

  private static int run(String body, int from, int most, int radix) {
    int n = 0;
    while (n < most
        && from + n < body.length()
        && Character.digit(body.charAt(from + n), radix) >= 0) {
      n++;
    }
    return n;
  }
}
