package io.elanus.rag.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at a text that is being written for citations, {@code [2]}, {@code [1, 3]} or {@code
 * [1-3]}: those of passages that are not there are taken out, with the spaces before them, and
 * noted. What stands in code is left alone. Holds back only what may still become a citation.
 */
final class CitationFilter {
  /** Longer brackets are no citation. */
  private static final int HELD_MAX = 48;

  private static final Pattern CITATION =
      Pattern.compile("\\[\\s*\\^?\\d{1,4}(?:\\s*(?:[,;]|[-–])\\s*\\d{1,4})*\\s*]");
  private static final Pattern PART = Pattern.compile("(\\d{1,4})(?:\\s*[-–]\\s*(\\d{1,4}))?");
  private static final int RANGE_MAX = 20;

  /**
   * A citation that was left in.
   *
   * @param start where its bracket opens in the text that came out
   * @param end one past where it closes
   */
  record Mark(List<Integer> numbers, int start, int end) {}

  private final int passages;
  private final StringBuilder held = new StringBuilder();
  private final List<Mark> marks = new ArrayList<>();
  private final TreeSet<Integer> unknown = new TreeSet<>();
  private boolean bracket;
  private boolean code;
  private int length;

  /**
   * @param passages those numbered from 1 to this are there
   */
  CitationFilter(int passages) {
    this.passages = passages;
  }

  /** What of the text may go out now. */
  String feed(String piece) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < piece.length(); i++) {
      take(piece.charAt(i), out);
    }
    return out.toString();
  }

  /** What was held back. */
  String finish() {
    StringBuilder out = new StringBuilder();
    release(out);
    return out.toString();
  }

  /** In the order of the text. */
  List<Mark> marks() {
    return marks;
  }

  /** Numbers that were cited and are not there. */
  List<Integer> unknown() {
    return List.copyOf(unknown);
  }

  private void take(char c, StringBuilder out) {
    if (bracket) {
      held.append(c);
      if (c == ']') {
        close(out);
      } else if (!possible(c) || held.length() > HELD_MAX) {
        held.setLength(held.length() - 1);
        release(out);
        take(c, out);
      }
    } else if (c == '[' && !code) {
      held.append(c);
      bracket = true;
    } else if (c == ' ' && !code) {
      if (held.length() >= HELD_MAX) {
        release(out);
      }
      held.append(c);
    } else {
      release(out);
      code ^= c == '`';
      emit(String.valueOf(c), out);
    }
  }

  private static boolean possible(char c) {
    return c >= '0' && c <= '9' || " ,;-–^".indexOf(c) >= 0;
  }

  private void release(StringBuilder out) {
    bracket = false;
    emit(held.toString(), out);
    held.setLength(0);
  }

  private void emit(String text, StringBuilder out) {
    out.append(text);
    length += text.length();
  }

  private void close(StringBuilder out) {
    int open = held.indexOf("[");
    String inside = held.substring(open);
    if (!CITATION.matcher(inside).matches()) {
      release(out);
      return;
    }
    TreeSet<Integer> known = new TreeSet<>();
    boolean all = true;
    for (int number : numbers(inside)) {
      if (number >= 1 && number <= passages) {
        known.add(number);
      } else {
        unknown.add(number);
        all = false;
      }
    }
    if (!known.isEmpty()) {
      if (!all) {
        held.replace(open, held.length(), known.toString());
      }
      int start = length + open;
      release(out);
      marks.add(new Mark(List.copyOf(known), start, length));
    }
    held.setLength(0);
    bracket = false;
  }

  private static List<Integer> numbers(String inside) {
    List<Integer> numbers = new ArrayList<>();
    Matcher parts = PART.matcher(inside);
    while (parts.find()) {
      int first = Integer.parseInt(parts.group(1));
      int last = parts.group(2) == null ? first : Integer.parseInt(parts.group(2));
      for (int n = first; n <= Math.min(last, first + RANGE_MAX) || n == first; n++) {
        numbers.add(n);
      }
    }
    return numbers;
  }
}
