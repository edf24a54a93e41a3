package io.elanus.extract.markup;

import io.elanus.rag.parse.Extracted;
import io.elanus.rag.parse.ParseLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;

/** HTML by jsoup: what a page says, without what leads around in it. */
public final class HtmlReader {
  private static final Pattern CHARSET =
      Pattern.compile("charset=\"?([A-Za-z0-9._:-]{1,40})", Pattern.CASE_INSENSITIVE);

  private static final Set<String> LEFT_OUT =
      Set.of(
          "script",
          "style",
          "noscript",
          "template",
          "svg",
          "math",
          "nav",
          "footer",
          "button",
          "select",
          "input",
          "textarea",
          "iframe",
          "object",
          "canvas",
          "head");

  private HtmlReader() {}

  /**
   * @param contentType whose charset, where it names one, goes before the page's own
   */
  public static Extracted read(byte[] content, String contentType, ParseLimits limits) {
    Matcher charset = CHARSET.matcher(contentType);
    Document page;
    try {
      page =
          Jsoup.parse(
              new ByteArrayInputStream(content), charset.find() ? charset.group(1) : null, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    BlockWriter writer = new BlockWriter(limits);
    Element title = page.head().selectFirst("title");
    if (title != null) {
      writer.title(title.text());
    }
    Element main = page.body().selectFirst("main");
    walk(main == null ? page.body() : main, writer, limits);
    return writer.finish();
  }

  /** Markup inside of other formats. */
  static void fragment(String html, BlockWriter writer, ParseLimits limits) {
    walk(Jsoup.parseBodyFragment(html).body(), writer, limits);
  }

  /** By hand and not by recursion, however deep it is. */
  private static void walk(Element root, BlockWriter writer, ParseLimits limits) {
    Node node = root;
    int depth = 0;
    while (true) {
      boolean down = enter(node, writer);
      if (down && node.childNodeSize() > 0) {
        node = node.childNode(0);
        if (++depth > limits.depthMax()) {
          throw BlockWriter.tooDeep(limits);
        }
        continue;
      }
      if (down) {
        leave(node, writer);
      }
      while (node != root && node.nextSibling() == null) {
        node = parent(node);
        depth--;
        leave(node, writer);
      }
      if (node == root) {
        return;
      }
      node = sibling(node);
    }
  }

  private static Node parent(Node node) {
    @Nullable Node parent = node.parent();
    if (parent == null) {
      throw new IllegalStateException("a node outside of its page");
    }
    return parent;
  }

  private static Node sibling(Node node) {
    @Nullable Node next = node.nextSibling();
    if (next == null) {
      throw new IllegalStateException("no sibling");
    }
    return next;
  }

  private static boolean enter(Node node, BlockWriter writer) {
    if (node instanceof TextNode words) {
      writer.characters(words.getWholeText());
      return false;
    }
    if (!(node instanceof Element element) || isLeftOut(element)) {
      return false;
    }
    writer.start(element.normalName());
    return true;
  }

  private static void leave(Node node, BlockWriter writer) {
    if (node instanceof Element element) {
      writer.end(element.normalName());
    }
  }

  private static boolean isLeftOut(Element element) {
    return LEFT_OUT.contains(element.normalName())
        || element.hasAttr("hidden")
        || element.attr("aria-hidden").equals("true")
        || element.hasClass("headerlink")
        || element.hasClass("anchor-link");
  }
}
