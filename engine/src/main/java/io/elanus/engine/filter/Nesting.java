package io.elanus.engine.filter;

import java.util.Arrays;
import java.util.Set;

/**
 * How deep the parser's recursion stands after a token: brackets, and prefix operators whose
 * operand goes on. A prefix binds weaker than {@code **} and {@code like}, so that {@code a ** -b
 * ** -c} nests as {@code a ** -(b ** -c)}.
 */
final class Nesting {
  private static final Set<String> OPENING = Set.of("(", "[", "{");
  private static final Set<String> CLOSING = Set.of(")", "]", "}");
  private static final Set<String> PREFIXES = Set.of("not", "NOT", "!", "~", "exists", "EXISTS");
  private static final Set<String> TIGHT = Set.of("**", "like", "LIKE", "=~", "!~");

  /** What ends the operand of a prefix. */
  private static final Set<String> WEAK =
      Set.of(
          "*", "/", "%", "<<", ">>", "in", "IN", "<", "<=", ">", ">=", "==", "!=", "&", "^", "|",
          "and", "AND", "&&", "or", "OR", "||", ",", "=");

  /** Prefix operators that wait, per open bracket. */
  private int[] prefixes = new int[8];

  private int brackets;
  private int open;
  private boolean operand;

  /** The depth after this token. */
  int after(String token) {
    boolean prefix = PREFIXES.contains(token) || token.equals("+") || token.equals("-");
    if (prefix && !operand) {
      prefixes[brackets]++;
      open++;
    } else if (OPENING.contains(token)) {
      brackets++;
      open++;
      if (brackets == prefixes.length) {
        prefixes = Arrays.copyOf(prefixes, 2 * brackets);
      }
    } else if (prefix || WEAK.contains(token)) {
      endPrefixes();
    } else if (CLOSING.contains(token)) {
      endPrefixes();
      if (brackets > 0) {
        brackets--;
        open--;
      }
    }
    operand = !(prefix || OPENING.contains(token) || WEAK.contains(token) || TIGHT.contains(token));
    return open;
  }

  private void endPrefixes() {
    open -= prefixes[brackets];
    prefixes[brackets] = 0;
  }
}
