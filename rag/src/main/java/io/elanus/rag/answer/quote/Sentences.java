package io.elanus.rag.answer.quote;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sentences of prose, list items and headings, in the order of the text, without the white space
 * around them. Lines that begin a block of their own (a bullet, a heading, a row of a table) end
 * the sentence before them. What is longer than {@value #CHARS_MAX} characters is cut at a space.
 */
public final class Sentences {
  static final int CHARS_MAX = 600;
  private static final Pattern BLOCK =
      Pattern.compile("\\s*(?:[-*+•>|]\\s|#{1,6}\\s|\\d{1,3}[.)]\\s|\\|| {4,}\\S|\\t|```|~~~).*");
  private static final Pattern HEADING = Pattern.compile("\\s*#{1,6}\\s.*");
  private static final Set<String> SHORT =
      Set.of("e.g.", "i.e.", "etc.", "vs.", "cf.", "no.", "fig.", "dr.", "mr.", "ms.", "approx.");

  private Sentences() {}

  public static List<Span> of(String text) {
    List<Span> found = new ArrayList<>();
    int block = 0;
    int line = 0;
    while (line <= text.length()) {
      int end = text.indexOf('\n', line);
      end = end < 0 ? text.length() : end;
      String content = text.substring(line, end);
      if (content.isBlank() || BLOCK.matcher(content).matches()) {
        block(text, block, line, found);
        block = line;
      }
      line = end + 1;
      if (HEADING.matcher(content).matches()) {
        block(text, block, end, found);
        block = Math.min(line, text.length());
      }
    }
    block(text, block, text.length(), found);
    return found;
  }

  private static void block(String text, int from, int to, List<Span> found) {
    if (from >= to) {
      return;
    }
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
    breaks.setText(text.substring(from, to));
    int start = 0;
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      if (!goesOn(text, from + start, from + end, to)) {
        sentence(text, from + start, from + end, found);
        start = end;
      }
    }
    sentence(text, from + start, to, found);
  }

  /** Whether the stop was one of an abbreviation, or the next word is in lower case. */
  private static boolean goesOn(String text, int start, int end, int to) {
    if (end >= to) {
      return false;
    }
    String before = text.substring(start, end).stripTrailing();
    String word = before.substring(lastSpace(before) + 1);
    return SHORT.contains(word.toLowerCase(Locale.ROOT).replaceFirst("^[(\\[\"']+", ""))
        || Character.isLowerCase(text.codePointAt(end));
  }

  private static int lastSpace(String text) {
    int at = text.length() - 1;
    while (at >= 0 && !Character.isWhitespace(text.charAt(at))) {
      at--;
    }
    return at;
  }

  private static void sentence(String text, int from, int to, List<Span> found) {
    int start = from;
    int end = to;
    while (start < end && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    while (end - start > CHARS_MAX) {
      int cut = start + CHARS_MAX;
      while (cut > start + CHARS_MAX / 2 && !Character.isWhitespace(text.charAt(cut))) {
        cut--;
      }
      if (Character.isLowSurrogate(text.charAt(cut))) {
        cut--;
      }
      found.add(new Span(start, cut));
      start = cut;
      while (start < end && Character.isWhitespace(text.charAt(start))) {
        start++;
      }
    }
    if (start < end) {
      found.add(new Span(start, end));
    }
  }
}
