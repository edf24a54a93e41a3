package io.elanus.extract.markup;

import io.elanus.rag.parse.Extracted;
import io.elanus.rag.parse.ParseLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.commonmark.ext.front.matter.YamlFrontMatterBlock;
import org.commonmark.ext.front.matter.YamlFrontMatterExtension;
import org.commonmark.ext.front.matter.YamlFrontMatterNode;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/** Markdown by commonmark, with GitHub's tables and a title in front matter. */
public final class MarkdownReader {
  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create(), YamlFrontMatterExtension.create()))
          .build();

  private MarkdownReader() {}

  public static Extracted read(byte[] content, ParseLimits limits) {
    String text = new String(content, StandardCharsets.UTF_8);
    Node root = PARSER.parse(text.startsWith("\ufeff") ? text.substring(1) : text);
    BlockWriter writer = new BlockWriter(limits);
    walk(root, writer, limits);
    return writer.finish();
  }

  /** By hand and not by recursion, however deep it is. */
  private static void walk(Node root, BlockWriter writer, ParseLimits limits) {
    Node node = root;
    int depth = 0;
    while (true) {
      enter(node, writer, limits);
      @Nullable Node child = node.getFirstChild();
      if (child != null) {
        node = child;
        if (++depth > limits.depthMax()) {
          throw BlockWriter.tooDeep(limits);
        }
        continue;
      }
      leave(node, writer);
      @Nullable Node next = node == root ? null : node.getNext();
      while (next == null && node != root) {
        @Nullable Node parent = node.getParent();
        if (parent == null) {
          throw new IllegalStateException("a node outside of its document");
        }
        node = parent;
        depth--;
        leave(node, writer);
        next = node == root ? null : node.getNext();
      }
      if (next == null) {
        return;
      }
      node = next;
    }
  }

  private static void enter(Node node, BlockWriter writer, ParseLimits limits) {
    switch (node) {
      case Text text -> writer.characters(text.getLiteral());
      case Code code -> writer.characters(code.getLiteral());
      case SoftLineBreak ignored -> writer.characters(" ");
      case HardLineBreak ignored -> {
        writer.start("br");
        writer.end("br");
      }
      case FencedCodeBlock code -> preformatted(code.getLiteral(), writer);
      case IndentedCodeBlock code -> preformatted(code.getLiteral(), writer);
      case HtmlBlock html -> HtmlReader.fragment(html.getLiteral(), writer, limits);
      case YamlFrontMatterNode matter -> {
        if (matter.getKey().equals("title") && !matter.getValues().isEmpty()) {
          writer.title(matter.getValues().getFirst());
        }
      }
      default -> {
        String name = element(node);
        if (!name.isEmpty()) {
          writer.start(name);
        }
      }
    }
  }

  private static void preformatted(String literal, BlockWriter writer) {
    writer.start("pre");
    writer.characters(literal);
    writer.end("pre");
  }

  private static void leave(Node node, BlockWriter writer) {
    String name = element(node);
    if (!name.isEmpty()) {
      writer.end(name);
    }
  }

  private static String element(Node node) {
    return switch (node) {
      case Heading heading -> "h" + heading.getLevel();
      case Paragraph ignored -> "p";
      case BulletList ignored -> "ul";
      case OrderedList ignored -> "ol";
      case ListItem ignored -> "li";
      case BlockQuote ignored -> "blockquote";
      case TableBlock ignored -> "table";
      case TableRow ignored -> "tr";
      case TableCell ignored -> "td";
      case YamlFrontMatterBlock ignored -> "";
      default -> "";
    };
  }
}
