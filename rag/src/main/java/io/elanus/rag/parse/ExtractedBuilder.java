package io.elanus.rag.parse;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Puts a document's text together, block by block, within limits. */
public final class ExtractedBuilder {
  private static final int TITLE_CHARS_MAX = 500;

  private final ParseLimits limits;
  private final StringBuilder text = new StringBuilder();
  private final List<Block> blocks = new ArrayList<>();
  private String title = "";

  public ExtractedBuilder(ParseLimits limits) {
    this.limits = limits;
  }

  /** The first one that is not blank stays. */
  public void title(String candidate) {
    if (title.isEmpty()) {
      String clean = squeezed(candidate);
      int end = Math.min(clean.length(), TITLE_CHARS_MAX);
      if (end < clean.length() && Character.isHighSurrogate(clean.charAt(end - 1))) {
        end--;
      }
      title = clean.substring(0, end).strip();
    }
  }

  /** A block with its white space as it is; blank ones are left out. */
  public void add(Block.Kind kind, int level, CharSequence content) {
    String clean = clean(content).stripTrailing();
    int from = 0;
    // The indent of a first line of code belongs to it; blank lines before it do not.
    for (int i = 0; i < clean.length() && Character.isWhitespace(clean.charAt(i)); i++) {
      if (clean.charAt(i) == '\n' || kind != Block.Kind.CODE) {
        from = i + 1;
      }
    }
    if (from == clean.length()) {
      return;
    }
    check(text.length() + (long) clean.length() - from + 2, blocks.size() + 1);
    if (!text.isEmpty()) {
      text.append("\n\n");
    }
    int start = text.length();
    text.append(clean, from, clean.length());
    blocks.add(new Block(kind, level, start, text.length()));
  }

  private void check(long chars, int blockCount) {
    if (chars > limits.textCharsMax()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "it holds more than %d characters of text; split it".formatted(limits.textCharsMax()));
    }
    if (blockCount > limits.blocksMax()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "it has more than %d paragraphs; split it".formatted(limits.blocksMax()));
    }
  }

  public int length() {
    return text.length();
  }

  public Extracted build() {
    return new Extracted(title, text.toString(), blocks);
  }

  /** One line, its white space single spaces. */
  public static String squeezed(CharSequence content) {
    StringBuilder out = new StringBuilder(content.length());
    boolean space = false;
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (Character.isWhitespace(c) || c == '\u00a0' || Character.isISOControl(c)) {
        space = !out.isEmpty();
      } else {
        if (space) {
          out.append(' ');
          space = false;
        }
        out.append(c);
      }
    }
    return clean(out);
  }

  /** Line ends as line feeds; what no text field stores replaced. */
  static String clean(CharSequence content) {
    StringBuilder out = new StringBuilder(content.length());
    int length = content.length();
    for (int i = 0; i < length; i++) {
      char c = content.charAt(i);
      if (c == '\r') {
        if (i + 1 == length || content.charAt(i + 1) != '\n') {
          out.append('\n');
        }
      } else if (c == '\f' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
        out.append('\n');
      } else if (c != '\n' && c != '\t' && Character.isISOControl(c)) {
        out.append(' ');
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(content.charAt(i + 1))) {
        out.append(c).append(content.charAt(++i));
      } else {
        out.append(Character.isSurrogate(c) ? '\ufffd' : c);
      }
    }
    return out.toString();
  }
}
