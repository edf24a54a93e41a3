package io.elanus.engine.filter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large a regular expression is once its counted repetitions are written out, estimated from
 * its text before it is compiled: {@code ((a{999}){999}){999}} would fill the memory. Compilation
 * and matching also recurse over this size at worst.
 */
final class RegexSize {
  static final int MAX = 2000;
  static final int DEPTH_MAX = 64;
  private static final int REPEATED_MAX = 1000;

  /** Optional repetitions are written into each other, which costs depth too. */
  private static final int OPTIONAL = 3;

  private static final Pattern COUNTED = Pattern.compile("\\{([0-9]+)(?:(,)([0-9]*))?\\}");

  private final String pattern;
  private int at;

  /** Sizes of the groups around this place, and of what was last read in each. */
  private final Deque<long[]> groups = new ArrayDeque<>();

  private RegexSize(String pattern) {
    this.pattern = pattern;
    groups.push(new long[2]);
  }

  /**
   * Whether it may be compiled; what is no regular expression at all is for the compiler to say.
   */
  static boolean fits(String pattern) {
    return pattern.length() <= MAX && new RegexSize(pattern).fits();
  }

  private boolean fits() {
    Matcher counted = COUNTED.matcher(pattern);
    while (at < pattern.length()) {
      switch (pattern.charAt(at)) {
        case '(' -> groups.push(new long[2]);
        case ')' -> close();
        case '[' -> {
          skipClass();
          add(1);
        }
        case '\\' -> {
          skipEscape();
          add(1);
        }
        case '{' -> {
          if (counted.region(at, pattern.length()).lookingAt()) {
            repeat(counted);
            at = counted.end() - 1;
          } else {
            add(1);
          }
        }
        default -> add(1);
      }
      at++;
      if (groups.size() > DEPTH_MAX || groups.getFirst()[0] > MAX) {
        return false;
      }
    }
    return groups.stream().mapToLong(group -> group[0]).sum() <= MAX;
  }

  private void add(long size) {
    long[] group = groups.getFirst();
    group[0] += size;
    group[1] = size;
  }

  private void close() {
    if (groups.size() > 1) {
      add(2 + groups.pop()[0]);
    }
  }

  private void repeat(Matcher counted) {
    String most = counted.group(3);
    boolean bounded = most != null && !most.isEmpty();
    long times = Math.max(number(counted.group(1)), bounded ? number(most) : 0);
    long[] group = groups.getFirst();
    long repeated = (group[1] + (counted.group(2) == null ? 0 : OPTIONAL)) * times;
    group[0] += Math.max(0, repeated - group[1]);
    group[1] = Math.max(1, repeated);
  }

  private static long number(String digits) {
    return digits.length() > 4 ? REPEATED_MAX : Math.min(REPEATED_MAX, Integer.parseInt(digits));
  }

  private void skipClass() {
    at++;
    if (at < pattern.length() && pattern.charAt(at) == '^') {
      at++;
    }
    // A bracket that comes first stands for itself.
    for (int first = at; at < pattern.length(); at++) {
      char c = pattern.charAt(at);
      if (c == ']' && at > first) {
        return;
      }
      at += c == '\\' ? 1 : 0;
    }
  }

  /** Also {@code \Q…\E}, whose characters stand for themselves. */
  private void skipEscape() {
    at++;
    if (at < pattern.length() && pattern.charAt(at) == 'Q') {
      int end = pattern.indexOf("\\E", at);
      at = end < 0 ? pattern.length() : end + 1;
    }
  }
}
