package io.elanus.extract.markup;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.parse.Block;
import io.elanus.rag.parse.Extracted;
import io.elanus.rag.parse.ExtractedBuilder;
import io.elanus.rag.parse.ParseLimits;

/**
 * Blocks out of elements that start and end, by the names HTML gives them: headings, lists, tables
 * and preformatted text are blocks, whatever else breaks a line ends a paragraph. Elements need not
 * nest properly. Text is bounded while it comes.
 */
public final class BlockWriter {
  private final ParseLimits limits;
  private final ExtractedBuilder builder;
  private final StringBuilder text = new StringBuilder();
  private Block.Kind kind = Block.Kind.PARAGRAPH;
  private int level;
  private int depth;
  private int lists;
  private int tables;
  private boolean cellBegun;
  private int titleDepth;

  public BlockWriter(ParseLimits limits) {
    this.limits = limits;
    builder = new ExtractedBuilder(limits);
  }

  public void start(String name) {
    if (++depth > limits.depthMax()) {
      throw tooDeep(limits);
    }
    switch (name) {
      case "title" -> {
        flush();
        titleDepth = depth;
      }
      case "h1", "h2", "h3", "h4", "h5", "h6" -> {
        // Lists and tables with headings in them are there for the layout.
        lists = 0;
        tables = 0;
        begin(Block.Kind.HEADING, name.charAt(1) - '0');
      }
      case "pre", "listing" -> {
        if (tables == 0) {
          begin(Block.Kind.CODE, 0);
        } else {
          lineBreak();
        }
      }
      case "ul", "ol", "dl", "menu" -> {
        if (lists++ == 0 && tables == 0) {
          begin(Block.Kind.LIST, 0);
        }
      }
      case "table" -> {
        if (tables++ == 0 && lists == 0) {
          begin(Block.Kind.TABLE, 0);
        }
      }
      case "li", "dt", "dd" -> {
        breakBlock();
        if (lists > 0) {
          text.append(name.equals("dd") ? "  " : "- ");
        }
      }
      case "tr" -> {
        if (tables > 0) {
          lineBreak();
        } else {
          breakBlock();
        }
        cellBegun = false;
      }
      case "td", "th" -> {
        if (tables == 0) {
          breakBlock();
        } else if (cellBegun) {
          text.append(" | ");
        }
        cellBegun = true;
      }
      case "br" -> lineBreak();
      default -> {
        if (isBlock(name)) {
          breakBlock();
        }
      }
    }
  }

  public void end(String name) {
    depth = Math.max(0, depth - 1);
    switch (name) {
      case "title" -> {
        if (titleDepth > 0) {
          titleDepth = 0;
          builder.title(text.toString());
          text.setLength(0);
        }
      }
      case "h1", "h2", "h3", "h4", "h5", "h6" -> flush();
      case "pre", "listing" -> {
        if (tables == 0) {
          flush();
        } else {
          lineBreak();
        }
      }
      case "ul", "ol", "dl", "menu" -> {
        lists = Math.max(0, lists - 1);
        if (lists == 0 && tables == 0) {
          flush();
        }
      }
      case "table" -> {
        tables = Math.max(0, tables - 1);
        if (tables == 0 && lists == 0) {
          flush();
        }
      }
      default -> {
        if (isBlock(name)) {
          breakBlock();
        }
      }
    }
  }

  public void characters(CharSequence characters) {
    if (builder.length() + (long) text.length() + characters.length() > limits.textCharsMax()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "it holds more than %d characters of text; split it".formatted(limits.textCharsMax()));
    }
    if (kind == Block.Kind.CODE) {
      text.append(characters);
      return;
    }
    for (int i = 0; i < characters.length(); i++) {
      char c = characters.charAt(i);
      boolean white = Character.isWhitespace(c) || c == '\u00a0';
      if (!white) {
        text.append(c);
      } else if (!text.isEmpty() && !Character.isWhitespace(text.charAt(text.length() - 1))) {
        text.append(' ');
      }
    }
  }

  /** The title that the format's own description of the document has. */
  public void title(String title) {
    builder.title(title);
  }

  public Extracted finish() {
    flush();
    return builder.build();
  }

  private void begin(Block.Kind newKind, int newLevel) {
    flush();
    kind = newKind;
    level = newLevel;
  }

  private void lineBreak() {
    if (kind == Block.Kind.HEADING || titleDepth > 0) {
      characters(" ");
      return;
    }
    while (kind != Block.Kind.CODE
        && !text.isEmpty()
        && text.charAt(text.length() - 1) == ' '
        && !endsItem()) {
      text.setLength(text.length() - 1);
    }
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n' && !endsItem()) {
      text.append('\n');
    }
  }

  /** Whether an item has begun and has no text yet: a paragraph inside it breaks no line. */
  private boolean endsItem() {
    int length = text.length();
    return lists > 0
        && length >= 2
        && text.charAt(length - 1) == ' '
        && (text.charAt(length - 2) == '-' || text.charAt(length - 2) == ' ')
        && (length == 2 || text.charAt(length - 3) == '\n');
  }

  /** A paragraph's end; inside of lists and tables only of a line, inside a cell of nothing. */
  private void breakBlock() {
    if (titleDepth > 0) {
      return;
    }
    if (tables > 0) {
      characters(" ");
    } else if (lists > 0 || kind == Block.Kind.CODE) {
      lineBreak();
    } else {
      flush();
    }
  }

  private void flush() {
    String content = kind == Block.Kind.HEADING ? ExtractedBuilder.squeezed(text) : text.toString();
    text.setLength(0);
    builder.add(kind, kind == Block.Kind.HEADING ? level : 0, content);
    kind = tables > 0 ? Block.Kind.TABLE : lists > 0 ? Block.Kind.LIST : Block.Kind.PARAGRAPH;
    level = 0;
  }

  private static boolean isBlock(String name) {
    return switch (name) {
      case "p",
          "div",
          "section",
          "article",
          "main",
          "header",
          "aside",
          "blockquote",
          "body",
          "html",
          "address",
          "figure",
          "figcaption",
          "details",
          "summary",
          "hr",
          "form",
          "fieldset",
          "caption",
          "center" ->
          true;
      default -> false;
    };
  }

  static ElanusException tooDeep(ParseLimits limits) {
    return new ElanusException(
        ErrorCode.INVALID_ARGUMENT,
        "its parts are nested more than %d deep".formatted(limits.depthMax()));
  }
}
