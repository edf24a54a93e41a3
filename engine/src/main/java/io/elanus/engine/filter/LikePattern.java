package io.elanus.engine.filter;

import java.util.Arrays;

/**
 * A pattern of {@code like}: {@code %} matches any characters, {@code _} one; a backslash takes the
 * next character as it is. Matching never backtracks over more than one {@code %}, so it is linear
 * times the pattern's length at worst.
 */
final class LikePattern {
  private static final int ANY = -1;
  private static final int ONE = -2;
  private final int[] items;

  LikePattern(String pattern) {
    int[] codes = pattern.codePoints().toArray();
    int[] parsed = new int[codes.length];
    int n = 0;
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] == '\\' && i + 1 < codes.length) {
        parsed[n++] = codes[++i];
      } else if (codes[i] == '%') {
        if (n == 0 || parsed[n - 1] != ANY) {
          parsed[n++] = ANY;
        }
      } else {
        parsed[n++] = codes[i] == '_' ? ONE : codes[i];
      }
    }
    items = Arrays.copyOf(parsed, n);
  }

  boolean matches(String text) {
    int[] codes = text.codePoints().toArray();
    int at = 0;
    int item = 0;
    int starItem = -1;
    int starAt = 0;
    while (at < codes.length) {
      if (item < items.length && items[item] == ANY) {
        starItem = item++;
        starAt = at;
      } else if (item < items.length && (items[item] == ONE || items[item] == codes[at])) {
        item++;
        at++;
      } else if (starItem >= 0) {
        item = starItem + 1;
        at = ++starAt;
      } else {
        return false;
      }
    }
    while (item < items.length && items[item] == ANY) {
      item++;
    }
    return item == items.length;
  }
}
