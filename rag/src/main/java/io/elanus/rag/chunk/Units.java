package io.elanus.rag.chunk;

import io.elanus.rag.embed.Tokens;
import io.elanus.rag.parse.Block;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a text into units. Sentences by the JDK's rules (UAX 29 in an older form): without a model
 * and for every script; that they end one after "e.g." costs little, since units are put together
 * again. Lines for lists, tables and code. What is longer than a chunk is cut by tokens, at white
 * space where there is any.
 */
final class Units {
  /** More than this for a token is white space, or something that no model reads as words. */
  private static final int CHARS_PER_TOKEN_MAX = 16;

  /** Three bytes of UTF-8 for each are just what the field of a chunk's text holds. */
  private static final int CHARS_MAX = 21_800;

  /** The rules look ahead; what they look at at a time is bounded. */
  private static final int SENTENCE_WINDOW_CHARS = 1 << 16;

  private final String text;
  private final Tokens tokens;
  private final int tokensMax;
  private final int charsMax;

  Units(String text, Tokens tokens, int tokensMax) {
    this.text = text;
    this.tokens = tokens;
    this.tokensMax = tokensMax;
    charsMax = Math.min(CHARS_MAX, CHARS_PER_TOKEN_MAX * tokensMax);
  }

  /** Whether this stretch can be a chunk. */
  boolean fits(int start, int end) {
    return end - start <= charsMax && tokens.count(text.substring(start, end)) <= tokensMax;
  }

  /** Of a block: sentences of prose, lines of the rest. */
  List<Unit> of(Block block) {
    List<Unit> units = new ArrayList<>();
    boolean prose = block.kind() == Block.Kind.PARAGRAPH || block.kind() == Block.Kind.HEADING;
    if (prose) {
      sentences(block.start(), block.end(), units);
    } else {
      lines(block.start(), block.end(), units);
    }
    return units;
  }

  /** Words, that is: what lies between white space. */
  List<Unit> words(Block block) {
    List<Unit> units = new ArrayList<>();
    int at = block.start();
    while (at < block.end()) {
      int end = window(at, block.end(), SENTENCE_WINDOW_CHARS);
      int[] offsets = tokens.offsets(text.substring(at, end));
      int token = 0;
      int start = at;
      while (start < end) {
        int wordEnd = wordEnd(start, end);
        int count = 0;
        while (token < offsets.length && at + offsets[token] < wordEnd) {
          count += at + offsets[token + 1] > start ? 1 : 0;
          token += 2;
        }
        add(start, wordEnd, count, units);
        start = wordEnd;
      }
      at = end;
    }
    return units;
  }

  /** A word with the white space before it. */
  private int wordEnd(int from, int to) {
    int at = from;
    while (at < to && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    while (at < to && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private void sentences(int from, int to, List<Unit> units) {
    BreakIterator rules = BreakIterator.getSentenceInstance(Locale.ROOT);
    int at = from;
    while (at < to) {
      int end = window(at, to, SENTENCE_WINDOW_CHARS);
      rules.setText(text.substring(at, end));
      int start = rules.first();
      for (int next = rules.next(); next != BreakIterator.DONE; next = rules.next()) {
        add(at + start, at + next, units);
        start = next;
      }
      at = end;
    }
  }

  private void lines(int from, int to, List<Unit> units) {
    int at = from;
    while (at < to) {
      int end = text.indexOf('\n', at);
      end = end < 0 || end >= to ? to : end + 1;
      add(at, end, units);
      at = end;
    }
  }

  private void add(int from, int to, List<Unit> units) {
    add(from, to, -1, units);
  }

  /**
   * @param count tokens, or negative for unknown
   */
  private void add(int from, int to, int count, List<Unit> units) {
    int start = from;
    int end = to;
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    if (start == end) {
      return;
    }
    if (end - start <= charsMax) {
      int known = count >= 0 ? count : tokens.count(text.substring(start, end));
      if (known <= tokensMax) {
        units.add(new Unit(start, end, known));
        return;
      }
    }
    cut(start, end, units);
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || c == '\u00a0';
  }

  private void cut(int from, int to, List<Unit> units) {
    int at = from;
    while (at < to) {
      while (at < to && isBlank(text.charAt(at))) {
        at++;
      }
      if (at == to) {
        return;
      }
      int end = Math.min(to, whole(at, Math.min(to, at + charsMax)));
      int[] offsets = tokens.offsets(text.substring(at, end));
      if (offsets.length / 2 > tokensMax) {
        end = whole(at, at + Math.max(1, offsets[2 * tokensMax - 1]));
      }
      if (end < to) {
        end = spaceBefore(at, end);
      }
      // What is cut inside of a word may have more tokens than it had in the whole.
      int count = tokens.count(text.substring(at, end));
      while (count > tokensMax && end - at > 2) {
        end = whole(at, at + (end - at) * 3 / 4);
        count = tokens.count(text.substring(at, end));
      }
      int stripped = end;
      while (stripped > at && isBlank(text.charAt(stripped - 1))) {
        stripped--;
      }
      units.add(new Unit(at, stripped, count));
      at = end;
    }
  }

  /** The end of a window that begins there: after white space where there is any. */
  private int window(int from, int to, int charsMax) {
    if (to - from <= charsMax) {
      return to;
    }
    return spaceBefore(from, whole(from, from + charsMax));
  }

  /** The last white space in the second half, or the end. */
  private int spaceBefore(int from, int end) {
    for (int i = end; i > from + (end - from) / 2; i--) {
      if (Character.isWhitespace(text.charAt(i - 1))) {
        return i;
      }
    }
    return end;
  }

  /** Not between two halves of a character, and after the first one at least. */
  private int whole(int from, int end) {
    int at = Math.max(end, from + 1);
    if (at < text.length()
        && Character.isLowSurrogate(text.charAt(at))
        && Character.isHighSurrogate(text.charAt(at - 1))) {
      return at - 1 > from ? at - 1 : at + 1;
    }
    return at;
  }
}
